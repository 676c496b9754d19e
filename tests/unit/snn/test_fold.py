"""Batch normalisation folded into weights computes the same."""

import numpy as np
import pytest
from fused_networks import Builder, random_images, random_network

from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.setting import Setting
from spikesweep.snn.fold import fold_affine
from spikesweep.snn.layers import Add, Affine
from spikesweep.snn.neurons import SpikingReLU


def affine_layers(network):
    return [layer.name for layer in network.layers if isinstance(layer, Affine)]


@pytest.mark.parametrize("seed", range(3))
def test_a_folded_network_gives_the_same_spikes_and_scores(seed):
    network = random_network("normalised", seed)
    folded = fold_affine(network)
    setting = Setting(None, 4.0)
    before, after = (
        simulate(one, random_images(4), [setting], 12, engine=engine_named("fused"))[0]
        for one in (network, folded)
    )
    np.testing.assert_array_equal(before.scores, after.scores)
    for name, activity in before.layers.items():
        np.testing.assert_array_equal(activity.spikes_by_step, after.layers[name].spikes_by_step)


def test_only_what_follows_weights_is_folded():
    network = random_network("normalised")
    # Behind convolutions, behind neurons, and before the readout.
    assert len(affine_layers(network)) == 4
    spiking = {layer.name for layer in network.spiking_layers}
    left = affine_layers(fold_affine(network))
    assert 0 < len(left) < 4
    assert any(network.by_name[name].inputs[0] in spiking for name in left)


def test_two_in_a_row_are_both_folded():
    b = Builder(0, (6, 6, 2), SpikingReLU())
    b.conv(3), b.affine(), b.affine(), b.spiking(), b.reshape(), b.dense(4)
    assert affine_layers(fold_affine(b.network())) == []


def test_weights_that_something_else_reads_too_stay():
    b = Builder(0, (6, 6, 2), SpikingReLU())
    b.conv(3)
    convolution = b.last
    b.affine()
    b.join(Add, convolution, b.last), b.spiking(), b.reshape(), b.dense(4)
    assert len(affine_layers(fold_affine(b.network()))) == 1
