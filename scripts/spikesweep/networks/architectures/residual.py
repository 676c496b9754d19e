"""Residual networks: ResNet-8, ResNet-20, ResNet-9, and others of their two forms."""

from collections.abc import Sequence
from typing import Any

from spikesweep.networks.blocks import convolution, dropout_after, linear_convolution, relu

KIND = "residual"


def build(
    images: Any,
    classes: int,
    *,
    first: int = 16,
    first_stride: int = 1,
    filters: Sequence[int] = (32, 64, 128),
    blocks: Sequence[int] = (1, 0, 1),
    strides: Sequence[int] = (2, 2, 2),
    pooled: bool = True,
    kernel_size: int = 3,
    batch_norm: bool = True,
    dropout: float = 0.0,
) -> Any:
    """A convolution, stages of residual blocks, the average over the image, one linear layer.

    A block is two convolutions beside a shortcut; the sum goes through a ReLU. Layers are numbered
    through all stages: `conv1`, `block1_conv1`, `block1` (the sum), ...

    first, first_stride: channels and stride of the first convolution.
    filters, blocks, strides: of each stage: its channels, its number of blocks, and how many times
        smaller than the stage before it is along each side.
    pooled: what makes a stage smaller and wider.
        false: its first block, by a stride and a projection of 1x1 as its shortcut (He et al. 2016,
        "Deep residual learning for image recognition", option B). first 16, filters [16, 32, 64]
        and strides [1, 2, 2] with blocks [1, 1, 1] are ResNet-8, with [3, 3, 3] ResNet-20.
        true: a convolution of its own, then averages of stride x stride; no shortcut has weights.
        filters [64, 128, 256] after a first 32 are half the width of ResNet-9 (Page 2018, "How to
        train your ResNet"), with averages in place of its maxima, which do not convert.

    Raises ValueError for a stage that has no block though it needs one.
    """
    from tf_keras import layers

    def spiking(x: Any, name: str, width: int, stride: int = 1) -> Any:
        x = convolution(x, name, width, stride, kernel_size, batch_norm)
        return dropout_after(x, name, dropout)

    def block(x: Any, name: str, width: int, stride: int = 1) -> Any:
        y = spiking(x, f"{name}_conv1", width, stride)
        y = linear_convolution(y, f"{name}_conv2", width, 1, kernel_size, batch_norm)
        if stride > 1 or x.shape[-1] != width:
            x = linear_convolution(x, f"{name}_shortcut", width, stride, 1, batch_norm)
        x = relu(layers.Add(name=f"{name}_add")([y, x]), name)
        return dropout_after(x, name, dropout)

    x = spiking(images, "conv1", first, first_stride)
    made = 0
    for stage, (width, count, stride) in enumerate(
        zip(filters, blocks, strides, strict=True), start=1
    ):
        if pooled:
            x = spiking(x, f"conv{stage + 1}", width)
            if stride > 1:
                x = layers.AveragePooling2D(stride, name=f"pool{stage + 1}")(x)
        elif not count:
            raise ValueError(f"stage {stage} has no block, which only `pooled: true` allows")
        for number in range(count):
            made += 1
            x = block(x, f"block{made}", width, 1 if pooled or number else stride)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    return layers.Dense(classes, name="output")(x)
