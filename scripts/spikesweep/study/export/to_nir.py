"""A network at a setting as a graph of NIR: scales folded, one spike and one step as the units.

With scale s of a layer and its time step dt, a neuron of the study does V += s (b + I) dt and puts
out spikes of 1 / (s dt). In the graph V += b' + I' and a spike is 1, so

    bias b' = b s dt        weights W' = W s / s_before        of the readout W' = W / (s_before dt)

and W' = W s dt where the image arrives. The scores of the readout have the study's units.
`nir.IF` with r = 1 / dt integrates exactly that in steps of dt. A synapse is a `nir.LI` behind the
neurons, before the weights: weights and filter commute, and biases stay unfiltered. What NIR has no
word for stands in the JSON file beside the graph, see `description`.

Source: Pedersen et al., Nature Communications 15:8122, 2024; github.com/neuromorphs/NIR.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import nir
import numpy as np

from spikesweep.simulation.setting import Setting
from spikesweep.snn.fold import fold_affine
from spikesweep.snn.layers import (
    Add,
    Affine,
    AveragePooling2D,
    Conv2D,
    Dense,
    Input,
    Layer,
    Reshape,
    Spiking,
    ZeroPadding2D,
)
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.rescale import refusal, rescale
from spikesweep.study.export import kernels
from spikesweep.study.export.kernels import NO_PADDING, Padding
from spikesweep.study.export.refused import NotExpressibleError

# Up to this share of dt NengoDL's filter is nothing but the delay of one step.
_NO_FILTER = 0.03
# A vertex of a graph that is neither a layer nor a filter.
INPUT, OUTPUT = "input", "output"


@dataclass(frozen=True, eq=False)
class _Value:
    """The output of a layer in the graph: the sum of what these nodes put out.

    shape: as the layer has it, (height, width, channels) or (values,).
    order: of a vector, where each of its values stands in the layer's; None if in its order.
    padding: zeros that the next layer must see around it.
    gain: what the sum still has to be multiplied by.
    """

    nodes: tuple[str, ...]
    shape: tuple[int, ...]
    order: np.ndarray | None = None
    padding: Padding = NO_PADDING
    gain: float = 1.0


@dataclass(frozen=True, eq=False)
class Exported:
    """A graph, and the node that each spiking layer became, by the layer's name."""

    graph: Any
    nodes: dict[str, str]


def to_nir(network: SpikingNetwork, setting: Setting) -> Exported:
    """The graph of a network at a setting.

    Start voltages, in the order of the node's neurons, are metadata of the `nir.IF` nodes,
    `v_start`; they are no part of the format.

    Raises NotExpressibleError for what NIR has no node for: other neurons than integrate-and-fire,
    neurons with an amplitude, concatenations, and shapes that Flatten does not make.
    """
    _check_neurons(network)
    # One step is the unit of time.
    factors = {one.name: setting.scale_of(one.name) * network.dt for one in network.spiking_layers}
    scaled = rescale(fold_affine(network), factors)
    return _Writer(_needed(scaled), setting.synapse_s).write()


def has_filter(synapse_s: float | None, dt: float) -> bool:
    """Whether a synapse filters; NengoDL makes a mere delay of a very short one."""
    return synapse_s is not None and synapse_s > _NO_FILTER * dt


def _needed(network: SpikingNetwork) -> SpikingNetwork:
    """Without layers that the readout does not depend on: each end of a NIR graph is an output."""
    needed = {network.readout.name}
    for layer in reversed(network.layers):
        if layer.name in needed:
            needed |= set(layer.inputs)
    return replace(network, layers=tuple(one for one in network.layers if one.name in needed))


def _check_neurons(network: SpikingNetwork) -> None:
    if reason := refusal(network):
        raise NotExpressibleError(f"{reason}; NIR's neurons have no refractory period")
    for layer in network.spiking_layers:
        if layer.neuron.amplitude != 1:
            raise NotExpressibleError(
                f"layer {layer.name!r}: a spike of amplitude {layer.neuron.amplitude:g}; NIR's is 1"
            )


