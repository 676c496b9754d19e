"""Other draws of a network's initial voltages.

At few spikes a presentation, the voltage at which a neuron starts decides whether it fires at
all, so a network is a sample of one draw unless it is simulated with several.
"""

import zlib
from dataclasses import replace

import numpy as np

from spikesweep.snn.layers import Layer, Spiking
from spikesweep.snn.network import SpikingNetwork


def with_draw(network: SpikingNetwork, draw: int) -> SpikingNetwork:
    """The same network with other initial voltages, uniform in [0, 1) as Nengo draws them.

    draw: 0 keeps the voltages of the network's file, which Nengo drew. Others depend on the
        network's seed, the draw and the layer's name alone, whatever was drawn before.
    """
    if draw == 0:
        return network
    return replace(
        network, layers=tuple(_drawn(layer, network.seed, draw) for layer in network.layers)
    )


def _drawn(layer: Layer, seed: int, draw: int) -> Layer:
    if not isinstance(layer, Spiking):
        return layer
    rng = np.random.default_rng([seed, draw, zlib.crc32(layer.name.encode())])
    return replace(layer, initial_voltages=rng.random(layer.neurons, dtype=np.float32))
