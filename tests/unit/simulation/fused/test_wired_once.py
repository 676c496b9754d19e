"""Kept wires are those of the network that is simulated, whatever was simulated before."""

from dataclasses import replace

import numpy as np
import pytest
from fused_networks import SHAPES, random_images, random_network

from spikesweep.simulation.engine import simulate
from spikesweep.simulation.fused import wiring
from spikesweep.simulation.fused.engine import FusedEngine
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Spiking
from spikesweep.snn.neurons import IntegrateAndFire, SpikingReLU
from spikesweep.snn.voltages import with_draw

SETTINGS = [Setting(0.003, 2.0), Setting(None, 1.0)]


def with_neurons(network, neuron):
    layers = tuple(
        replace(layer, neuron=neuron) if isinstance(layer, Spiking) else layer
        for layer in network.layers
    )
    return replace(network, layers=layers)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_engine_used_before_gives_what_a_new_one_gives(shape):
    one, other = random_network(shape, 0, SpikingReLU()), random_network(shape, 1, SpikingReLU())
    images = random_images(2)
    networks = [one, with_draw(one, 3), other, one, with_neurons(one, IntegrateAndFire())]
    used = FusedEngine()
    for network in networks:
        for ours, expected in zip(
            simulate(network, images, SETTINGS, 15, engine=used, neuron_spikes=True),
            simulate(network, images, SETTINGS, 15, engine=FusedEngine(), neuron_spikes=True),
            strict=True,
        ):
            np.testing.assert_array_equal(ours.scores, expected.scores)
            for name, activity in expected.layers.items():
                np.testing.assert_array_equal(
                    ours.layers[name].neuron_spikes, activity.neuron_spikes
                )


def test_draws_of_a_network_are_wired_once(monkeypatch):
    wired = []
    original = wiring.wired
    monkeypatch.setattr(wiring, "wired", lambda network: wired.append(1) or original(network))
    network, engine = random_network(SHAPES[0], 0, SpikingReLU()), FusedEngine()
    for draw in range(4):
        simulate(with_draw(network, draw), random_images(1), SETTINGS, 15, engine=engine)
    assert len(wired) == 1
    simulate(
        random_network(SHAPES[0], 1, SpikingReLU()), random_images(1), SETTINGS, 15, engine=engine
    )
    assert len(wired) == 2
