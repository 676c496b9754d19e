"""The initial voltages of a network: one for all neurons, or a draw.

At few spikes a presentation, the voltage at which a neuron starts decides whether it fires at
all, so a network is a sample of one draw unless it is simulated with several.
"""

import zlib
from dataclasses import replace
from typing import TypeVar

import numpy as np

from spikesweep.snn.layers import Layer, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import STARTS

_Layer = TypeVar("_Layer", bound=Layer)


def with_start(network: SpikingNetwork, start: str) -> SpikingNetwork:
    """The same network with neurons that start as `start`, one of `STARTS`, says.

    A network that starts so already keeps the voltages that it has, such as those that Nengo drew.
    """
    if start == network.start:
        return network
    layers = tuple(started(layer, network.seed, STARTS[start]) for layer in network.layers)
    return replace(network, layers=layers, start=start)


def draws_of(network: SpikingNetwork, wanted: int) -> int:
    """How many draws of its voltages a network has: `wanted`, or 1 if they are not drawn."""
    return wanted if STARTS[network.start] is None else 1


def with_draw(network: SpikingNetwork, draw: int) -> SpikingNetwork:
    """The same network with other initial voltages, uniform in [0, 1) as Nengo draws them.

    draw: 0 keeps the voltages of the network's file, which Nengo drew. Others depend on the
        network's seed, the draw and the layer's name alone, whatever was drawn before. At most
        `draws_of` less one.
    """
    assert draw < draws_of(network, draw + 1), "its voltages are not drawn"
    if draw == 0:
        return network
    return replace(
        network, layers=tuple(_drawn(layer, network.seed, draw) for layer in network.layers)
    )


def started(layer: _Layer, seed: int, voltage: float | None) -> _Layer:
    """The same layer, whose neurons, if it has any, start at this voltage; None: drawn."""
    if voltage is None or not isinstance(layer, Spiking):
        return _drawn(layer, seed, 0)
    return replace(layer, initial_voltages=np.full(layer.neurons, voltage, np.float32))


def _drawn(layer: _Layer, seed: int, draw: int) -> _Layer:
    if not isinstance(layer, Spiking):
        return layer
    rng = np.random.default_rng([seed, draw, zlib.crc32(layer.name.encode())])
    return replace(layer, initial_voltages=rng.random(layer.neurons, dtype=np.float32))
