"""The job that converts: what it writes and what it says."""

import json

import numpy as np
import pandas as pd
import pytest

from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.snn.fan_out import multiply_adds
from spikesweep.snn.network import load_network
from spikesweep.snn.neurons import LIF, IntegrateAndFire, SpikingReLU

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 2), np.uint8)


@pytest.fixture
def convert_to(every_layer, tmp_path):
    """Converts `every_layer` to the neurons of a config; the paths of what it wrote."""
    from spikesweep.conversion.convert_network import convert_network

    labels = np.arange(6) % 3
    save_dataset(
        Dataset(IMAGES, labels, IMAGES, labels, np.array(["a", "b", "c"])), tmp_path / "data.npz"
    )
    every_layer.save(tmp_path / "model.keras")

    def convert_to(config):
        names = {
            "network": "n.npz",
            "ann_classes": "a.npy",
            "layers": "l.csv",
            "costs": "c.csv",
            "metadata": "m.json",
        }
        paths = {key: tmp_path / name for key, name in names.items()}
        convert_network(
            model_path=tmp_path / "model.keras",
            dataset_path=tmp_path / "data.npz",
            input_scale=1 / 255,
            input_offset=0.0,
            name="every_layer",
            seed=4,
            config=config,
            **{f"{key}_path": path for key, path in paths.items()},
        )
        return paths

    return convert_to


def test_neurons_whose_rates_scaling_skews_are_warned_of_in_the_log(convert_to, caplog):
    paths = convert_to(
        {"neuron": "lif", "lif": {"tau_rc": 0.03}, "initial_voltages": "uniform", "seed": 0}
    )
    neurons = {layer.neuron for layer in load_network(paths["network"]).spiking_layers}
    assert neurons == {LIF(tau_rc=0.03)}
    assert "The rate of LIF neurons is not proportional to their current" in caplog.text
    assert "warnings" not in json.loads(paths["metadata"].read_text())


def test_neurons_with_proportional_rates_are_not(convert_to, caplog):
    paths = convert_to({"neuron": "spiking_relu", "initial_voltages": "uniform", "seed": 0})
    network = load_network(paths["network"])
    assert {layer.neuron for layer in network.spiking_layers} == {SpikingReLU()}
    assert "proportional" not in caplog.text
    table = pd.read_csv(paths["layers"]).set_index("layer")
    assert table["neurons"].sum() == json.loads(paths["metadata"].read_text())["neurons"]
    assert list(table.index) == [*(la.name for la in network.spiking_layers), "output"]


def test_zero_activations_of_the_trained_network_are_counted(convert_to, every_layer):
    import tf_keras

    from spikesweep.conversion.build_keras import build_keras
    from spikesweep.conversion.nonzero import nonzero_shares

    paths = convert_to({"neuron": "spiking_relu", "initial_voltages": "uniform", "seed": 0})
    network = load_network(paths["network"])
    (row,) = pd.read_csv(paths["costs"]).to_dict("records")
    assert (row["network"], row["seed"], row["images"]) == ("every_layer", 4, 6)
    assert row["neurons"] == sum(layer.neurons for layer in network.spiking_layers)
    macs = sum(multiply_adds(network).values())
    assert 0 < row["input_effective_macs_per_image"] < row["ann_effective_macs_per_image"] < macs

    prepared = network.prepare(IMAGES)
    counted = nonzero_shares(network, build_keras(network.layers), prepared)
    for read in ("conv1", "relu2", "pool", "concatenate", "dense1"):
        seen = tf_keras.Model(every_layer.input, every_layer.get_layer(read).output)(prepared)
        np.testing.assert_array_equal(counted[read], (seen.numpy() != 0).mean(axis=0))


def test_neuron_and_start_are_those_of_the_config(convert_to):
    paths = convert_to(
        {
            "neuron": "integrate_and_fire",
            "integrate_and_fire": {"most_spikes_a_step": 1},
            "initial_voltages": "half",
            "seed": 0,
        }
    )
    network = load_network(paths["network"])
    assert network.start == "half"
    for layer in network.spiking_layers:
        assert layer.neuron == IntegrateAndFire(most_spikes_a_step=1)
        assert (layer.initial_voltages == 0.5).all()
