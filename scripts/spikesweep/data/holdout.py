"""A test part for a user's dataset that has none."""

import numpy as np

from spikesweep.data.splits import train_validation_split
from spikesweep.errors import UserError

Part = tuple[np.ndarray, np.ndarray]


def train_and_test(
    train: Part, test: Part | None, test_share: float | None, test_seed: int, where: str
) -> tuple[Part, Part]:
    """Return (train, test): as given, or `test_share` of `train` held out by `test_seed`.

    Raises UserError if both or neither of `test` and `test_share` are given.
    """
    if test is not None:
        if test_share is not None:
            raise UserError(f"{where} has its own test part: remove test_share from the config")
        return train, test
    if test_share is None:
        raise UserError(f"{where} has no test part: set test_share (0 to 1) to hold one out")
    images, labels = train
    test_images = round(test_share * len(labels))
    if not 0 < test_images < len(labels):
        raise UserError(
            f"{where}: test_share {test_share} of {len(labels)} images is {test_images}; "
            f"both parts need at least one image"
        )
    kept, held_out = train_validation_split(labels, test_images, test_seed)
    return (images[kept], labels[kept]), (images[held_out], labels[held_out])
