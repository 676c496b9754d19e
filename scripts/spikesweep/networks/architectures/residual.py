"""Residual blocks."""

from collections.abc import Sequence
from typing import Any

from spikesweep.networks.blocks import convolution, dropout_after, linear_convolution, relu

KIND = "residual"


def build(
    images: Any,
    classes: int,
    *,
    filters: Sequence[int] = (16, 32, 64),
    kernel_size: int = 3,
    batch_norm: bool = True,
    dropout: float = 0.0,
) -> Any:
    """One strided convolution, then residual blocks that halve the image, then an average.

    A block is two convolutions in parallel with a 1x1 projection; the sum goes through a ReLU
    (He et al. 2016, "Deep residual learning for image recognition", projection shortcut).
    The first number of filters is that of the first convolution, the others of one block each.
    """
    from tf_keras import layers

    x = convolution(images, "conv1", filters[0], 2, kernel_size, batch_norm)
    x = dropout_after(x, "conv1", dropout)
    for block, width in enumerate(filters[1:], start=1):
        name = f"block{block}"
        y = convolution(x, f"{name}_conv1", width, 2, kernel_size, batch_norm)
        y = dropout_after(y, f"{name}_conv1", dropout)
        y = linear_convolution(y, f"{name}_conv2", width, 1, kernel_size, batch_norm)
        shortcut = layers.Conv2D(width, 1, strides=2, name=f"{name}_shortcut")(x)
        x = relu(layers.Add(name=f"{name}_add")([y, shortcut]), name)
        x = dropout_after(x, name, dropout)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return layers.Dense(classes, name="output")(x)
