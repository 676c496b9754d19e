"""When and how an answer is read; a single simulation gives the answers of all readings."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from spikesweep.simulation.readout import averaged_steps, read_after
from spikesweep.simulation.setting import Setting
from spikesweep.tables import SETTING_COLUMNS

# The columns that identify a candidate in a table.
CANDIDATE_COLUMNS = [*SETTING_COLUMNS, "steps", "readout"]


@dataclass(frozen=True)
class Reading:
    """The answer after `steps` time steps; what happens later costs nothing.

    readout: one of `READ_OUTS`: the answer is the class with the highest mean score over the last
        `averaged_steps`.
    """

    steps: int
    readout: str

    @property
    def averaged_steps(self) -> int:
        """Number of scores of which the answer is made."""
        return averaged_steps(self.readout, self.steps)

    def scores(self, scores: np.ndarray) -> np.ndarray:
        """The scores that are read, (images, classes), of all, (images, steps or more, classes)."""
        return read_after(scores, self.readout, self.steps)

    def classes(self, scores: np.ndarray) -> np.ndarray:
        """The answers, (images,); scores: (images, steps or more, classes)."""
        return self.scores(scores).argmax(axis=1)


@dataclass(frozen=True)
class Candidate:
    """What is recommended: a setting, and when and how its answer is read."""

    setting: Setting
    reading: Reading

    @classmethod
    def from_table(cls, row: pd.Series) -> "Candidate":
        """The candidate of a table's row, see `CANDIDATE_COLUMNS`."""
        setting = Setting.from_table(*row[SETTING_COLUMNS])
        return cls(setting, Reading(int(row["steps"]), row["readout"]))


def readings(steps: Iterable[int], readouts: Iterable[str]) -> list[Reading]:
    """Every presentation time with every read-out, the shortest time first."""
    return [Reading(*pair) for pair in product(sorted(steps), readouts)]
