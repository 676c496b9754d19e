"""ZCA whitening of small patches, as one convolution.

Whitening removes the correlation between neighbouring pixels and between channels: each output has
mean 0 and variance 1, and as little in common with its neighbours as the size of a patch
allows; of all such transformations, ZCA changes the image least. Source: Krizhevsky (2009),
"Learning multiple layers of features from tiny images", appendix A; on patches as Coates, Ng
and Lee (2011), "An analysis of single-layer networks in unsupervised feature learning".
Here the patch around each pixel is whitened, and the pixel in its middle is kept.
"""

from dataclasses import dataclass

import numpy as np

from spikesweep.data.inputs import scale_images
from spikesweep.data.scaling import Numbers

_PATCH_SIZE = 5
_PATCHES = 100_000
# Added to each variance, as a share of their mean (Coates, Ng and Lee use 0.1 at a mean of 1):
# what varies less is mostly noise.
_REGULARISATION = 0.1


@dataclass(frozen=True, eq=False)
class Whitening:
    """A convolution that keeps the size of the image.

    kernel: (size, size, channels, channels) float32; bias: (channels,) float32.
    """

    kernel: np.ndarray
    bias: np.ndarray


def patch_whitening(
    images: np.ndarray, input_scale: Numbers, input_offset: Numbers, seed: int
) -> Whitening:
    """The convolution that whitens images like these, times input_scale plus input_offset.

    images: (N, H, W, C) uint8. seed: chooses the patches that it is computed from.
    """
    patches = random_patches(images, (_PATCH_SIZE, _PATCH_SIZE), seed)
    patches = scale_images(patches, input_scale, input_offset)
    patches = patches.reshape(len(patches), -1).astype(np.float64)
    matrix = zca(patches, _REGULARISATION)
    channels = images.shape[-1]
    middle = matrix.reshape(_PATCH_SIZE**2, channels, -1)[_PATCH_SIZE**2 // 2]
    kernel = middle.T.reshape(_PATCH_SIZE, _PATCH_SIZE, channels, channels)
    bias = -middle @ patches.mean(axis=0)
    return Whitening(kernel.astype(np.float32), bias.astype(np.float32))


def zca(patches: np.ndarray, regularisation: float) -> np.ndarray:
    """The symmetric matrix (D, D) that whitens vectors (N, D) once their mean is subtracted.

    W = E (L + r mean(L))^(-1/2) E', where E L E' is the covariance of the vectors, L its
    eigenvalues, and r the regularisation.
    """
    variances, directions = np.linalg.eigh(np.cov(patches, rowvar=False))
    # Rounding makes a variance of zero a little negative.
    variances = np.maximum(variances, 0) + regularisation * variances.mean()
    return (directions / np.sqrt(variances)) @ directions.T


def random_patches(images: np.ndarray, size: tuple[int, int], seed: int) -> np.ndarray:
    """Patches (N, *size, C) of images (N, H, W, C), of the same type as these."""
    windows = np.lib.stride_tricks.sliding_window_view(images, size, axis=(1, 2))
    rng = np.random.default_rng(seed)
    image, row, column = (rng.integers(0, count, _PATCHES) for count in windows.shape[:3])
    return windows[image, row, column].transpose(0, 2, 3, 1)
