"""A plain chain of convolutions."""

from collections.abc import Sequence
from typing import Any

from spikesweep.networks.blocks import convolution, dropout_after

KIND = "convolutional"


def build(
    images: Any,
    classes: int,
    *,
    filters: Sequence[int] = (16, 32, 32),
    strides: Sequence[int] = (2, 2, 1),
    kernel_size: int = 3,
    batch_norm: bool = False,
    dropout: float = 0.0,
) -> Any:
    """Convolutions that halve the image by their strides, then one linear layer.

    There is no pooling: maxima of spike trains do not convert, and averages would only add another
    synaptic filter.
    """
    from tf_keras import layers

    x = images
    for depth, (width, stride) in enumerate(zip(filters, strides, strict=True), start=1):
        name = f"conv{depth}"
        x = convolution(x, name, width, stride, kernel_size, batch_norm)
        x = dropout_after(x, name, dropout)
    x = layers.Flatten(name="flatten")(x)
    return layers.Dense(classes, name="output")(x)
