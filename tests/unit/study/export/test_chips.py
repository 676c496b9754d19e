"""Limits of a chip, and which layer is beyond which."""

import pytest
from fused_networks import Builder

from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Add
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.study.export.chips import fit_table
from spikesweep.study.export.to_nir import to_nir


def violated(network, synapse_s=None):
    """(layer, limit): (found, allowed) of a network."""
    table = fit_table(to_nir(network, Setting(synapse_s, 1.0)))
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


def test_a_small_network_is_within_all_limits_but_takes_pixels():
    assert violated(chain()) == {("", "input"): ("pixels, constant", "spikes")}


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


def test_what_nir_cannot_express_does_not_fit():
    assert list(fit_table(None)["limit"]) == ["layers"]
