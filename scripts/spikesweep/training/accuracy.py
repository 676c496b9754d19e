"""Accuracy of a network without spikes, with its interval."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.data.dataset import Dataset
from spikesweep.data.scaling import Numbers
from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES, accuracy_interval

# Outputs (N, classes), float32, of a network for images (N, H, W, C) uint8.
Outputs = Callable[[np.ndarray], np.ndarray]

# A whole dataset as float32 would need gigabytes.
_IMAGES_AT_ONCE = 500


def correct_answers(
    outputs: Outputs, data: Dataset, train: np.ndarray, validation: np.ndarray
) -> dict[str, np.ndarray]:
    """Whether a trained network recognises each train, validation and test image: (images,) bool.

    train, validation: indices into the training part.
    """
    parts = {
        "train": (data.x_train[train], data.y_train[train]),
        "validation": (data.x_train[validation], data.y_train[validation]),
        "test": (data.x_test, data.y_test),
    }
    return {
        split: outputs(images).argmax(axis=1) == labels for split, (images, labels) in parts.items()
    }


def accuracy_table(correct: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The rows of accuracy.csv: one per split. correct: as `correct_answers` gives them."""
    return pd.DataFrame(accuracy_row(split, answers) for split, answers in correct.items())


def outputs_of(
    model: Callable[..., Any],
    input_scale: Numbers,
    input_offset: Numbers,
    *,
    compiled: bool = True,
) -> Outputs:
    """What a Keras 2 or Keras 3 model puts out for images times input_scale plus input_offset.

    Compiled at its first call; it always computes with the weights that the model has by then.
    """
    import tensorflow as tf

    scale, offset = (np.asarray(numbers, np.float32) for numbers in (input_scale, input_offset))

    def of_batch(pixels: tf.Tensor) -> tf.Tensor:
        return model(tf.cast(pixels, tf.float32) * scale + offset, training=False)

    if compiled:
        of_batch = tf.function(of_batch, reduce_retracing=True)

    def outputs(images: np.ndarray) -> np.ndarray:
        starts = range(0, len(images), _IMAGES_AT_ONCE)
        batches = (images[start : start + _IMAGES_AT_ONCE] for start in starts)
        return np.concatenate([of_batch(batch).numpy() for batch in batches])

    return outputs


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
