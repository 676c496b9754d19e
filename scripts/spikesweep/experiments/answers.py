"""What every image was answered, so that settings can be compared image by image.

Accuracies of two settings on the same images differ by much less than their intervals say: most
images are recognised by both, or by neither. Tables hold accuracies; this file beside them holds
the images.
"""

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from spikesweep.errors import UserError
from spikesweep.files import atomic_path

# Read-outs that are kept, at most: evenly spaced, the last step among them.
_MOST_POINTS = 12

Bits = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Answers:
    """Whether each image was recognised, at each setting, read at some steps.

    steps: (points,) ascending, the last being the last step.
    correct, equal_to_ann: (settings, points, images), whether the class is the image's, and the
        one that the trained network gives; settings in the order of the rows of the table.
    ann_correct: (images,), whether the trained network is right.
    images: (images,), where each stands in its part of the dataset.
    draws: (images,), which draw of the initial voltages it was shown to.
    """

    steps: NDArray[np.int64]
    correct: Bits
    equal_to_ann: Bits
    ann_correct: Bits
    images: NDArray[np.int64]
    draws: NDArray[np.int64]

    @property
    def final(self) -> Bits:
        """(settings, images), whether each image is recognised at the last step."""
        return self.correct[:, -1]


def kept_steps(steps: int) -> NDArray[np.int64]:
    """The steps after which answers are kept, ascending, out of `steps`."""
    points = min(steps, _MOST_POINTS)
    return np.rint(np.linspace(steps / points, steps, points)).astype(np.int64)


def save_answers(answers: Answers, path: str | Path) -> None:
    """Write an .npz in which eight bits share a byte."""
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file,
            steps=answers.steps,
            images=answers.images,
            draws=answers.draws,
            ann_correct=answers.ann_correct,
            correct=np.packbits(answers.correct, axis=-1),
            equal_to_ann=np.packbits(answers.equal_to_ann, axis=-1),
        )


def load_answers(path: str | Path) -> Answers:
    """Read a file written by `save_answers`.

    Raises UserError for any other file.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            count = len(file["images"])
            return Answers(
                steps=file["steps"],
                correct=np.unpackbits(file["correct"], axis=-1, count=count).astype(bool),
                equal_to_ann=np.unpackbits(file["equal_to_ann"], axis=-1, count=count).astype(bool),
                ann_correct=file["ann_correct"],
                images=file["images"],
                draws=file["draws"],
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise UserError(
            f"{path}: not the answers of a sweep ({error}); delete it and run the workflow again"
        ) from None
