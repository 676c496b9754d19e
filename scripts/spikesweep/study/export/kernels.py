"""Kernels and windows as NIR has them: channels first, padded alike on both sides, square.

NIR 1.0 pads the same above and below, and computes the shape of an output from the height of the
kernel alone, so a kernel must be square. Zeros around a kernel make both possible: a window of a
larger kernel starts earlier and ends later, and sees the same.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np

from spikesweep.snn.layers import Conv2D
from spikesweep.study.export.refused import NotExpressibleError

# Zeros before and after the image: ((top, bottom), (left, right)).
Padding = tuple[tuple[int, int], tuple[int, int]]
NO_PADDING: Padding = ((0, 0), (0, 0))


def padding_of(layer: Conv2D, shape: Sequence[int]) -> Padding:
    """The zeros that `same` adds around an image of this shape (height, width, channels)."""
    if layer.padding == "valid":
        return NO_PADDING
    totals = (
        max((out - 1) * stride + window - size, 0)
        for out, stride, window, size in zip(
            layer.shape[:2], layer.strides, layer.kernel.shape[:2], shape[:2], strict=True
        )
    )
    rows, columns = ((total // 2, total - total // 2) for total in totals)
    return rows, columns


def channels_first(kernel: np.ndarray) -> np.ndarray:
    """(height, width, in, out) to (out, in, height, width)."""
    return kernel.transpose(3, 2, 0, 1)


def placed(
    name: str,
    kernel: np.ndarray,
    padding: Padding,
    strides: tuple[int, int],
    *,
    size: tuple[int, int],
    output: tuple[int, int],
) -> tuple[np.ndarray, tuple[int, int]]:
    """A kernel with zeros around it, and the equal padding with which it gives the same.

    kernel: (out, in, height, width). size, output: height and width of input and output.

    Returns the smallest square kernel that does so, and the zeros on each side of the image.

    Raises NotExpressibleError if no square kernel does.
    """
    windows = kernel.shape[2:]
    for side in range(max(windows), max(windows) + 2 * max(strides) + 4):
        sides = [
            _equal_padding(side, *each)
            for each in zip(size, windows, strides, padding, output, strict=True)
        ]
        if (rows := sides[0]) is not None and (columns := sides[1]) is not None:
            before = (rows - padding[0][0], columns - padding[1][0])
            around = [
                (zeros, side - zeros - window)
                for zeros, window in zip(before, windows, strict=True)
            ]
            return np.pad(kernel, ((0, 0), (0, 0), *around)), (rows, columns)
    raise NotExpressibleError(
        f"layer {name!r}: NIR's kernels are square, and no square kernel does what this one of "
        f"{windows[0]} x {windows[1]} does"
    )


def _equal_padding(
    side: int, size: int, window: int, stride: int, padding: tuple[int, int], output: int
) -> int | None:
    """The zeros on both sides of one axis with which a kernel of `side` fits; None if none do."""
    before = padding[0]
    for zeros in range(before, side - window + before + 1):
        if (size + 2 * zeros - side) // stride + 1 == output and size + 2 * zeros >= side:
            return zeros
    return None


def by_channel(shape: Sequence[int]) -> np.ndarray:
    """Where each value of an image stands in (height, width, channels) order, channels first.

    Returns (values,): `flat[by_channel(shape)]` is the image, channels first, in one row.
    """
    positions = np.arange(int(np.prod(shape))).reshape(*shape)
    return positions.transpose(2, 0, 1).reshape(-1)


def order_of(shape: Sequence[int]) -> np.ndarray:
    """Where each neuron of a node stands in its layer's order, whatever the layer's shape."""
    return by_channel(shape) if len(shape) == 3 else np.arange(int(np.prod(shape)))


def rows_of(kernel: np.ndarray, order: np.ndarray | None) -> np.ndarray:
    """(n_out, n_in) weights for an input in this order, from a Dense kernel (n_in, n_out)."""
    return (kernel if order is None else kernel[order]).T


def same_order(orders: Sequence[np.ndarray | None]) -> bool:
    """Whether all orders are the same."""
    return all(
        (one is None and other is None)
        or (one is not None and other is not None and np.array_equal(one, other))
        for one, other in product(orders[:1], orders[1:])
    )
