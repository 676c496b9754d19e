"""What the trained network gives: neurons as ReLUs, by an engine rather than by TensorFlow.

In a single step, a neuron that integrates its current without synapse and may fire any number of
times fires as often as its activation holds the value of a spike. If a spike is worth little, that
is the activation. Importing TensorFlow takes longer than that step.
"""

from dataclasses import dataclass

import numpy as np

from spikesweep.simulation.engine import simulate
from spikesweep.simulation.interface import Engine, Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import IntegrateAndFire
from spikesweep.snn.voltages import with_start

# Spikes in a unit of activation; activations are exact to half a spike.
_SPIKES = 4096


@dataclass(frozen=True, eq=False)
class AsRates:
    """activations: (images, *shape) of each spiking layer. scores: (images, classes)."""

    activations: dict[str, np.ndarray]
    scores: np.ndarray


def as_rates(
    network: SpikingNetwork, images: np.ndarray, *, engine: Engine, limits: Limits
) -> AsRates:
    """Activations and scores of the trained network.

    images: (N, H, W, C) float32, as the network takes them.
    """
    rounding = with_neuron(with_start(network, "half"), IntegrateAndFire())
    setting = Setting(None, _SPIKES / network.dt)
    (response,) = simulate(
        rounding, images, [setting], 1, engine=engine, limits=limits, neuron_spikes=True
    )
    activations = {}
    for layer in network.spiking_layers:
        spikes = response.layers[layer.name].neuron_spikes
        assert spikes is not None
        activations[layer.name] = (spikes / _SPIKES).reshape(-1, *layer.shape).astype(np.float32)
    return AsRates(activations, response.scores[:, -1])
