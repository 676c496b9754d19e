"""Change the firing rates of layers of a network without changing what the ANN computes."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from spikesweep.errors import UserError
from spikesweep.snn.layers import (
    Affine,
    Concatenate,
    Conv2D,
    Dense,
    Layer,
    Reshape,
    unknown_neuron,
)
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import is_rate_proportional

# Layers whose weights can absorb a factor of their input.
_WEIGHTED = Dense | Conv2D | Affine
# A factor of a layer, or one for each of its channels, (channels,).
Factor = float | np.ndarray


def rescale(network: SpikingNetwork, factors: Mapping[str, Factor]) -> SpikingNetwork:
    """The same function of the image, with spiking layers that fire `factor` times faster.

    The current into each named layer (weights and biases) is multiplied by its factor, and the
    weights of all layers that read it are divided by the factor: max(c J, 0) / c = max(J, 0) for
    any c > 0. A connection without weights (the shortcut of a residual block) is given its own
    gain if its ends need different factors (NengoDL would draw different initial voltages for a
    network with such an addition). Layers that are not named keep their rates.

    factors: one for each named layer, or (channels,), one for each of its channels or units.

    For neurons whose only state is a voltage that integrates J or max(J, 0), the effect is that of
    `Setting.per_layer`: J = s (b + I) and z = k / (s dt). The rescaled network at scale 1
    gives the same spikes as the original with these scales, up to rounding.

    Raises UserError for a layer that does not exist, a factor that is not positive, neurons whose
    rate is not proportional to their current, and a factor for each channel where channels are
    mixed without weights.
    """
    _check(network, factors)
    gains = _gains(network, factors)
    rescaled: list[Layer] = []
    for layer in network.layers:
        if isinstance(layer, _WEIGHTED):
            rescaled.append(_weighted(layer, gains[layer.inputs[0]], gains[layer.name]))
        else:
            own = [_gain(network.by_name[name], layer, network, gains) for name in layer.inputs]
            rescaled += [between for between in own if between]
            names = zip(own, layer.inputs, strict=True)
            inputs = tuple(between.name if between else name for between, name in names)
            rescaled.append(replace(layer, inputs=inputs))
    return replace(network, layers=tuple(rescaled))


def refusal(network: SpikingNetwork) -> str | None:
    """Why the layers of a network cannot be rescaled; None if they can."""
    if unknown := unknown_neuron(network.layers):
        return unknown
    for layer in network.spiking_layers:
        if not is_rate_proportional(layer.neuron):
            kind = type(layer.neuron).__name__
            return f"{layer.name}: the rate of {kind} neurons is not proportional to their current"
    return None


def channels_refusal(network: SpikingNetwork) -> str | None:
    """Why the channels of a network cannot have factors of their own; None if they can."""
    if reason := refusal(network):
        return reason
    factors = {layer.name: np.linspace(1, 2, layer.shape[-1]) for layer in network.spiking_layers}
    try:
        rescale(network, factors)
    except UserError as error:
        return str(error)
    return None


def _check(network: SpikingNetwork, factors: Mapping[str, Factor]) -> None:
    if reason := refusal(network):
        raise UserError(f"{reason}, so their weights cannot be rescaled; use another neuron")
    names = [layer.name for layer in network.spiking_layers]
    for name, factor in factors.items():
        if name not in names:
            raise UserError(
                f"no spiking layer is named {name!r}; the spiking layers are {', '.join(names)}"
            )
        if not np.all((np.asarray(factor) > 0) & (np.asarray(factor) < np.inf)):
            raise UserError(f"factor of {name}: found {factor}; it must be a number > 0")


def _gains(network: SpikingNetwork, factors: Mapping[str, Factor]) -> dict[str, Factor]:
    """The factor by which the output of each layer grows.

    Image and readout do not grow. A layer without weights passes its input on, so its inputs must
    grow as the neurons behind it need; otherwise it grows as its input does.
    """
    gains: dict[str, Factor] = {network.input.name: 1.0, network.readout.name: 1.0}
    gains |= {layer.name: factors.get(layer.name, 1.0) for layer in network.spiking_layers}
    for layer in reversed(network.layers):
        if layer.name in gains and not isinstance(layer, _WEIGHTED):
            for name in layer.inputs:
                gains.setdefault(name, _before(layer, network.by_name[name], network, gains))
    for layer in network.layers:
        if layer.name not in gains:
            weighted = isinstance(layer, _WEIGHTED)
            gains[layer.name] = 1.0 if weighted else _passed_on(layer, network, gains)
    return gains


def _before(
    layer: Layer, source: Layer, network: SpikingNetwork, gains: Mapping[str, Factor]
) -> Factor:
    """What a source of a layer without weights must grow by."""
    gain = gains[layer.name]
    if not isinstance(gain, np.ndarray):
        return gain
    if isinstance(layer, Concatenate):
        sizes = [network.by_name[name].shape[-1] for name in _side_by_side(layer)]
        parts = np.split(gain, np.cumsum(sizes)[:-1])
        return parts[layer.inputs.index(source.name)]
    return _same_values(gain, layer, source)


def _passed_on(layer: Layer, network: SpikingNetwork, gains: Mapping[str, Factor]) -> Factor:
    """What a layer without weights grows by as its sources do."""
    sources = [network.by_name[name] for name in layer.inputs]
    found = [gains[source.name] for source in sources]
    if not any(isinstance(gain, np.ndarray) for gain in found):
        return found[0]
    if isinstance(layer, Concatenate):
        _side_by_side(layer)
        by_channel = [
            np.broadcast_to(gain, source.shape[-1:])
            for gain, source in zip(found, sources, strict=True)
        ]
        return np.concatenate(by_channel)
    return _same_values(found[0], sources[0], layer)


def _same_values(gain: Factor, one: Layer, other: Layer) -> Factor:
    """Factors of the channels of one layer as those of another that holds the same values."""
    if not isinstance(gain, np.ndarray) or not isinstance(one, Reshape) | isinstance(
        other, Reshape
    ):
        return gain
    by_channel = np.broadcast_to(gain, one.shape).reshape(-1, other.shape[-1])
    if not (by_channel == by_channel[0]).all():
        raise UserError(_mixed(f"between {one.name} and {other.name}"))
    return by_channel[0]


def _side_by_side(layer: Concatenate) -> tuple[str, ...]:
    """The inputs of a layer that joins channels; joined along an image's side, they would mix."""
    if layer.axis not in (-1, len(layer.shape) - 1):
        raise UserError(_mixed(f"in {layer.name}"))
    return layer.inputs


