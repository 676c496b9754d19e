"""What every image was answered in a study, beside the rows of its tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikesweep.errors import UserError
from spikesweep.experiments.answers import Answers, load_answers
from spikesweep.tables import read_table

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Answered:
    """Tables of one network, one per seed, each with the answers of its rows at the last step.

    tables: rows numbered from 0. correct: per seed (rows, images). ann_correct: (seeds, images).
    draws: (images,) which draw of the initial voltages each image was shown to.
    images: (images,) where each stands in its part of the dataset.
    """

    network: str
    tables: tuple[pd.DataFrame, ...]
    correct: tuple[NDArray[np.bool_], ...]
    ann_correct: NDArray[np.bool_]
    draws: NDArray[np.int64]
    images: NDArray[np.int64]

    @property
    def ann_accuracy(self) -> float:
        """Mean over seeds and images."""
        return float(self.ann_correct.mean())


def answered(tables: Sequence[str | Path], answers: Sequence[str | Path]) -> Iterator[Answered]:
    """Each network of these tables with its answers; the files of both are in the same order.

    A table without rows says nothing, and is left out.

    Raises UserError if seeds of a network saw other images, or answers are not of their table.
    """
    of_networks: dict[str, list[tuple[pd.DataFrame, Answers, str]]] = {}
    for table_path, answers_path in zip(tables, answers, strict=True):
        table, found = read_table(table_path), load_answers(answers_path)
        if len(table) != len(found.correct):
            raise UserError(
                f"{answers_path}: answers at {len(found.correct)} settings, but its table has "
                f"{len(table)}; delete both and run the workflow again"
            )
        if table.empty:
            continue
        of_networks.setdefault(str(table["network"].iloc[0]), []).append(
            (table, found, str(answers_path))
        )
    for network, seeds in of_networks.items():
        first = seeds[0][1]
        for _, found, path in seeds:
            if not np.array_equal(found.images, first.images):
                raise UserError(
                    f"{path}: other images than in {seeds[0][2]}; "
                    "delete both and run the workflow again"
                )
        yield Answered(
            network=network,
            tables=tuple(table for table, _, _ in seeds),
            correct=tuple(found.final for _, found, _ in seeds),
            ann_correct=np.array([found.ann_correct for _, found, _ in seeds]),
            draws=first.draws,
            images=first.images,
        )
