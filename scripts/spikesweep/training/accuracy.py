"""Accuracy of a network without spikes, with its interval."""

from collections.abc import Callable
from math import sqrt

import numpy as np

from spikesweep.networks.inputs import scale_images
from spikesweep.networks.scaling import Numbers

# Quantile of the normal distribution that leaves 2.5 % on each side.
_Z95 = 1.959963984540054

_IMAGES_AT_ONCE = 500


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
    hits, images = int(np.sum(correct)), len(correct)
    low, high = wilson_interval(hits, images)
    return {
        "split": split,
        "images": images,
        "accuracy": hits / images if images else float("nan"),
        "accuracy_low": low,
        "accuracy_high": high,
    }


def wilson_interval(hits: int, trials: int) -> tuple[float, float]:
    """95 % score interval of a proportion (Wilson 1927); 0 to 1 if nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    share = hits / trials
    center = share + _Z95**2 / (2 * trials)
    half = _Z95 * sqrt(share * (1 - share) / trials + _Z95**2 / (4 * trials**2))
    shrink = 1 + _Z95**2 / trials
    return max(0.0, (center - half) / shrink), min(1.0, (center + half) / shrink)
