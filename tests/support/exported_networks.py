"""Networks that NIR can express, and what they do in the study's own simulation."""

import numpy as np
from fused_networks import Builder, random_images, random_network

from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Add
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.study.export.nengo_script import nengo_script, script_arrays


def residual_network(seed=0, neuron=SpikingReLU(), pooled=True):  # noqa: B008
    """A block whose shortcut has no weights; pooled: with pooling before the readout."""
    b = Builder(seed, (8, 9, 2), neuron)
    b.conv(4, (3, 3), (2, 2), "same")
    first = b.spiking()
    b.conv(4, (3, 3), (1, 1), "same"), b.spiking(), b.conv(4, (3, 3), (1, 1), "same")
    b.join(Add, first, b.last), b.affine(), b.spiking()
    b.global_pool() if pooled else b.reshape()
    b.dense(5)
    return b.network()


NETWORKS = {
    "dense": lambda: random_network("dense", 1),
    "convolutions": lambda: random_network("conv", 2),
    "pooling": lambda: random_network("pooled", 2),
    "padding": lambda: random_network("padded", 1),
    "residual sum": residual_network,
    "batch normalisation": lambda: random_network("normalised", 1),
}
IMAGES = random_images(4)
STEPS = 20
CLASSES = [f"class {number}" for number in range(5)]


def own(network, setting, images=IMAGES):
    """The study's own simulation."""
    [found] = simulate(
        network, images, [setting], STEPS, engine=engine_named("fused"), neuron_spikes=True
    )
    return found


def per_layer(network, synapse_s):
    """A setting with another scale, a power of two, in each layer."""
    scales = {layer.name: 2.0**n for n, layer in enumerate(network.spiking_layers, start=1)}
    return Setting.per_layer(synapse_s, scales)


def written(network, setting, folder, readout="last", image=0, **words):
    """The path of the network's script, with its arrays beside it.

    words: name, class_names or about, other than usual.
    """
    candidate = Candidate(setting, Reading(STEPS, readout))
    facts = {"name": "a_net", "class_names": CLASSES, "about": "About.", "shows": 4, "answers": 3}
    (folder / "network.py").write_text(nengo_script(network, candidate, **facts | words))
    arrays = script_arrays(network, IMAGES[image].astype(np.uint8))
    np.savez(folder / "network.npz", **arrays)
    return folder / "network.py"


def assert_same_spikes(network, exported, played, found, *, at_most=0):
    """A graph fired as the layers did, up to so many spikes in each layer."""
    for name, node in exported.nodes.items():
        counts = found.layers[name].neuron_spikes
        expected = in_order_of_graph(counts, network.by_name[name].shape)
        assert expected.sum() > 50
        assert np.abs(played.counts(node) - expected).sum() <= at_most


def in_order_of_graph(counts, shape):
    """(images, neurons) of a layer, channels first."""
    if len(shape) == 1:
        return counts
    return counts.reshape(len(counts), *shape).transpose(0, 3, 1, 2).reshape(len(counts), -1)
