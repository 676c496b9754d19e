"""The exported graph, read from its file and played by an interpreter, does what the study does."""

from dataclasses import replace

import nir
import numpy as np
import pytest
from exported_networks import (
    IMAGES,
    NETWORKS,
    STEPS,
    assert_same_spikes,
    own,
    per_layer,
    residual_network,
)
from fused_networks import Builder, random_network

from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Add, Concatenate
from spikesweep.snn.neurons import LIF, IntegrateAndFire, SpikingReLU
from spikesweep.study.export.changes import dialect_of
from spikesweep.study.export.interpret import Dialect, play
from spikesweep.study.export.refused import NotExpressibleError
from spikesweep.study.export.to_nir import to_nir


def played(network, setting, folder, dialect=None):
    exported = to_nir(network, setting)
    nir.write(folder / "network.nir", exported.graph)
    graph = nir.read(folder / "network.nir")
    shown = IMAGES.transpose(0, 3, 1, 2)
    return exported, play(graph, shown, STEPS, network.dt, dialect)


@pytest.fixture(params=NETWORKS)
def network(request):
    return NETWORKS[request.param]()


@pytest.mark.parametrize("synapse_s", [None, 0.0], ids=["no synapse", "a delay"])
def test_every_spike_is_the_same_where_no_sum_is_rounded(synapse_s, network, tmp_path):
    setting = per_layer(network, synapse_s)
    exported, found = played(network, setting, tmp_path)
    assert_same_spikes(network, exported, found, own(network, setting))
    np.testing.assert_allclose(found.scores, own(network, setting).scores, rtol=1e-6, atol=1e-3)


def test_behind_filters_spikes_differ_by_rounding_at_most(network, tmp_path):
    setting = per_layer(network, 0.01)
    exported, found = played(network, setting, tmp_path)
    # A voltage that just reaches the threshold may miss it: at most one spike here and there.
    assert_same_spikes(network, exported, found, own(network, setting), at_most=1)
    classes = own(network, setting).scores[:, -1].argmax(axis=1)
    np.testing.assert_array_equal(found.scores[:, -1].argmax(axis=1), classes)


@pytest.mark.parametrize("most", [None, 1])
def test_neurons_of_signed_current_are_played_as_they_are(most, tmp_path):
    network = residual_network(neuron=IntegrateAndFire(most))
    setting = Setting(None, 4.0)
    exported, found = played(network, setting, tmp_path, dialect_of(network, Dialect()))
    assert_same_spikes(network, exported, found, own(network, setting))


def test_start_voltages_are_metadata_of_the_neurons_channels_first(tmp_path):
    network = random_network("conv", 2)
    exported = to_nir(network, Setting(0.01, 4.0))
    nir.write(tmp_path / "network.nir", exported.graph)
    read = nir.read(tmp_path / "network.nir")
    layer = network.spiking_layers[0]
    start = read.nodes[exported.nodes[layer.name]].metadata["v_start"]
    own = layer.initial_voltages.reshape(layer.shape)
    np.testing.assert_array_equal(start, own.transpose(2, 0, 1))


def test_units_are_thresholds_and_steps():
    network = random_network("dense", 1)
    graph = to_nir(network, Setting(0.01, 4.0)).graph
    neurons = [node for node in graph.nodes.values() if isinstance(node, nir.IF)]
    filters = [node for node in graph.nodes.values() if isinstance(node, nir.LI)]
    assert len(neurons) == len(filters) == len(network.spiking_layers)
    for node in neurons:
        np.testing.assert_allclose(node.r, 1 / network.dt)
        assert np.all(node.v_threshold == 1)
        assert np.all(node.v_reset == 0)
    for node in filters:
        np.testing.assert_allclose(node.tau, 0.01)
        assert np.all(node.r == 1)
        assert np.all(node.v_leak == 0)
    [last] = [source for source, target in graph.edges if target == "output"]
    # The scores have the study's units: biases as they were trained.
    np.testing.assert_array_equal(graph.nodes[last].bias, network.readout.bias)


def test_a_residual_sum_is_two_edges_into_one_node():
    network = residual_network()
    [joined] = [layer for layer in network.layers if isinstance(layer, Add)]
    [reader] = [layer.name for layer in network.layers if joined.name in layer.inputs]
    graph = to_nir(network, Setting(None, 4.0)).graph
    assert sum(target == reader for _, target in graph.edges) == 2