def _mixed(where: str) -> str:
    return (
        f"channels with factors of their own are mixed {where}, which has no weights; give all "
        "channels of a layer the same factor"
    )


def _weighted(layer: Layer, before: Factor, after: Factor) -> Layer:
    match layer:
        case Affine():
            return replace(
                layer, scale=_times(layer.scale, after / before), offset=_times(layer.offset, after)
            )
        case Dense() | Conv2D():
            # Rows of a kernel belong to channels of the input.
            rows = before[:, None] if isinstance(before, np.ndarray) else before
            return replace(
                layer, kernel=_times(layer.kernel, after / rows), bias=_times(layer.bias, after)
            )
    raise AssertionError(f"{type(layer).__name__} has no weights")


def _gain(
    source: Layer, layer: Layer, network: SpikingNetwork, gains: Mapping[str, Factor]
) -> Affine | None:
    """The gain needed between two layers, the second of which has no weights."""
    gain = _before(layer, source, network, gains) / gains[source.name]
    if np.all(gain == 1):
        return None
    ones = np.ones(source.shape[-1], np.float32)
    name = f"{source.name}.gain.{layer.name}"
    return Affine(name, (source.name,), source.shape, _times(ones, gain), 0 * ones)


def _times(array: np.ndarray, factor: Factor) -> np.ndarray:
    return (array * factor).astype(np.float32)
