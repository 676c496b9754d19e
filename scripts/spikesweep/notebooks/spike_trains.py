"""Every single spike of a spiking network, step by step."""

import numpy as np

from spikesweep.simulation.engine import simulate
from spikesweep.simulation.interface import Engine
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork


def spike_trains(
    network: SpikingNetwork,
    image: np.ndarray,
    setting: Setting,
    steps: int,
    *,
    engine: Engine,
    every: int = 1,
) -> dict[str, np.ndarray]:
    """Return the spikes of each layer for one image, (steps // every, neurons), in each period.

    image: (1, H, W, C), prepared by the network.
    every: steps in a period.

    An engine only counts spikes over a whole presentation. The spikes of a period are the
    difference between two presentations, one of which is longer by that period.
    """
    counts: dict[str, list[np.ndarray]] = {
        layer.name: [np.zeros(layer.neurons, np.int32)] for layer in network.spiking_layers
    }
    for length in range(every, steps + 1, every):
        (response,) = simulate(network, image, [setting], length, engine=engine, neuron_spikes=True)
        for name, activity in response.layers.items():
            assert activity.neuron_spikes is not None  # they were asked for
            counts[name].append(activity.neuron_spikes[0])
    return {name: np.diff(found, axis=0) for name, found in counts.items()}
