"""Normalisations, sums and products: whatever is `x * scale + offset`, and sums of layers."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from spikesweep.errors import UserError
from spikesweep.networks.builder import Builder
from spikesweep.networks.step import Step

Tensor = Any
Operand = Any


def batch_normalization(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """A batch normalisation of the channels."""
    settings = step.settings
    axis = settings["axis"]
    axis = axis[0] if isinstance(axis, list | tuple) else axis
    if axis % (len(step.shape) + 1) != len(step.shape):
        raise UserError(
            f"layer {step.name!r} (BatchNormalization) normalises axis {axis}; only the last axis, "
            "that of the channels, converts"
        )
    kept = {key: settings[key] for key in ("epsilon", "center", "scale")}
    return build.add("BatchNormalization", step.name, operands[0], step.weights, **kept)


def rescaling(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """The same scale and offset for all channels, or one for each."""
    return _affine(step, build, operands[0], step.settings["scale"], step.settings["offset"])


def normalization(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """Known means and variances; those that were adapted to data are the layer's weights."""
    mean, variance = step.weights
    deviation = np.maximum(np.sqrt(variance), 1e-7)
    if step.settings.get("invert"):
        return _affine(step, build, operands[0], deviation, mean)
    return _affine(step, build, operands[0], 1 / deviation, -mean / deviation)


def add(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """A sum of layers, or of a layer and a number."""
    if constants := [x for x in operands if not build.is_tensor(x)]:
        (x,) = (x for x in operands if build.is_tensor(x))
        return _affine(step, build, x, 1.0, constants[0])
    return build.add("Add", step.name, _of_one_shape(step, operands))


def subtract(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """A difference of two layers, or of a layer and a number."""
    left, right = operands
    if not build.is_tensor(right):
        return _affine(step, build, left, 1.0, -np.asarray(right, np.float64))
    if not build.is_tensor(left):
        return _affine(step, build, right, -1.0, left)
    both = [left, build.affine(f"{step.name}negative", right, -1.0, 0.0)]
    return build.add("Add", step.name, _of_one_shape(step, both))


def average(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """The mean of layers."""
    total = build.add("Add", f"{step.name}_sum", _of_one_shape(step, operands))
    return _affine(step, build, total, 1 / len(operands), 0.0)


def multiply(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """A layer times a number, or divided by one."""
    left, right = operands
    x, factor = (left, right) if build.is_tensor(left) else (right, left)
    factor = np.asarray(factor, np.float64)
    if step.kind == "Divide":
        if x is right:
            raise UserError(f"layer {step.name!r} divides a number by a layer, which is not linear")
        factor = 1 / factor
    return _affine(step, build, x, factor, 0.0)


def negative(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """A layer with the opposite sign."""
    return _affine(step, build, operands[0], -1.0, 0.0)


def _of_one_shape(step: Step, operands: Sequence[Operand]) -> list[Tensor]:
    shapes = [tuple(x.shape[1:]) for x in operands]
    if len(set(shapes)) != 1:
        raise UserError(
            f"layer {step.name!r} ({step.kind}) joins layers of the shapes "
            f"{', '.join(map(str, shapes))}: only layers of the same shape can be summed"
        )
    return list(operands)


def _affine(step: Step, build: Builder, x: Tensor, scale: Any, offset: Any) -> Tensor:
    """`x * scale + offset`; of the image alone, it becomes part of how pixels are scaled.

    scale, offset: one number, one per channel, or one for each value of the layer.
    """
    numbers = [np.asarray(value, np.float64) for value in (scale, offset)]
    if any(_differs_by_pixel(value, step.shape, x) for value in numbers):
        return _affine_by_pixel(step, build, x, *numbers)
    affine = build.scaled_image if step.scales_input else build.affine
    return affine(step.name, x, scale, offset)


def _differs_by_pixel(value: np.ndarray, shape: Sequence[int | None], x: Tensor) -> bool:
    """Whether there are more numbers than one per channel, such as those of a mean image.

    x: what they are combined with, which holds values of this shape.
    """
    along_last = value.size == (value.shape[-1:] or (1,))[0]
    channels = shape[-1] == x.shape[-1]
    return value.size > 1 and not (along_last and channels)


def _affine_by_pixel(
    step: Step, build: Builder, x: Tensor, scale: np.ndarray, offset: np.ndarray
) -> Tensor:
    """As channels of a flat layer, all values have a number of their own."""
    flat = build.reshaped(f"{step.name}_flat", x, (int(np.prod(x.shape[1:])),))
    numbers = (_of_each_value(value, step) for value in (scale, offset))
    scaled = build.affine(step.name, flat, *numbers)
    return build.reshaped(f"{step.name}_image", scaled, tuple(x.shape[1:]))


def _of_each_value(value: np.ndarray, step: Step) -> np.ndarray:
    """Raises ValueError for numbers that do not fit the layer."""
    rank = len(step.shape)
    # A leading axis of one is that of the batch.
    lacking = value.reshape(value.shape[1:]) if value.ndim == rank + 1 else value
    return np.broadcast_to(lacking, [side or 1 for side in step.shape]).ravel()