class _Writer:
    """Appends nodes and edges, layer by layer."""

    def __init__(self, network: SpikingNetwork, synapse_s: float | None) -> None:
        self.network = network
        self.synapse_s = synapse_s
        self.nodes: dict[str, Any] = {}
        self.edges: list[tuple[str, str]] = []
        self.values: dict[str, _Value] = {}
        self.spiking: dict[str, str] = {}

    def write(self) -> Exported:
        for layer in self.network.layers:
            self.values[layer.name] = self._layer(layer, [self.values[n] for n in layer.inputs])
        readout = self._multiplied(self.network.readout, self.values[self.network.readout.name])
        self._node(OUTPUT, nir.Output({"output": np.array(readout.shape)}), readout)
        return Exported(nir.NIRGraph(nodes=self.nodes, edges=self.edges, metadata={}), self.spiking)

    def _layer(self, layer: Layer, values: list[_Value]) -> _Value:
        match layer:
            case Input():
                height, width, channels = layer.shape
                shape = {"input": np.array([channels, height, width])}
                return self._node(INPUT, nir.Input(shape), _Value((), layer.shape))
            case Dense():
                return self._dense(layer, values[0])
            case Conv2D():
                return self._convolution(layer, values[0])
            case AveragePooling2D():
                return self._pooling(layer, values[0])
            case Affine():
                return self._affine(layer, values[0])
            case ZeroPadding2D():
                return replace(
                    values[0], shape=layer.shape, padding=_sums(values[0].padding, layer.padding)
                )
            case Reshape():
                return self._reshape(layer, values[0])
            case Add():
                return _sum(layer, [self._multiplied(layer, value) for value in values])
            case Spiking():
                return self._spiking(layer, values[0])
        raise NotExpressibleError(f"layer {layer.name!r}: NIR has no {type(layer).__name__}")

    def _node(self, name: str, node: Any, value: _Value) -> _Value:
        """Add a node that reads a value, and return what it puts out, in the same shape."""
        if value.padding != NO_PADDING:
            raise NotExpressibleError(f"node {name!r}: NIR pads convolutions only")
        # nirtorch makes attributes of the names; HDF5 folders.
        plain = re.sub(r"\W", "_", name)
        # The two ends of the graph keep their names, whatever layers are called.
        ends = set() if isinstance(node, nir.Input | nir.Output) else {INPUT, OUTPUT}
        while plain in self.nodes or plain in ends:
            plain += "_"
        self.nodes[plain] = node
        self.edges += [(source, plain) for source in value.nodes]
        return replace(value, nodes=(plain,))

    def _dense(self, layer: Dense, value: _Value) -> _Value:
        weights = kernels.rows_of(layer.kernel, value.order) * np.float32(value.gain)
        made = self._node(layer.name, nir.Affine(weights, layer.bias), value)
        return _Value(made.nodes, layer.shape)

    def _convolution(self, layer: Conv2D, value: _Value) -> _Value:
        padding = _sums(value.padding, kernels.padding_of(layer, value.shape))
        (top, bottom), (left, right) = value.padding
        size = (value.shape[0] - top - bottom, value.shape[1] - left - right)
        kernel = kernels.channels_first(layer.kernel) * np.float32(value.gain)
        height, width, _ = layer.shape
        square, zeros = kernels.placed(
            layer.name, kernel, padding, layer.strides, size=size, output=(height, width)
        )
        node = _conv2d(size, square, layer.bias, layer.strides, zeros)
        made = self._node(layer.name, node, replace(value, padding=NO_PADDING))
        return _Value(made.nodes, layer.shape)

    def _pooling(self, layer: AveragePooling2D, value: _Value) -> _Value:
        """A sum over each window, as hardware has it; the next weights make a mean of it."""
        window = np.array(layer.pool_size)
        node = nir.SumPool2d(window, np.array(layer.strides), np.array([0, 0]))
        made = self._node(layer.name, node, value)
        shape = layer.shape if len(layer.shape) == 3 else (1, 1, *layer.shape)
        pooled = replace(made, shape=shape, gain=value.gain / float(np.prod(window)))
        # Of global pooling, a vector is left.
        return self._flat(layer, pooled) if len(layer.shape) == 1 else pooled

    def _multiplied(self, layer: Layer, value: _Value) -> _Value:
        """The value with its gain applied, for a reader without weights."""
        if value.gain == 1:
            return value
        gains = np.full(value.shape[-1], value.gain, np.float32)
        return self._each(f"{layer.name}_gain", gains, 0 * gains, replace(value, gain=1.0))

    def _each(self, name: str, scale: np.ndarray, offset: np.ndarray, value: _Value) -> _Value:
        """Each channel, or each value of a vector in its layer's order, by itself."""
        if len(value.shape) == 3:
            node = _conv2d(
                value.shape[:2], np.diag(scale)[:, :, None, None], offset, (1, 1), (0, 0)
            )
        else:
            order = slice(None) if value.order is None else value.order
            node = nir.Affine(np.diag(scale[order]), offset[order])
        return self._node(name, node, value)

    def _affine(self, layer: Affine, value: _Value) -> _Value:
        scale = layer.scale * np.float32(value.gain)
        return self._each(layer.name, scale, layer.offset, replace(value, gain=1.0))

    def _reshape(self, layer: Reshape, value: _Value) -> _Value:
        if layer.shape == value.shape:
            return value
        if len(layer.shape) != 1 or len(value.shape) != 3:
            raise NotExpressibleError(
                f"layer {layer.name!r}: NIR can flatten an image, but not make "
                f"{layer.shape} of {value.shape}"
            )
        return self._flat(layer, value)

    def _flat(self, layer: Layer, value: _Value) -> _Value:
        height, width, channels = value.shape
        node = nir.Flatten({"input": np.array([channels, height, width])}, start_dim=0, end_dim=-1)
        name = layer.name if isinstance(layer, Reshape) else f"{layer.name}_flat"
        order = kernels.by_channel(value.shape)
        return replace(self._node(name, node, value), shape=layer.shape, order=order)

    def _spiking(self, layer: Spiking, value: _Value) -> _Value:
        shape = _shape(value)
        start = layer.initial_voltages
        if value.order is not None:
            start = start[value.order]
        elif len(value.shape) == 3:
            start = start[kernels.by_channel(value.shape)]
        ones = np.ones(shape, np.float32)
        node = nir.IF(
            r=ones / np.float32(self.network.dt),
            v_threshold=ones,
            v_reset=0 * ones,
            metadata={"v_start": start.reshape(shape)},
        )
        fired = self._node(layer.name, node, self._multiplied(layer, value))
        self.spiking[layer.name] = fired.nodes[0]
        return self._synapse(layer, fired, ones)

    def _synapse(self, layer: Spiking, fired: _Value, ones: np.ndarray) -> _Value:
        if self.synapse_s is None:
            return fired
        if not has_filter(self.synapse_s, self.network.dt):
            delay = nir.Delay(ones * np.float32(self.network.dt))
            return self._node(f"{layer.name}_delay", delay, fired)
        lowpass = nir.LI(tau=ones * np.float32(self.synapse_s), r=ones, v_leak=0 * ones)
        return self._node(f"{layer.name}_synapse", lowpass, fired)


