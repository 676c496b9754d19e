"""Layers of users' networks as native layers of tf_keras that compute the same.

A signal (length, channels) is held as an image (length, 1, channels), so that convolutions along
one axis are those along two. Each function of `REWRITES` takes one `Step` of the old network and
new tensors, and returns a new tensor. What may stand in a network is listed in
`convertible_layers` and `operations`.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from spikesweep.errors import UserError
from spikesweep.networks import rewrite_arithmetic as arithmetic
from spikesweep.networks import rewrite_windows as windows
from spikesweep.networks.builder import Builder, held
from spikesweep.networks.step import Step

Tensor = Any
# What the operands of an operation may be beside tensors.
Operand = Any


def rewritten(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    """The output of a step as native layers, for new inputs.

    operands: new tensors, and the numbers that an operation combines them with.

    Raises UserError for what cannot be written so.
    """
    try:
        return REWRITES[step.kind](step, operands, build)
    except ValueError as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(f"layer {step.name!r} ({step.kind}) cannot be rebuilt: {reason}") from error


def _activation(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    (x,) = operands
    settings = step.settings if step.kind == "Activation" else {"activation": _FUNCTIONS[step.kind]}
    if build.activation(step.name, settings) == "linear":
        return x
    return build.add("Activation", step.name, x, activation="relu")


def _maximum(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    numbers = [value for value in operands if not build.is_tensor(value)]
    if len(numbers) != 1 or np.any(np.asarray(numbers[0])):
        raise UserError(
            f"layer {step.name!r} is a maximum that is no ReLU: only that of a layer and 0 converts"
        )
    (x,) = (value for value in operands if build.is_tensor(value))
    return build.add("Activation", step.name, x, activation="relu")


_FUNCTIONS = {
    "ReLU": "relu",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
    "Sigmoid": "sigmoid",
}


def _reshape(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    size = int(np.prod(operands[0].shape[1:]))
    shape = [-1 if side is None else side for side in step.shape]
    if shape.count(-1) == 1:
        shape[shape.index(-1)] = size // int(-np.prod(shape))
    if -1 in shape or int(np.prod(shape)) != size:
        raise UserError(
            f"layer {step.name!r} ({step.kind}) mixes the images of a batch, or leaves its shape "
            f"open ({step.shape}): give its sizes as numbers"
        )
    return build.reshaped(step.name, operands[0], held(shape))


def _concatenate(step: Step, operands: Sequence[Operand], build: Builder) -> Tensor:
    axis = step.settings["axis"] % (len(step.shape) + 1)
    # The last axis of a signal is the last one of the image that holds it.
    axis = len(operands[0].shape) - 1 if axis == len(step.shape) else axis
    return build.add("Concatenate", step.name, list(operands), axis=axis)


REWRITES: dict[str, Callable[[Step, Sequence[Operand], Builder], Tensor]] = {
    "Activation": _activation,
    "Add": arithmetic.add,
    "Average": arithmetic.average,
    "AveragePooling1D": windows.pooling,
    "AveragePooling2D": windows.pooling,
    "BatchNormalization": arithmetic.batch_normalization,
    "Concatenate": _concatenate,
    "Conv1D": windows.convolution,
    "Conv2D": windows.convolution,
    "Dense": windows.dense,
    "DepthwiseConv1D": windows.depthwise,
    "DepthwiseConv2D": windows.depthwise,
    "Divide": arithmetic.multiply,
    "Flatten": _reshape,
    "GlobalAveragePooling1D": windows.global_pooling,
    "GlobalAveragePooling2D": windows.global_pooling,
    "LogSoftmax": _activation,
    "Maximum": _maximum,
    "Mean": windows.mean,
    "Multiply": arithmetic.multiply,
    "Negative": arithmetic.negative,
    "Normalization": arithmetic.normalization,
    "ReLU": _activation,
    "Rescaling": arithmetic.rescaling,
    "Reshape": _reshape,
    "SeparableConv1D": windows.separable,
    "SeparableConv2D": windows.separable,
    "Sigmoid": _activation,
    "Softmax": _activation,
    "Subtract": arithmetic.subtract,
    "ZeroPadding1D": windows.zero_padding,
    "ZeroPadding2D": windows.zero_padding,
}
