"""The wiring of the last network, kept: it is the same whatever its neurons start from.

A study simulates a network once for each draw of the initial voltages, and a search does so again
for each setting it tries. With 200 images, wiring 16 times took as long as simulating.
"""

from dataclasses import replace

from spikesweep.simulation.fused import wiring
from spikesweep.simulation.fused.neurons import dynamics
from spikesweep.simulation.fused.wiring import Population
from spikesweep.snn.layers import Layer, Spiking
from spikesweep.snn.network import SpikingNetwork


class WiredOnce:
    """Wires a network, or finds that it is the last one with other neurons."""

    def __init__(self) -> None:
        self._last: tuple[SpikingNetwork, list[Population]] | None = None

    def wired(self, network: SpikingNetwork) -> list[Population]:
        """See `wiring.wired`."""
        if self._last is None or not _wired_alike(self._last[0], network):
            # The network is kept with its wires, so that no other layer can take the place of
            # one of its own.
            self._last = network, wiring.wired(network)
        return [_with_neurons(population, network) for population in self._last[1]]


def _wired_alike(one: SpikingNetwork, other: SpikingNetwork) -> bool:
    return len(one.layers) == len(other.layers) and all(
        _same(a, b) for a, b in zip(one.layers, other.layers, strict=True)
    )


def _same(one: Layer, other: Layer) -> bool:
    """Weights are compared by identity: other draws of a network share its layers."""
    if isinstance(one, Spiking) and isinstance(other, Spiking):
        return (one.name, one.inputs, one.shape) == (other.name, other.inputs, other.shape)
    return one is other


def _with_neurons(population: Population, network: SpikingNetwork) -> Population:
    if population.layer is None:
        return population
    layer = network.by_name[population.layer.name]
    assert isinstance(layer, Spiking)
    return replace(population, layer=layer, dynamics=dynamics(layer.neuron))