def test_a_padding_of_one_side_becomes_a_larger_kernel():
    b = Builder(0, (8, 8, 1), SpikingReLU())
    b.conv(2, (3, 3), (2, 2), "same"), b.spiking(), b.reshape(), b.dense(3)
    node = to_nir(b.network(), Setting(None, 1.0)).graph.nodes["conv2d_1"]
    # TensorFlow pads an even image below and to the right alone.
    assert node.weight.shape == (2, 1, 4, 4)
    assert tuple(node.padding) == (1, 1)
    assert np.all(node.weight[:, :, 0] == 0)
    assert np.all(node.weight[:, :, :, 0] == 0)


def test_the_same_network_gives_the_same_bytes(tmp_path):
    network = residual_network()
    for name in ("first", "second"):
        nir.write(tmp_path / name, to_nir(network, Setting(0.01, 4.0)).graph)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


def test_names_that_other_tools_refuse_are_plain():
    b = Builder(0, (4, 4, 1), SpikingReLU())
    b.reshape(), b.dense(6), b.spiking(), b.dense(3)
    network = b.network()
    names = {"dense_2": "a/b.c", "spiking_3": "a b c", "dense_4": "output"}
    layers = tuple(
        replace(
            layer,
            name=names.get(layer.name, layer.name),
            inputs=tuple(names.get(one, one) for one in layer.inputs),
        )
        for layer in network.layers
    )
    exported = to_nir(replace(network, layers=layers), Setting(None, 1.0))
    assert {"a_b_c", "a_b_c_"} <= set(exported.graph.nodes)
    assert exported.nodes == {"a b c": "a_b_c_"}
    # The ends of the graph keep their names.
    assert isinstance(exported.graph.nodes["output"], nir.Output)
    assert isinstance(exported.graph.nodes["output_"], nir.Affine)


def concatenated():
    b = Builder(0, (8, 9, 2), SpikingReLU())
    b.conv(2)
    first = b.spiking()
    b.join(Concatenate, first, first, axis=-1), b.spiking(), b.reshape(), b.dense(3)
    return b.network()


def oblong():
    b = Builder(0, (8, 9, 2), SpikingReLU())
    b.conv(2, (2, 3), (1, 1), "valid"), b.spiking(), b.reshape(), b.dense(3)
    return b.network()


@pytest.mark.parametrize(
    ("network", "why"),
    [
        (lambda: random_network("dense", 1, LIF()), "rate of LIF.* no refractory period"),
        (lambda: random_network("dense", 1, SpikingReLU(amplitude=0.5)), "spiking_3.*amplitude"),
        (concatenated, "concatenate_3.*NIR has no Concatenate"),
        (oblong, "conv2d_1.*square.* 2 x 3"),
        (lambda: random_network("mixed", 1), "reshape_3.*not make"),
    ],
    ids=["refractory", "amplitude", "concatenation", "oblong kernel", "shape"],
)
def test_what_nir_cannot_express_is_refused_by_name(network, why):
    with pytest.raises(NotExpressibleError, match=why):
        to_nir(network(), Setting(0.01, 1.0))


def fired(found):
    return sum(int(spikes.sum()) for spikes in found.spikes.values())


def test_readers_that_do_what_nir_says_fire_otherwise(tmp_path):
    network = random_network("conv", 2)
    setting = Setting(0.005, 16.0)
    dialects = {
        "own": Dialect(),
        "start": Dialect(start=False),
        "signed": Dialect(rectified=False),
        "reset": Dialect(subtract=False),
        "one": Dialect(most=1),
        "undelayed": Dialect(delayed=False),
        "unfiltered": Dialect(filtered=False),
        "floor": Dialect(rectified=False, lowest=0.0),
    }
    totals = {
        name: sum(
            int(one.sum()) for one in played(network, setting, tmp_path, dialect)[1].spikes.values()
        )
        for name, dialect in dialects.items()
    }
    assert totals["start"] < totals["own"]
    assert totals["signed"] < totals["own"]
    assert totals["reset"] < totals["own"]
    assert totals["one"] < totals["own"]
    assert totals["undelayed"] > totals["own"]
    assert totals["unfiltered"] != totals["own"]
    assert totals["signed"] < totals["floor"]


def test_the_interpreter_refuses_nodes_that_it_does_not_know():
    shape = np.array([3])
    scale = nir.Scale(np.ones(3))
    graph = nir.NIRGraph(
        nodes={
            "input": nir.Input({"input": shape}),
            "x": scale,
            "output": nir.Output({"output": shape}),
        },
        edges=[("input", "x"), ("x", "output")],
        metadata={},
    )
    with pytest.raises(ValueError, match="Scale"):
        play(graph, np.ones((1, 3)), 2, 0.001)
