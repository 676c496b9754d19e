"""The trained network: neurons as ReLUs, and the gradients of its scores. NumPy only.

Starting TensorFlow takes longer than the few hundred images that studies ask about.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from spikesweep.snn.layers import (
    Add,
    Affine,
    AveragePooling2D,
    Concatenate,
    Conv2D,
    Dense,
    Input,
    Layer,
    Reshape,
    Spiking,
    ZeroPadding2D,
)
from spikesweep.snn.network import SpikingNetwork

Array = np.ndarray


def rates(network: SpikingNetwork, images: Array) -> dict[str, Array]:
    """The output of each layer by its name, (images, *shape) float32; the readout's are scores.

    images: (N, H, W, C) float32, as `SpikingNetwork.prepare` makes them.
    """
    outputs: dict[str, Array] = {}
    for layer in network.layers:
        inputs = [images] if isinstance(layer, Input) else [outputs[name] for name in layer.inputs]
        outputs[layer.name] = output_of(layer, inputs)
    return outputs


def score_gradients(network: SpikingNetwork, outputs: Mapping[str, Array]) -> dict[str, Array]:
    """How each score changes with each neuron's output, (images, classes, *shape) by layer.

    outputs: see `rates`. By reverse accumulation: the chain rule from the readout back, for all
    classes at once. A ReLU that puts out nothing passes nothing on.
    """
    scores = outputs[network.readout.name]
    images, classes = scores.shape
    # Images and classes are one axis: (images * classes, *shape).
    found = {network.readout.name: np.tile(np.eye(classes, dtype=np.float32), (images, 1))}
    gradients = {
        # A layer that leads to no score changes none.
        layer.name: np.zeros((images, classes, *layer.shape), np.float32)
        for layer in network.spiking_layers
    }
    for layer in reversed(network.layers):
        gradient = found.pop(layer.name, None)
        if gradient is None or isinstance(layer, Input):
            continue
        if isinstance(layer, Spiking):
            gradients[layer.name] = gradient.reshape(images, classes, *layer.shape)
            fires = outputs[layer.name][:, None] > 0
            gradient = (gradients[layer.name] * fires).reshape(gradient.shape)
        shapes = [network.by_name[name].shape for name in layer.inputs]
        for name, part in zip(layer.inputs, _input_gradients(layer, gradient, shapes), strict=True):
            found[name] = found[name] + part if name in found else part
    return gradients


def passed_variance(layer: Layer, variances: list[Array]) -> Array:
    """The variance of a linear layer's output, from those of its inputs, taken as independent.

    Weights are squared, constants do not vary.
    """
    match layer:
        case Dense() | Conv2D():
            return output_of(replace(layer, kernel=layer.kernel**2, bias=0 * layer.bias), variances)
        case Affine():
            return variances[0] * layer.scale**2
        case AveragePooling2D():
            return output_of(layer, variances) / np.float32(math.prod(layer.pool_size))
    return output_of(layer, variances)


def output_of(layer: Layer, inputs: list[Array]) -> Array:
    """The output of a layer, (images, *shape), from those of its inputs."""
    x = inputs[0]
    match layer:
        case Input():
            return x
        case Dense():
            return x @ layer.kernel + layer.bias
        case Conv2D():
            return _convolved(layer, x)
        case Affine():
            return layer.scale * x + layer.offset
        case AveragePooling2D():
            return _pooled(layer, x)
        case ZeroPadding2D():
            return np.pad(x, ((0, 0), *layer.padding, (0, 0)))
        case Reshape():
            return x.reshape(-1, *layer.shape)
        case Add():
            return np.sum(inputs, axis=0)
        case Concatenate():
            return np.concatenate(inputs, axis=_joined_axis(layer))
        case Spiking():
            return np.maximum(x, 0)
    raise AssertionError(f"no output of {type(layer).__name__}")


def _input_gradients(layer: Layer, gradient: Array, shapes: list[tuple[int, ...]]) -> list[Array]:
    """The gradients with respect to each input of a layer, from that to its output."""
    match layer:
        case Dense():
            return [gradient @ layer.kernel.T]
        case Conv2D():
            return [_convolved_back(layer, gradient, shapes[0])]
        case Affine():
            return [gradient * layer.scale]
        case AveragePooling2D():
            return [_pooled_back(layer, gradient, shapes[0])]
        case ZeroPadding2D():
            (top, _), (left, _) = layer.padding
            height, width, _ = shapes[0]
            return [gradient[:, top : top + height, left : left + width]]
        case Reshape():
            return [gradient.reshape(-1, *shapes[0])]
        case Add():
            return [gradient] * len(shapes)
        case Concatenate():
            axis = _joined_axis(layer)
            ends = np.cumsum([shape[axis - 1] for shape in shapes])[:-1]
            return np.split(gradient, ends, axis=axis)
        case Spiking():
            return [gradient]
    raise AssertionError(f"no gradient of {type(layer).__name__}")


def _convolved(layer: Conv2D, x: Array) -> Array:
    height, width, _, _ = layer.kernel.shape
    padded = np.pad(x, ((0, 0), *_padding(layer, x.shape[1:]), (0, 0)))
    out = np.zeros((len(x), *layer.shape), np.float32) + layer.bias
    for row in range(height):
        for column in range(width):
            out += (
                _seen(padded, row, column, layer.strides, layer.shape) @ layer.kernel[row, column]
            )
    return out


def _convolved_back(layer: Conv2D, gradient: Array, shape: tuple[int, ...]) -> Array:
    height, width, _, _ = layer.kernel.shape
    (top, bottom), (left, right) = _padding(layer, shape)
    padded = np.zeros(
        (len(gradient), shape[0] + top + bottom, shape[1] + left + right, shape[2]), np.float32
    )
    for row in range(height):
        for column in range(width):
            part = _seen(padded, row, column, layer.strides, layer.shape)
            part += gradient @ layer.kernel[row, column].T
    return padded[:, top : top + shape[0], left : left + shape[1]]


def _pooled(layer: AveragePooling2D, x: Array) -> Array:
    height, width = layer.pool_size
    shape = _windows(layer)
    parts = (
        _seen(x, row, column, layer.strides, shape)
        for row in range(height)
        for column in range(width)
    )
    return (sum(parts) / np.float32(height * width)).reshape(-1, *layer.shape)


def _pooled_back(layer: AveragePooling2D, gradient: Array, shape: tuple[int, ...]) -> Array:
    height, width = layer.pool_size
    windows = _windows(layer)
    each = gradient.reshape(-1, *windows) / np.float32(height * width)
    found = np.zeros((len(gradient), *shape), np.float32)
    for row in range(height):
        for column in range(width):
            part = _seen(found, row, column, layer.strides, windows)
            part += each
    return found


def _seen(
    x: Array, row: int, column: int, strides: tuple[int, int], shape: tuple[int, ...]
) -> Array:
    """A view of what one place of the window sees, at each of its positions."""
    down, right = strides
    rows = slice(row, row + (shape[0] - 1) * down + 1, down)
    columns = slice(column, column + (shape[1] - 1) * right + 1, right)
    return x[:, rows, columns]


def _padding(layer: Conv2D, shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """Rows and columns of zeros before and after the image, as TensorFlow pads."""
    if layer.padding == "valid":
        return [(0, 0), (0, 0)]
    totals = (
        max((math.ceil(size / stride) - 1) * stride + window - size, 0)
        for size, stride, window in zip(shape[:2], layer.strides, layer.kernel.shape, strict=False)
    )
    return [(total // 2, total - total // 2) for total in totals]


def _windows(layer: AveragePooling2D) -> tuple[int, ...]:
    """(height, width, channels) of the means; a global one is a single window."""
    return layer.shape if len(layer.shape) == 3 else (1, 1, *layer.shape)


def _joined_axis(layer: Concatenate) -> int:
    """With the images as the first axis."""
    return layer.axis + 1 if layer.axis >= 0 else len(layer.shape) + layer.axis + 1
