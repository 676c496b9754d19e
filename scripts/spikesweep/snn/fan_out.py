"""Fan-out of each neuron: the number of synaptic operations that one of its spikes causes."""

from collections.abc import Callable

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


def fan_out(network: SpikingNetwork) -> dict[str, np.ndarray]:
    """Number of connections with a nonzero weight that leave each neuron.

    Returns, for each spiking layer, (n_neurons,) int64. Connections are counted up to the
    next layer that has weights; layers without any (pooling, padding, reshaping, sums) only
    route them. A connection that reaches neurons or the readout without passing weights
    (a residual shortcut) counts as one. At the border of a convolution with padding a neuron
    has fewer connections than in the middle.
    """
    return {
        name: counts.reshape(-1)
        for name, counts in _counts(network).items()
        if isinstance(network.by_name[name], Spiking)
    }


def connections(network: SpikingNetwork, *, zero_weights: bool = False) -> dict[str, np.ndarray]:
    """For each weighted layer, how many weights meet each value of its input, in that shape.

    zero_weights: whether those that are zero count, too.
    """
    return {
        layer.name: _weighted(layer, network.by_name[layer.inputs[0]].shape, zero_weights)
        for layer in network.layers
        if isinstance(layer, Dense | Conv2D)
    }


def multiply_adds(network: SpikingNetwork) -> dict[str, int]:
    """Multiply-adds with a nonzero weight in each weighted layer, for one image, as an ANN."""
    return {name: int(counts.sum()) for name, counts in connections(network).items()}


def input_multiply_adds(network: SpikingNetwork) -> int:
    """Multiply-adds of the layers that no spike reaches, needed once per image.

    These layers receive analogue pixels; their current is constant over the presentation.
    """
    macs = multiply_adds(network)
    return sum(macs[name] for name in of_pixels(network))


def of_pixels(network: SpikingNetwork) -> list[str]:
    """The weighted layers that no spike reaches."""
    analog: set[str] = set()
    for layer in network.layers:
        if not isinstance(layer, Spiking) and all(name in analog for name in layer.inputs):
            analog.add(layer.name)
    return [
        layer.name
        for layer in network.layers
        if layer.name in analog and isinstance(layer, Dense | Conv2D)
    ]


def behind_weights(network: SpikingNetwork) -> list[str]:
    """The weighted layers that read weighted sums of spikes, with no neurons in between.

    Connections are counted up to the first weighted layer: what these do is counted for the trained
    network alone.
    """
    of_image, sums, found = set(of_pixels(network)), set[str](), []
    for layer in network.layers:
        weighted = isinstance(layer, Dense | Conv2D)
        reads_sums = any(name in sums for name in layer.inputs)
        if weighted and reads_sums:
            found.append(layer.name)
        if (weighted and layer.name not in of_image) or (
            reads_sums and not isinstance(layer, Spiking)
        ):
            sums.add(layer.name)
    return found


def _counts(network: SpikingNetwork) -> dict[str, np.ndarray]:
    """For the output of each layer, the operations that one spike there would cause further on."""
    counts = {layer.name: np.zeros(layer.shape, np.int64) for layer in network.layers}
    counts[network.readout.name] += 1
    for layer in reversed(network.layers):
        if isinstance(layer, Input):
            continue
        # A connection ends at the neuron that it reaches.
        ends = isinstance(layer, Spiking)
        onward = np.ones_like(counts[layer.name]) if ends else counts[layer.name]
        shapes = [network.by_name[name].shape for name in layer.inputs]
        for name, part in zip(layer.inputs, _backward(layer, onward, shapes), strict=True):
            counts[name] += part
    return counts


def _backward(layer: Layer, onward: np.ndarray, shapes: list[tuple[int, ...]]) -> list[np.ndarray]:
    match layer:
        case Dense() | Conv2D():
            return [_weighted(layer, shapes[0])]
        case Spiking() | Affine():
            return [onward]
        case Reshape():
            return [onward.reshape(shapes[0])]
        case Add():
            return [onward] * len(shapes)
        case Concatenate():
            ends = np.cumsum([shape[layer.axis] for shape in shapes])[:-1]
            return np.split(onward, ends, axis=layer.axis)
        case ZeroPadding2D():
            (top, _), (left, _) = layer.padding
            height, width, _ = shapes[0]
            return [onward[top : top + height, left : left + width]]
        case AveragePooling2D():
            return [_pooled(layer, onward, shapes[0])]
    raise AssertionError(f"no fan-out rule for {type(layer).__name__}")


def _weighted(
    layer: Dense | Conv2D, shape: tuple[int, ...], zero_weights: bool = False
) -> np.ndarray:
    kernel = np.ones_like(layer.kernel) if zero_weights else layer.kernel
    if isinstance(layer, Dense):
        return np.count_nonzero(kernel, axis=1).astype(np.int64)
    nonzero = np.count_nonzero(kernel, axis=3)
    placed = np.ones((*layer.shape[:2], 1), np.int64)
    return _scatter(
        shape,
        layer.kernel.shape[:2],
        layer.strides,
        _padding_before(layer, shape),
        lambda row, column: placed * nonzero[row, column],
    )


def _pooled(layer: AveragePooling2D, onward: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    onward = onward.reshape((-1, 1, shape[2]) if onward.ndim == 1 else onward.shape)
    return _scatter(shape, layer.pool_size, layer.strides, (0, 0), lambda _row, _column: onward)


def _scatter(
    shape: tuple[int, ...],
    window: tuple[int, ...],
    strides: tuple[int, int],
    before: tuple[int, int],
    values: Callable[[int, int], np.ndarray],
) -> np.ndarray:
    """Add to each input pixel the value of every output pixel whose window covers it."""
    height, width, channels = shape
    first = values(0, 0)
    rows = np.arange(first.shape[0]) * strides[0] - before[0]
    columns = np.arange(first.shape[1]) * strides[1] - before[1]
    total = np.zeros((height, width, channels), np.int64)
    for row in range(window[0]):
        for column in range(window[1]):
            inside_rows = (rows + row >= 0) & (rows + row < height)
            inside_columns = (columns + column >= 0) & (columns + column < width)
            target = np.ix_(rows[inside_rows] + row, columns[inside_columns] + column)
            total[target] += values(row, column)[np.ix_(inside_rows, inside_columns)]
    return total


def _padding_before(layer: Conv2D, shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows above and columns left of the image that TensorFlow's padding adds."""
    if layer.padding == "valid":
        return (0, 0)
    before = []
    for size, window, stride, output in zip(
        shape, layer.kernel.shape, layer.strides, layer.shape, strict=False
    ):
        before.append(max((output - 1) * stride + window - size, 0) // 2)
    return (before[0], before[1])
