"""Change the firing rates of layers of a network without changing what the ANN computes."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from spikesweep.errors import UserError
from spikesweep.snn.layers import Affine, Conv2D, Dense, Layer, unknown_neuron
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import is_rate_proportional

# Layers whose weights can absorb a factor of their input.
_WEIGHTED = Dense | Conv2D | Affine


def rescale(network: SpikingNetwork, factors: Mapping[str, float]) -> SpikingNetwork:
    """The same function of the image, with spiking layers that fire `factor` times faster.

    The current into each named layer (weights and biases) is multiplied by its factor, and the
    weights of all layers that read it are divided by the factor: max(c J, 0) / c = max(J, 0) for
    any c > 0. A connection without weights (the shortcut of a residual block) is given its own
    gain if its ends need different factors (NengoDL would draw different initial voltages for a
    network with such an addition). Layers that are not named keep their rates.

    For neurons whose only state is a voltage that integrates J or max(J, 0), the effect is that of
    `Setting.per_layer`: J = s (b + I) and z = k / (s dt). The rescaled network at scale 1
    gives the same spikes as the original with these scales, up to rounding.

    Raises UserError for a layer that does not exist, a factor that is not positive, and
    neurons whose rate is not proportional to their current.
    """
    _check(network, factors)
    gains = _gains(network, factors)
    rescaled: list[Layer] = []
    for layer in network.layers:
        if isinstance(layer, _WEIGHTED):
            rescaled.append(_weighted(layer, gains[layer.inputs[0]], gains[layer.name]))
        else:
            own = [_gain(network.by_name[name], layer, gains) for name in layer.inputs]
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


def _check(network: SpikingNetwork, factors: Mapping[str, float]) -> None:
    if reason := refusal(network):
        raise UserError(f"{reason}, so their weights cannot be rescaled; use another neuron")
    names = [layer.name for layer in network.spiking_layers]
    for name, factor in factors.items():
        if name not in names:
            raise UserError(
                f"no spiking layer is named {name!r}; the spiking layers are {', '.join(names)}"
            )
        if not 0 < factor < np.inf:
            raise UserError(f"factor of {name}: found {factor}; it must be a number > 0")


def _gains(network: SpikingNetwork, factors: Mapping[str, float]) -> dict[str, float]:
    """The factor by which the output of each layer grows.

    Image and readout do not grow. A layer without weights passes its input on, so its inputs must
    grow as the neurons behind it need; otherwise it grows as its input does.
    """
    gains = {network.input.name: 1.0, network.readout.name: 1.0}
    gains |= {layer.name: factors.get(layer.name, 1.0) for layer in network.spiking_layers}
    for layer in reversed(network.layers):
        if layer.name in gains and not isinstance(layer, _WEIGHTED):
            for name in layer.inputs:
                gains.setdefault(name, gains[layer.name])
    for layer in network.layers:
        if layer.name not in gains:
            gains[layer.name] = 1.0 if isinstance(layer, _WEIGHTED) else gains[layer.inputs[0]]
    return gains


def _weighted(layer: Layer, before: float, after: float) -> Layer:
    match layer:
        case Affine():
            return replace(
                layer, scale=_times(layer.scale, after / before), offset=_times(layer.offset, after)
            )
        case Dense() | Conv2D():
            return replace(
                layer, kernel=_times(layer.kernel, after / before), bias=_times(layer.bias, after)
            )
    raise AssertionError(f"{type(layer).__name__} has no weights")


def _gain(source: Layer, layer: Layer, gains: Mapping[str, float]) -> Affine | None:
    """The gain needed between two layers, the second of which has no weights."""
    gain = gains[layer.name] / gains[source.name]
    if gain == 1:
        return None
    ones = np.ones(source.shape[-1], np.float32)
    name = f"{source.name}.gain.{layer.name}"
    return Affine(name, (source.name,), source.shape, _times(ones, gain), 0 * ones)


def _times(array: np.ndarray, factor: float) -> np.ndarray:
    return (array * factor).astype(np.float32)
