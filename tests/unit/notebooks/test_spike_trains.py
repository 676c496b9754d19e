"""Spikes step by step add up to what the engine counts, and are those of the equations."""

import numpy as np
import pytest

from spikesweep.notebooks.spike_trains import spike_trains
from spikesweep.simulation.engine import engine_for, simulate
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Dense, Input, Reshape, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU


@pytest.fixture
def network() -> SpikingNetwork:
    rng = np.random.default_rng(0)
    layers = (
        Input("image", (), (2, 2, 1)),
        Reshape("flat", ("image",), (4,)),
        Dense("dense", ("flat",), *_weights(rng, 4, 6)),
        Spiking("relu", ("dense",), (6,), SpikingReLU(), np.full(6, 0.5, np.float32)),
        Dense("output", ("relu",), *_weights(rng, 6, 3)),
    )
    return SpikingNetwork(layers, 0, 0.001, np.float32(1 / 255), np.float32(0))


def _weights(rng, inputs, units):
    kernel, bias = rng.normal(size=(inputs, units)), rng.normal(size=units)
    return (units,), kernel.astype(np.float32), bias.astype(np.float32)


def test_spikes_of_each_period(network):
    image = np.full((1, 2, 2, 1), 0.6, np.float32)
    setting = Setting(0.005, 100.0)
    engine = engine_for(network, "fused")
    (response,) = simulate(network, image, [setting], 40, engine=engine, neuron_spikes=True)
    total = response.layers["relu"].neuron_spikes[0]
    assert total.sum() > 5

    by_step = spike_trains(network, image, setting, 40, engine=engine)["relu"]
    assert by_step.shape == (40, 6)
    np.testing.assert_array_equal(by_step.sum(axis=0), total)
    by_five = spike_trains(network, image, setting, 40, engine=engine, every=5)["relu"]
    np.testing.assert_array_equal(by_five, by_step.reshape(8, 5, 6).sum(axis=1))

    # A first layer's current is constant: its spikes are whole crossings of a straight line.
    dense = network.by_name["dense"]
    current = 100 * np.maximum(0.6 * dense.kernel.sum(axis=0) + dense.bias, 0)
    crossed = np.floor(0.5 + np.outer(np.arange(41), current) * 0.001)
    # Rounding may move a spike that falls on a step.
    assert np.abs(crossed[1:] - by_step.cumsum(axis=0)).max() <= 1
    assert np.mean(np.diff(crossed, axis=0) == by_step) > 0.99
