"""The order of the training images, and their random changes, from a seed alone."""

from collections.abc import Iterator

import numpy as np


def shuffled_batches(
    indices: np.ndarray, batch_size: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """All indices once, in random order, as batches of exactly `batch_size`.

    The rest that fills no batch is left out; another epoch's order leaves out others.
    """
    order = rng.permutation(indices)
    for start in range(0, len(order) - batch_size + 1, batch_size):
        yield order[start : start + batch_size]


def augment(images: np.ndarray, *, flip: bool, shift: int, rng: np.random.Generator) -> np.ndarray:
    """Randomly mirrored and shifted copies of uint8 images (N, H, W, C); same shape."""
    if flip:
        mirrored = rng.random(len(images)) < 0.5
        images = np.where(mirrored[:, None, None, None], images[:, :, ::-1], images)
    if shift:
        images = _shifted(images, shift, rng)
    return images


def _shifted(images: np.ndarray, shift: int, rng: np.random.Generator) -> np.ndarray:
    count, height, width, _ = images.shape
    padded = np.pad(images, ((0, 0), (shift, shift), (shift, shift), (0, 0)))
    top, left = rng.integers(0, 2 * shift + 1, size=(2, count))
    rows = top[:, None, None] + np.arange(height)[:, None]
    columns = left[:, None, None] + np.arange(width)
    return padded[np.arange(count)[:, None, None], rows, columns]
