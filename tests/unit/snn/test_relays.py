"""Relays on skip paths: all paths alike, and the same function."""

from dataclasses import replace

import numpy as np
import pytest
from fused_networks import SHAPES, Builder, random_network
from shortcut import with_a_shortcut

from spikesweep.simulation.as_rates import as_rates
from spikesweep.simulation.engine import engine_for, engine_named, simulate
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.layers import Add, Conv2D, Dense, Input, Spiking
from spikesweep.snn.network import load_network, save_network
from spikesweep.snn.neurons import IntegrateAndFire, SpikingReLU
from spikesweep.snn.relays import with_relays
from spikesweep.snn.voltages import with_draw, with_start


def longest_paths(network):
    """How many spiking layers the longest way to each layer passes."""
    passed = {}
    for layer in network.layers:
        before = max((passed[name] for name in layer.inputs), default=0)
        passed[layer.name] = before + isinstance(layer, Spiking)
    return passed


def relays_of(network):
    return [layer for layer in network.layers if "_relay" in layer.name]


def projected():
    """A block whose skip path has weights, with the sum read by a dense layer."""
    builder = Builder(3, (6, 6, 2), SpikingReLU())
    builder.conv(4)
    builder.spiking()
    source = builder.last
    builder.conv(5, padding="same")
    builder.spiking()
    builder.conv(5, padding="same")
    beside = builder.last.name
    builder.conv(5, size=(1, 1), source=source)
    builder.add(Add, builder.last.shape, inputs=(beside, builder.last.name))
    builder.spiking()
    builder.reshape()
    builder.dense(3)
    return builder.network()


@pytest.mark.parametrize("network", [with_a_shortcut, projected], ids=["identity", "projection"])
def test_all_that_a_sum_adds_has_passed_as_many_spiking_layers(network):
    relayed = with_relays(network())
    passed = longest_paths(relayed)
    sums = [layer for layer in relayed.layers if isinstance(layer, Add)]
    assert sums
    for layer in sums:
        assert len({passed[name] for name in layer.inputs}) == 1
    assert len(relays_of(relayed)) == 1


def test_a_projection_is_behind_its_relay():
    relayed = with_relays(projected())
    (relay,) = relays_of(relayed)
    (reader,) = [layer for layer in relayed.layers if relay.name in layer.inputs]
    assert isinstance(reader, Conv2D)
    assert reader.kernel.shape[:2] == (1, 1)


@pytest.mark.parametrize("network", [with_a_shortcut, projected], ids=["identity", "projection"])
def test_the_trained_function_stays_the_same(network):
    network = network()
    images = np.random.default_rng(0).random((7, *network.input.shape)).astype(np.float32)
    engine, limits = engine_for(network, "fused"), Limits(1, 1_000_000_000)
    before = as_rates(network, images, engine=engine, limits=limits)
    after = as_rates(with_relays(network), images, engine=engine, limits=limits)
    assert np.abs(before.scores).max() > 0.1
    np.testing.assert_allclose(after.scores, before.scores, atol=0.01)


def test_spikes_of_another_amplitude_are_passed_on_as_they_are():
    network = with_neuron(with_a_shortcut(), IntegrateAndFire(amplitude=0.5))
    images = np.random.default_rng(0).random((7, *network.input.shape)).astype(np.float32)
    before, after = (
        simulate(one, images, [Setting(None, 20_000.0)], 60, engine=engine_named("fused"))[0].scores
        for one in (network, with_relays(network))
    )
    assert np.abs(before).max() > 0.1
    np.testing.assert_allclose(after[:, 10:].mean(axis=1), before[:, 10:].mean(axis=1), atol=0.01)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "residual"])
def test_a_network_without_skip_paths_stays_as_it_is(shape):
    network = random_network(shape, 0, SpikingReLU())
    assert with_relays(network) is network


def test_relays_start_as_the_network_does_and_are_drawn_with_it(tmp_path):
    relayed = with_relays(with_start(with_a_shortcut(), "half"))
    assert (relays_of(relayed)[0].initial_voltages == 0.5).all()
    drawn = with_relays(with_a_shortcut())
    voltages = [relays_of(one)[0].initial_voltages for one in (drawn, with_draw(drawn, 1))]
    assert (voltages[0] != voltages[1]).any()
    save_network(drawn, tmp_path / "network.npz")
    loaded = load_network(tmp_path / "network.npz")
    assert [layer.name for layer in loaded.layers] == [layer.name for layer in drawn.layers]


def test_a_path_from_the_image_stays_as_it_is():
    weights = np.eye(2, dtype=np.float32), np.zeros(2, np.float32)
    network = with_a_shortcut()
    layers = (
        Input("image", (), (2,)),
        Spiking("first", ("image",), (2,), SpikingReLU(), np.zeros(2, np.float32)),
        Add("sum", ("image", "first"), (2,)),
        Dense("scores", ("sum",), (2,), *weights),
    )
    network = replace(network, layers=layers)
    assert with_relays(network) is network