def _sum(layer: Add, values: list[_Value]) -> _Value:
    nodes = tuple(node for value in values for node in value.nodes)
    if len(set(nodes)) < len(nodes):
        raise NotExpressibleError(f"layer {layer.name!r}: NIR has no sum of a value with itself")
    if not kernels.same_order([value.order for value in values]):
        raise NotExpressibleError(f"layer {layer.name!r}: its inputs come in different orders")
    if len({value.padding for value in values}) > 1:
        raise NotExpressibleError(f"layer {layer.name!r}: its inputs are padded differently")
    return replace(values[0], nodes=nodes)


def _shape(value: _Value) -> tuple[int, ...]:
    if len(value.shape) == 3:
        height, width, channels = value.shape
        return (channels, height, width)
    return value.shape


def _conv2d(
    size: Sequence[int],
    kernel: np.ndarray,
    bias: np.ndarray,
    strides: tuple[int, int],
    padding: tuple[int, int],
) -> Any:
    return nir.Conv2d(
        input_shape=(size[0], size[1]),
        weight=kernel,
        stride=strides,
        padding=padding,
        dilation=(1, 1),
        groups=1,
        bias=bias,
    )


def _sums(first: Padding, second: Padding) -> Padding:
    rows, columns = (
        (one[0] + other[0], one[1] + other[1]) for one, other in zip(first, second, strict=True)
    )
    return rows, columns
