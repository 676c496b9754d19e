"""The order of the training images, and their random changes, from a seed alone."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from spikesweep.training.settings import TrainingSettings


def shuffled_batches(
    indices: np.ndarray, batch_size: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """All indices once, in random order, as batches of exactly `batch_size`.

    Images left over after the last full batch are left out; each epoch leaves out others.
    """
    order = rng.permutation(indices)
    for start in range(0, len(order) - batch_size + 1, batch_size):
        yield order[start : start + batch_size]


def mirrored_in_turn(images: int, epoch: int, seed: int) -> np.ndarray:
    """Which images an epoch mirrors if they are mirrored in turn: (images,) booleans.

    epoch: its number; the next one mirrors all others.
    seed: chooses which half is mirrored in the first.
    """
    # Apart from the order of the images, which is drawn from the seed alone.
    first = np.random.default_rng([seed, 1]).random(images) < 0.5
    return first if epoch % 2 else ~first


def augment(
    images: np.ndarray,
    settings: TrainingSettings,
    rng: np.random.Generator,
    mirrored: np.ndarray | None = None,
) -> np.ndarray:
    """Copies of uint8 images (N, H, W, C), changed at random as the settings ask.

    Mirrored first, then rotated, shifted, made noisy and cut out; still uint8, of the same shape.
    If no change is asked for, the images themselves.

    mirrored: (N,) booleans, which images a flip mirrors; without it, half of them by chance.
    """
    if settings.flip:
        if mirrored is None:
            mirrored = rng.random(len(images)) < 0.5
        images = images.copy()
        images[mirrored] = images[mirrored][:, :, ::-1]
    if settings.rotation_degrees:
        images = _rotated(images, settings.rotation_degrees, rng)
    if settings.shift:
        images = _shifted(images, settings.shift, settings.shift_fill, rng)
    if settings.noise:
        images = _noisy(images, settings.noise, rng)
    if settings.cut_out:
        images = _cut_out(images, settings.cut_out, rng)
    return images


def _rotated(images: np.ndarray, degrees: float, rng: np.random.Generator) -> np.ndarray:
    rotated = np.empty_like(images)
    angles = rng.uniform(-degrees, degrees, len(images))
    for target, image, angle in zip(rotated, images, angles, strict=True):
        # For Pillow, an image of one channel has two dimensions.
        turned = Image.fromarray(image.squeeze()).rotate(angle, Image.Resampling.BILINEAR)
        target[:] = np.asarray(turned).reshape(image.shape)
    return rotated


def _shifted(images: np.ndarray, shift: int, fill: str, rng: np.random.Generator) -> np.ndarray:
    count, height, width, _ = images.shape
    margins = ((0, 0), (shift, shift), (shift, shift), (0, 0))
    padded = np.pad(images, margins, mode="reflect" if fill == "reflect" else "constant")
    top, left = rng.integers(0, 2 * shift + 1, size=(2, count))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(1, 2))
    return windows[np.arange(count), top, left].transpose(0, 2, 3, 1)


def _noisy(images: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    noisy = images + 255 * noise * rng.standard_normal(images.shape, np.float32)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def _cut_out(images: np.ndarray, side: int, rng: np.random.Generator) -> np.ndarray:
    """A square of each image becomes black; its middle is anywhere with the same probability.

    The middle is a pixel if the side is odd, else a corner between pixels.
    """
    images = images.copy()
    rows, columns = (
        (rng.integers(0, size + 1 - side % 2, len(images)) - side // 2).tolist()
        for size in images.shape[1:3]
    )
    for image, top, left in zip(images, rows, columns, strict=True):
        image[max(top, 0) : top + side, max(left, 0) : left + side] = 0
    return images
