"""Which images a network is trained on, and which are kept apart."""

import numpy as np

from spikesweep.data.splits import subset, train_validation_split
from spikesweep.errors import UserError
from spikesweep.training.settings import TrainingSettings


def choose_images(
    labels: np.ndarray, settings: TrainingSettings, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the images trained on and of the validation images, both ascending.

    labels: (N,), of the training part only. The validation images are taken first, so
    they are the same however many of the others are trained on.

    Raises UserError if more images are asked for than there are.
    """
    train, validation = train_validation_split(labels, settings.validation_images, seed)
    if settings.training_images is None:
        return train, validation
    if settings.training_images > len(train):
        raise UserError(
            f"training.training_images is {settings.training_images}, but only {len(train)} "
            f"images are left besides {len(validation)} for validation: reduce one of the two"
        )
    return np.sort(train[subset(labels[train], settings.training_images, seed)]), validation
