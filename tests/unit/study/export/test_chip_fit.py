"""Limits of a chip, and which layer is beyond which."""

import numpy as np
import pytest
from fused_networks import Builder

from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Add
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.study.export.fit import fit_table
from spikesweep.study.export.to_nir import to_nir


def violated(network, synapse_s=None, scale=1000.0):
    """(layer, limit): (found, allowed) of a network."""
    table = fit_table(to_nir(network, Setting(synapse_s, scale)))
    return {
        (row["layer"], row["limit"]): (row["found"], row["allowed"]) for _, row in table.iterrows()
    }


def chain(shape=(16, 16, 1), channels=4, size=(3, 3), strides=(1, 1), hidden=(), classes=3):
    b = Builder(0, shape, SpikingReLU())
    b.conv(channels, size, strides, "same"), b.spiking(), b.reshape()
    for units in hidden:
        b.dense(units), b.spiking()
    b.dense(classes)
    return b.network()


def test_a_small_network_is_within_all_limits_but_takes_pixels_and_gives_scores():
    assert violated(chain()) == {
        ("", "input"): ("pixels, constant", "spikes"),
        ("dense_4", "readout"): ("scores", "spikes of neurons behind it"),
    }


def test_a_filter_is_named_with_its_time_constant():
    found = violated(chain(), synapse_s=0.015)
    assert found["spiking_2_synapse", "filter"] == ("15 ms", "none")


@pytest.mark.parametrize(
    ("network", "layer", "limit", "found"),
    [
        (chain(hidden=[8] * 9), "", "layers with weights", "11"),
        (chain(classes=15), "", "classes", "15"),
        (chain(size=(17, 17)), "conv2d_1", "kernel", "17 x 17"),
        (chain(strides=(3, 3)), "conv2d_1", "stride", "3 x 3"),
        (chain(hidden=[1025]), "dense_4", "channels", "1025"),
        (chain(shape=(130, 16, 1), strides=(4, 4)), "conv2d_1", "input size", "130 x 16"),
        (chain(shape=(70, 16, 1)), "conv2d_1", "output size", "70 x 16"),
    ],
)
def test_each_limit_names_its_layer(network, layer, limit, found):
    assert violated(network)[layer, limit][0] == found


def test_layers_compete_for_the_memory_of_cores():
    # 16 x 16 x 64 neurons take 16 Ki entries: any core holds them; 128 channels take 32 Ki.
    layers = Builder(0, (16, 16, 1), SpikingReLU())
    for _ in range(6):
        layers.conv(128, (1, 1), (1, 1), "same"), layers.spiking()
    layers.reshape(), layers.dense(3)
    short = [layer for layer, limit in violated(layers.network()) if limit == "memory of a core"]
    # Five cores have 32 Ki for neurons and enough for 128 x 128 weights, which take 16 Ki.
    assert len([layer for layer in short if layer.startswith("conv2d")]) == 1


@pytest.mark.parametrize(("readers", "too_many"), [(2, False), (3, True)])
def test_neurons_send_to_two_layers_at_most(readers, too_many):
    b = Builder(0, (8, 8, 1), SpikingReLU())
    b.conv(2, (3, 3), (1, 1), "same")
    fired = b.spiking()
    branches = []
    for _ in range(readers):
        b.conv(2, (3, 3), (1, 1), "same", source=fired)
        branches.append(b.last)
    b.join(Add, *branches), b.spiking(), b.reshape(), b.dense(3)
    assert ((fired.name, "readers") in violated(b.network())) == too_many


def test_neurons_have_one_layer_with_weights_before_them():
    b = Builder(0, (8, 8, 1), SpikingReLU())
    b.conv(2, (3, 3), (1, 1), "same")
    first = b.spiking()
    b.conv(2, (3, 3), (1, 1), "same"), b.join(Add, first, b.last)
    b.spiking(), b.reshape(), b.dense(3)
    network = b.network()
    second, summed = network.layers[3].name, network.spiking_layers[-1].name
    sources = f"{first.name}_synapse, {second}"
    found = violated(network, synapse_s=0.01)
    assert found[summed, "before neurons"] == (sources, "one layer with weights")


def test_layers_without_neurons_do_not_fit_a_core():
    b = Builder(0, (8, 8, 1), SpikingReLU())
    b.conv(2, (3, 3), (1, 1), "same"), b.pool((2, 2), (1, 1)), b.spiking()
    b.conv(2, (3, 3), (1, 1), "same"), b.conv(2, (3, 3), (1, 1), "same"), b.spiking()
    b.reshape(), b.dense(3)
    network = b.network()
    first, pool = network.layers[1].name, network.layers[2].name
    found = violated(network)
    assert found[first, "neurons behind it"] == ("none", "integrate-and-fire neurons")
    assert found[pool, "pooling before neurons"] == (first, "neurons")
    assert found[pool, "pooling stride"] == ("1 x 1", "as the window")
    assert ("conv2d_4", "neurons behind it") in found
    assert ("conv2d_5", "neurons behind it") not in found


def test_a_delay_is_named():
    found = violated(chain(), synapse_s=0.0)
    assert found["spiking_2_delay", "delay"] == (f"{chain().dt * 1e3:g} ms", "none")


@pytest.mark.parametrize(("threshold", "beyond"), [(40_000, True), (30_000, False)])
def test_voltages_have_16_bits_in_steps_of_the_weights(threshold, beyond):
    network = chain()
    # The largest weight of the first layer is 127 steps, and its scale and dt make the threshold.
    scale = 127 / threshold / network.dt / np.abs(network.layers[1].kernel).max()
    found = violated(network, scale=scale).get(("conv2d_1", "voltages"))
    steps = f"a threshold of {threshold} steps of the weights"
    assert found == ((steps, "16 bits") if beyond else None)


def test_what_nir_cannot_express_does_not_fit():
    assert list(fit_table(None)["limit"]) == ["layers"]
