"""The job that converts: what it writes and what it says."""

import json

import numpy as np
import pandas as pd
import pytest

from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.snn.network import load_network
from spikesweep.snn.neurons import LIF, SpikingReLU


@pytest.fixture
def convert_to(every_layer, tmp_path):
    """Converts `every_layer` to the neurons of a config; the paths of what it wrote."""
    from spikesweep.conversion.convert_network import convert_network

    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (6, 8, 8, 2), np.uint8)
    labels = np.arange(6) % 3
    save_dataset(
        Dataset(images, labels, images, labels, np.array(["a", "b", "c"])), tmp_path / "data.npz"
    )
    every_layer.save(tmp_path / "model.keras")

    def convert_to(config):
        names = {
            "network": "n.npz",
            "ann_classes": "a.npy",
            "layers": "l.csv",
            "metadata": "m.json",
        }
        paths = {key: tmp_path / name for key, name in names.items()}
        convert_network(
            model_path=tmp_path / "model.keras",
            dataset_path=tmp_path / "data.npz",
            input_scale=1 / 255,
            input_offset=0.0,
            seed=0,
            config=config,
            **{f"{key}_path": path for key, path in paths.items()},
        )
        return paths

    return convert_to


def test_neurons_whose_rates_scaling_skews_are_warned_of_in_the_log(convert_to, caplog):
    paths = convert_to({"neuron": "lif", "lif": {"tau_rc": 0.03}, "seed": 0})
    neurons = {layer.neuron for layer in load_network(paths["network"]).spiking_layers}
    assert neurons == {LIF(tau_rc=0.03)}
    assert "LIF neurons: their rate is not proportional to the current" in caplog.text
    assert "warnings" not in json.loads(paths["metadata"].read_text())


def test_neurons_with_proportional_rates_are_not(convert_to, caplog):
    paths = convert_to({"neuron": "spiking_relu", "seed": 0})
    network = load_network(paths["network"])
    assert {layer.neuron for layer in network.spiking_layers} == {SpikingReLU()}
    assert "proportional" not in caplog.text
    table = pd.read_csv(paths["layers"]).set_index("layer")
    assert table["neurons"].sum() == json.loads(paths["metadata"].read_text())["neurons"]
    assert list(table.index) == [*(la.name for la in network.spiking_layers), "output"]
