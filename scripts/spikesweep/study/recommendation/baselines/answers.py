"""What each image was answered by the candidates that were judged, see `candidate_table`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from spikesweep.experiments.readings import Candidate
from spikesweep.files import atomic_path
from spikesweep.study.recommendation.evaluate import Evaluator


@dataclass(frozen=True, eq=False)
class JudgedAnswers:
    """Of the candidates in the order of their table, all seeds on as many images each.

    correct: (candidates, seeds, images) bool. synops: (candidates, seeds), per image.
    images: (seeds, images), where each stands in its part of the dataset.
    """

    correct: np.ndarray
    synops: np.ndarray
    images: np.ndarray

    def of(self, seed: int, images: np.ndarray) -> np.ndarray:
        """(candidates, images), whether these images of one seed, counted from 0, are right."""
        places = {image: place for place, image in enumerate(self.images[seed])}
        return self.correct[:, seed, [places[image] for image in images]]


def save_judged(candidates: pd.DataFrame, judge: Evaluator, path: str | Path) -> None:
    """Write the answers of all candidates, which `judge` knows."""
    found = [judge.outcomes(Candidate.from_table(row)) for _, row in candidates.iterrows()]
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file,
            correct=np.array([[one.correct for one in of_seeds] for of_seeds in found]),
            synops=np.array([[one.synops_per_image for one in of_seeds] for of_seeds in found]),
            images=np.array([one.sample.indices for one in judge.experiments.values()]),
        )


def load_judged(path: str | Path) -> JudgedAnswers:
    """Read a file written by `save_judged`."""
    with np.load(path, allow_pickle=False) as file:
        return JudgedAnswers(file["correct"], file["synops"], file["images"])
