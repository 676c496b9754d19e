"""Which way signals go, how many synapses they pass, and what share has arrived by when."""

from scipy.special import gammainc

from spikesweep.snn.layers import Layer, Spiking
from spikesweep.snn.network import SpikingNetwork


def synapses_passed(network: SpikingNetwork) -> int:
    """The number of spiking layers on the longest path from the image to the scores."""
    passed: dict[str, int] = {}
    for layer in network.layers:
        before = max((passed[name] for name in layer.inputs), default=0)
        passed[layer.name] = before + isinstance(layer, Spiking)
    return passed[network.readout.name]


def read_by(network: SpikingNetwork, layer: Layer) -> list[str]:
    """Names of the spiking layers whose spikes reach a layer, in the order of the network."""
    layers = {one.name: one for one in network.layers}
    found, open_names = set(), set(layer.inputs)
    while open_names:
        name = open_names.pop()
        if isinstance(layers[name], Spiking):
            found.add(name)
        else:
            open_names |= set(layers[name].inputs)
    return [name for name in layers if name in found]


def settled_share(synapse_s: float | None, passed: int, time_s: float) -> float:
    """Share of its final value that the response to a step has reached, in [0, 1].

    `passed` lowpass filters of time constant `synapse_s`, one after the other, have the impulse
    response of a gamma distribution, and the share is its distribution function: the regularised
    lower incomplete gamma function. Without a filter everything has arrived.
    """
    if not synapse_s or passed == 0:
        return 1.0
    return float(gammainc(passed, time_s / synapse_s))
