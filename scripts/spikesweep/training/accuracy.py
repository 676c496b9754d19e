"""Accuracy of a network without spikes, with its interval."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from spikesweep.data.dataset import Dataset
from spikesweep.data.inputs import scale_images
from spikesweep.data.scaling import Numbers
from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES, accuracy_interval

_IMAGES_AT_ONCE = 500


def accuracy_table(
    model: Callable[..., np.ndarray],
    data: Dataset,
    train: np.ndarray,
    validation: np.ndarray,
    input_scale: Numbers,
    input_offset: Numbers,
) -> pd.DataFrame:
    """The rows of accuracy.csv of a trained network: train, validation and test images.

    train, validation: indices into the training part.
    """
    parts = {
        "train": (data.x_train[train], data.y_train[train]),
        "validation": (data.x_train[validation], data.y_train[validation]),
        "test": (data.x_test, data.y_test),
    }
    rows = []
    for split, (images, labels) in parts.items():
        outputs = predict(model, images, input_scale, input_offset)
        rows.append(accuracy_row(split, outputs.argmax(axis=1) == labels))
    return pd.DataFrame(rows)


def predict(
    model: Callable[..., np.ndarray],
    images: np.ndarray,
    input_scale: Numbers,
    input_offset: Numbers,
) -> np.ndarray:
    """Outputs (N, classes), float32, of a Keras 2 or Keras 3 model for uint8 images."""
    # A few images at a time: a whole dataset as float32 would need gigabytes.
    starts = range(0, len(images), _IMAGES_AT_ONCE)
    parts = (images[start : start + _IMAGES_AT_ONCE] for start in starts)
    return np.concatenate(
        [
            np.asarray(model(scale_images(p, input_scale, input_offset), training=False))
            for p in parts
        ]
    )


def accuracy_row(split: str, correct: np.ndarray) -> dict[str, object]:
    """One row of accuracy.csv from one boolean per image."""
    right = int(np.sum(correct))
    accuracy, low, high = accuracy_interval(right, len(correct), CONFIDENCE_OF_ACCURACIES)
    return {
        "split": split,
        "images": len(correct),
        "accuracy": accuracy,
        "accuracy_low": low,
        "accuracy_high": high,
    }
