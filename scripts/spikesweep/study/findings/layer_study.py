"""The layer-scaling study of one network, image by image: early layers against late ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikesweep.experiments.answered import Answered
from spikesweep.study.layer_scaling.gains import layers_of
from spikesweep.study.layer_scaling.paired import LevelContrast, halves, level_contrasts

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LayerStudy:
    """Both halves of a network's layers at each level.

    contrasts: by operating point, those of each seed. draws: (images,).
    """

    network: str
    ann_accuracy: float
    draws: NDArray[np.int64]
    contrasts: dict[float, list[list[LevelContrast]]]

    def differences(
        self, comparison: str, half: str, ceiling: float
    ) -> dict[float, dict[int, Array]]:
        """Accuracy of a half less that of the other, (images,), by operating point and seed.

        half: `early` or `late`. A level counts if its accuracy lies below the ceiling. Each seed
        has the mean over those that it reaches, so that it does not depend on other seeds; a seed
        that reaches none is left out, and so is a point that no seed reaches.
        """
        sign = 1 if half == "early" else -1
        found: dict[float, dict[int, Array]] = {}
        for point, of_seeds in sorted(self.contrasts.items()):
            chosen = [
                [contrast for contrast in contrasts if contrast.comparison == comparison]
                for contrasts in of_seeds
            ]
            levels = _below(ceiling, chosen)
            for seed, contrasts in enumerate(chosen):
                voting = [contrast for contrast in contrasts if contrast.level in levels]
                if voting:
                    differences = [contrast.early - contrast.late for contrast in voting]
                    found.setdefault(point, {})[seed] = sign * np.mean(differences, axis=0)
        return found


def layer_studies(studies: Iterable[Answered], matched: pd.DataFrame) -> dict[str, LayerStudy]:
    """Each network's study, by its name. matched: the result of `matched_budgets` for them."""
    return {study.network: _study(study, matched) for study in studies}


def _study(study: Answered, matched: pd.DataFrame) -> LayerStudy:
    points = {point for table in study.tables for point in table["operating_point"]}
    names = [set(table["subset"].dropna()) for table in study.tables]
    both = halves(layers_of(study.tables[0]), sorted(set.intersection(*names)))
    return LayerStudy(
        network=study.network,
        ann_accuracy=study.ann_accuracy,
        draws=study.draws,
        contrasts={
            point: [
                level_contrasts(study, matched, seed, point, *both)
                for seed in range(len(study.tables))
            ]
            for point in points
            if both
        },
    )


def _below(ceiling: float, of_seeds: Sequence[Sequence[LevelContrast]]) -> set[float]:
    """The levels at which the mean of both halves, over the seeds, lies below the ceiling.

    The mean of two accuracies says nothing of their difference, so this favours neither half.
    """
    accuracies: dict[float, list[float]] = {}
    for contrast in (contrast for contrasts in of_seeds for contrast in contrasts):
        both = float(contrast.early.mean() + contrast.late.mean()) / 2
        accuracies.setdefault(contrast.level, []).append(both)
    return {level for level, values in accuracies.items() if np.mean(values) < ceiling}
