"""Synapses on the way through a network, and how long their response takes."""

import math

import pytest
from fused_networks import SHAPES, random_network
from shortcut import with_a_shortcut

from spikesweep.snn.hops import read_by, settled_share, synapses_passed
from spikesweep.snn.neurons import SpikingReLU


def test_the_longest_path_counts():
    assert synapses_passed(with_a_shortcut()) == 3


def test_a_layer_reads_the_spikes_of_all_paths():
    network = with_a_shortcut()
    reads = {layer.name: read_by(network, layer) for layer in network.layers}
    assert reads["first"] == []
    assert reads["second"] == ["first"]
    assert reads["third"] == ["first", "second"]
    assert reads["scores"] == ["third"]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_path_passes_more_synapses_than_there_are_layers(shape):
    network = random_network(shape, 0, SpikingReLU())
    assert 1 <= synapses_passed(network) <= len(network.spiking_layers)


def test_one_filter_settles_exponentially():
    assert settled_share(0.01, 1, 0.02) == pytest.approx(1 - math.exp(-2))


def test_two_filters_take_longer():
    assert settled_share(0.01, 2, 0.02) == pytest.approx(1 - 3 * math.exp(-2))


@pytest.mark.parametrize("synapse_s", [None, 0.0])
def test_without_a_filter_everything_has_arrived(synapse_s):
    assert settled_share(synapse_s, 3, 0.001) == 1
    assert settled_share(0.01, 0, 0.001) == 1
