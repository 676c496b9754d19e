"""When and how an answer is read; a single simulation gives the answers of all readings."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from spikesweep.simulation.setting import Setting
from spikesweep.tables import SETTING_COLUMNS

# The columns that identify a candidate in a table.
CANDIDATE_COLUMNS = [*SETTING_COLUMNS, "steps", "readout"]
# The `mean` is over the last third of the presentation: late enough for the signal to have passed
# all layers, long enough to average out spikes.
_AVERAGED_SHARE = 3


@dataclass(frozen=True)
class Reading:
    """The answer after `steps` time steps; what happens later costs nothing.

    readout: `last`, the class with the highest score after the last of these steps, or that with
        the highest mean score over the last `averaged_steps`: `mean`, a third of the steps, or
        `whole`, all of them.
    """

    steps: int
    readout: str

    @property
    def averaged_steps(self) -> int:
        """Number of scores of which the answer is made."""
        third = max(1, self.steps // _AVERAGED_SHARE)
        return {"last": 1, "mean": third, "whole": self.steps}[self.readout]

    def scores(self, scores: np.ndarray) -> np.ndarray:
        """The scores that are read, (images, classes), of all, (images, steps or more, classes)."""
        return scores[:, self.steps - self.averaged_steps : self.steps].mean(axis=1)

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
