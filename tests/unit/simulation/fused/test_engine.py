"""The fused engine against plain NumPy, and what it promises of itself."""

import numpy as np
import pytest
from fused_networks import SHAPES, random_images, random_network
from step_by_step import step_by_step

from spikesweep.simulation.engine import simulate
from spikesweep.simulation.fused.engine import FusedEngine
from spikesweep.simulation.setting import Setting

STEPS = 15


def settings_of(network):
    some = [layer.name for layer in network.spiking_layers]
    return [
        *(Setting(synapse, scale) for synapse in (None, 0.0, 0.003) for scale in (1.0, 2.0)),
        Setting.per_layer(0.003, {some[0]: 4.0}),
        Setting.per_layer(0.003, {some[-1]: 0.5}),
        Setting.per_layer(None, {some[-1]: 0.5}),
    ]


@pytest.mark.parametrize("neuron", [SpikingReLU(), SpikingReLU(amplitude=0.5), LIF()], ids=repr)
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shape", SHAPES)
def test_equals_the_equations_to_the_last_spike(shape, seed, neuron):
    network = random_network(shape, seed, neuron)
    images = random_images(3, seed)
    settings = settings_of(network)
    found = simulate(network, images, settings, STEPS, engine=FusedEngine(), neuron_spikes=True)
    for response, setting in zip(found, settings, strict=True):
        expected = step_by_step(network, images, setting, STEPS)
        assert response.setting == setting
        for name, activity in expected.layers.items():
            np.testing.assert_array_equal(
                response.layers[name].neuron_spikes, activity.neuron_spikes
            )
            np.testing.assert_array_equal(response.layers[name].spikes, activity.spikes)
            np.testing.assert_array_equal(response.layers[name].synops, activity.synops)
        np.testing.assert_allclose(response.scores, expected.scores, rtol=1e-5, atol=1e-3)
