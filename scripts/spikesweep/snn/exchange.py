"""The same network with other neurons."""

from dataclasses import replace

from spikesweep.snn.layers import Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import Neuron


def with_neuron(network: SpikingNetwork, neuron: Neuron) -> SpikingNetwork:
    """The same weights and initial voltages, with this neuron in every spiking layer."""
    layers = tuple(
        replace(layer, neuron=neuron) if isinstance(layer, Spiking) else layer
        for layer in network.layers
    )
    return replace(network, layers=layers)
