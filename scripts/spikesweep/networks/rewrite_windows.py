"""Layers that look through a window: convolutions, pooling and padding, along one axis or two."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from spikesweep.errors import UserError
from spikesweep.networks import kernels
from spikesweep.networks.builder import Builder
from spikesweep.networks.step import Step

Tensor = Any
Operand = Any


def convolution(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """A convolution, in groups or not."""
    (kernel, *bias) = step.weights
    kernel = kernels.grouped(_along_two_axes(kernel), step.settings.get("groups", 1))
    return _convolved(step, operands[0], kernel, bias, build)


def depthwise(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """A convolution of each channel alone."""
    (kernel, *bias) = step.weights
    return _convolved(step, operands[0], kernels.depthwise(_along_two_axes(kernel)), bias, build)


def separable(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """A depthwise convolution and one that mixes the channels, as one."""
    (kernel, pointwise, *bias) = step.weights
    merged = kernels.separable(_along_two_axes(kernel), _along_two_axes(pointwise))
    return _convolved(step, operands[0], merged, bias, build)


def _along_two_axes(kernel: np.ndarray) -> np.ndarray:
    return kernel if kernel.ndim == 4 else kernel[:, np.newaxis]


def _convolved(
    step: Step, x: Tensor, kernel: np.ndarray, bias: list[np.ndarray], build: Builder
) -> Tensor:
    rate = _pair(step.settings.get("dilation_rate", 1))
    kernel = kernels.dilated(kernel, rate)
    padding = step.settings["padding"]
    if padding == "causal":
        x = build.padded(f"{step.name}_padding", x, ((kernel.shape[0] - 1, 0), (0, 0)))
        padding = "valid"
    return build.add(
        "Conv2D",
        step.name,
        x,
        [kernel, *bias],
        filters=kernel.shape[3],
        kernel_size=kernel.shape[:2],
        strides=_pair(step.settings["strides"]),
        padding=padding,
        use_bias=bool(bias),
        activation=build.activation(step.name, step.settings),
    )


def dense(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """Dense along the last axis of an image is a convolution of one pixel."""
    (kernel, *bias) = step.weights
    activation = build.activation(step.name, step.settings)
    options = {"use_bias": bool(bias), "activation": activation}
    if len(operands[0].shape) == 2:
        return build.add(
            "Dense", step.name, operands[0], [kernel, *bias], units=kernel.shape[1], **options
        )
    weights = [kernel[np.newaxis, np.newaxis], *bias]
    return build.add(
        "Conv2D", step.name, operands[0], weights, filters=kernel.shape[1], kernel_size=1, **options
    )


def pooling(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """Average pooling, padded or not."""
    window = _pair(step.settings["pool_size"])
    strides = _pair(step.settings["strides"] or step.settings["pool_size"])
    (x,) = operands
    if step.settings["padding"] == "same":
        return _padded_pooling(step.name, x, window, strides, build)
    return build.add("AveragePooling2D", step.name, x, pool_size=window, strides=strides)


def _padded_pooling(
    name: str, x: Tensor, window: tuple[int, int], strides: tuple[int, int], build: Builder
) -> Tensor:
    """Means of the pixels inside the image: means with zeros, each times its share of pixels."""
    sides = [_same_padding(*side) for side in zip(x.shape[1:3], window, strides, strict=True)]
    inside = np.ones((x.shape[1], x.shape[2]), np.float32)
    if any(map(any, sides)):
        x = build.padded(f"{name}_padding", x, (sides[0], sides[1]))
    x = build.add("AveragePooling2D", name, x, pool_size=window, strides=strides)
    if not any(map(any, sides)):
        return x
    padded = np.pad(inside, sides)
    windows = np.lib.stride_tricks.sliding_window_view(padded, window)
    share = windows[:: strides[0], :: strides[1]].mean(axis=(2, 3))
    factors = np.broadcast_to(1 / share[..., np.newaxis], x.shape[1:]).reshape(-1)
    flat = build.reshaped(f"{name}_flat", x, (factors.size,))
    return build.reshaped(
        f"{name}_image", build.affine(f"{name}_share", flat, factors, 0.0), tuple(x.shape[1:])
    )


def _same_padding(size: int, window: int, stride: int) -> tuple[int, int]:
    total = max((-(-size // stride) - 1) * stride + window - size, 0)
    return total // 2, total - total // 2


def global_pooling(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """The mean over the image."""
    keepdims = bool(step.settings.get("keepdims"))
    return build.add("GlobalAveragePooling2D", step.name, operands[0], keepdims=keepdims)


def mean(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """The mean over axes, if these are those of the image."""
    axes = step.settings.get("axis")
    rank = len(operands[0].shape)
    if rank != 4 or not isinstance(axes, list | tuple) or {a % rank for a in axes} != {1, 2}:
        raise UserError(
            f"layer {step.name!r} is a mean over the axes {axes}: only those over the whole image, "
            "axes 1 and 2, convert"
        )
    return global_pooling(step, operands, build)


def zero_padding(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """Zeros around the image."""
    padding = step.settings["padding"]
    if step.kind == "ZeroPadding1D":
        around = (padding, padding) if isinstance(padding, int) else padding
        padding = (around, (0, 0))
    return build.padded(step.name, operands[0], padding)


def _pair(value: Any) -> tuple[int, int]:
    """Settings along two axes; along one, the second axis has one pixel."""
    if isinstance(value, int):
        return value, value
    return (value[0], 1) if len(value) == 1 else (value[0], value[1])
