"""Kernels of other convolutions, written as that of a plain one: zeros where nothing connects.

A plain kernel is (height, width, channels in, channels out), for cross-correlation with channels
last. Zero weights cost nothing: `snn.fan_out` counts only connections that are not zero.
"""

import numpy as np


def dilated(kernel: np.ndarray, rate: tuple[int, int]) -> np.ndarray:
    """With `rate` - 1 rows and columns of zeros between those of a kernel."""
    height, width, *channels = kernel.shape
    spread = np.zeros(
        ((height - 1) * rate[0] + 1, (width - 1) * rate[1] + 1, *channels), kernel.dtype
    )
    spread[:: rate[0], :: rate[1]] = kernel
    return spread


def grouped(kernel: np.ndarray, groups: int) -> np.ndarray:
    """Of a convolution in groups, (h, w, in / groups, out): each group reads its own channels."""
    height, width, read, written = kernel.shape
    per_group = written // groups
    plain = np.zeros((height, width, read * groups, written), kernel.dtype)
    for group in range(groups):
        inputs = slice(group * read, (group + 1) * read)
        outputs = slice(group * per_group, (group + 1) * per_group)
        plain[:, :, inputs, outputs] = kernel[:, :, :, outputs]
    return plain


def depthwise(kernel: np.ndarray) -> np.ndarray:
    """Of a depthwise convolution, (h, w, in, multiplier): each channel is read alone."""
    height, width, channels, multiplier = kernel.shape
    return grouped(kernel.reshape(height, width, 1, channels * multiplier), channels)


def separable(kernel: np.ndarray, pointwise: np.ndarray) -> np.ndarray:
    """A depthwise kernel (h, w, in, multiplier), followed by (1, 1, in * multiplier, out).

    Nothing spikes between the two, so they are one convolution, and it is this one whose
    connections a spike must pass.
    """
    channels, multiplier = kernel.shape[2:]
    mixing = pointwise.reshape(channels, multiplier, -1)
    return np.einsum("hwcm,cmo->hwco", kernel, mixing).astype(kernel.dtype)
