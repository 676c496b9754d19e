"""Other draws of the initial voltages."""

from dataclasses import replace

import numpy as np
import pytest
from fused_networks import random_network

from spikesweep.snn.network import load_network, save_network
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.snn.voltages import draws_of, with_draw, with_start


def voltages(network):
    return np.concatenate([layer.initial_voltages for layer in network.spiking_layers])


@pytest.fixture
def network():
    return random_network("conv", 3, SpikingReLU())


def test_draw_0_is_the_file_itself(network):
    assert with_draw(network, 0) is network


def test_draws_differ_and_come_back(network):
    first, second = voltages(with_draw(network, 1)), voltages(with_draw(network, 2))
    assert (first != second).mean() > 0.99
    np.testing.assert_array_equal(first, voltages(with_draw(network, 1)))
    assert first.dtype == np.float32
    assert first.min() >= 0
    assert first.max() < 1


def test_networks_of_other_seeds_have_other_voltages(network):
    other = replace(network, seed=network.seed + 1)
    assert (voltages(with_draw(network, 1)) != voltages(with_draw(other, 1))).mean() > 0.99


def test_layers_have_voltages_of_their_own(network):
    first, second, *_ = with_draw(network, 1).spiking_layers
    shorter = min(first.neurons, second.neurons)
    assert (first.initial_voltages[:shorter] != second.initial_voltages[:shorter]).any()


def test_only_voltages_change(network):
    drawn = with_draw(network, 1)
    for before, after in zip(network.layers, drawn.layers, strict=True):
        if before not in network.spiking_layers:
            assert after is before


@pytest.mark.parametrize(("start", "voltage"), [("half", 0.5), ("zero", 0.0)])
def test_all_neurons_start_alike_and_there_is_nothing_to_draw(network, start, voltage, tmp_path):
    save_network(with_start(network, start), tmp_path / "network.npz")
    alike = load_network(tmp_path / "network.npz")
    assert alike.start == start
    assert set(voltages(alike)) == {voltage}
    assert draws_of(alike, 8) == 1
    with pytest.raises(AssertionError, match="not drawn"):
        with_draw(alike, 1)


def test_a_uniform_start_keeps_what_nengo_drew(network):
    assert with_start(network, "uniform") is network
    again = with_start(with_start(network, "zero"), "uniform")
    assert again.start == "uniform"
    assert 0.4 < voltages(again).mean() < 0.6
    assert draws_of(network, 8) == 8
