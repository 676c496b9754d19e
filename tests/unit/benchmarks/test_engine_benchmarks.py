"""The benchmark of the engines, on a network that takes no time."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fused_networks import random_network

from spikesweep.benchmarks.engines import Case, benchmark_network, fewer, profile_fused, studies
from spikesweep.benchmarks.joined import benchmark_engines
from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.snn.network import save_network
from spikesweep.tables import read_table, write_csv


@pytest.fixture
def dataset(tmp_path):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (150, 8, 9, 2), dtype=np.uint8)
    labels = rng.integers(0, 5, 150)
    names = np.array(["a", "b", "c", "d", "e"])
    save_dataset(Dataset(images, labels, images, labels, names), tmp_path / "data.npz")
    return tmp_path / "data.npz"


def test_studies_have_their_sizes():
    network = random_network("residual", 0)
    assert {name: len(some) for name, some in studies(network).items()} == {
        "single setting": 1,
        "7 x 7 sweep": 49,
        "layer scaling": 4 * len(network.spiking_layers),
    }


@pytest.mark.parametrize(
    ("multiply_adds", "expected"), [(1e3, 1000), (2e6, 1000), (8e6, 250), (1e9, 32)]
)
def test_larger_networks_are_shown_fewer_images(multiply_adds, expected):
    assert fewer(1000, multiply_adds, at_least=32) == expected
    assert fewer(20, multiply_adds, at_least=32) == 20


def test_profile_accounts_for_all_of_the_time(tmp_path, dataset):
    network = random_network("conv", 0)
    save_network(network, tmp_path / "network.npz")
    table = profile_fused(
        Case(tmp_path / "network.npz", dataset), studies(network)["7 x 7 sweep"], images=20
    )
    assert list(table["loop"]) == ["list_pixels", "drive", "fire", "read_out", "everything else"]
    assert (table["share"] > 0).all()
    assert table["share"].sum() == pytest.approx(1)


def test_networks_are_joined_in_their_order(tmp_path):
    paths = [str(tmp_path / f"{name}.csv") for name in ("b", "a")]
    for path in paths:
        write_csv(pd.DataFrame({"network": [Path(path).stem] * 2, "ratio": [1.5, 2.0]}), path)
    joined = tmp_path / "engines.csv"
    benchmark_engines(inputs={"tables": paths}, outputs={"table": str(joined)}, config=None)
    assert list(read_table(joined)["network"]) == ["b", "b", "a", "a"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_measures_both_engines(tmp_path, dataset):
    from spikesweep.conversion.build_keras import build_keras
    from spikesweep.conversion.convert import convert

    network = random_network("dense", 0)
    neuron = network.spiking_layers[0].neuron
    model = build_keras(network.layers)
    network = convert(model, neuron=neuron, seed=0, input_scale=1.0, input_offset=0.0)
    save_network(replace(network, dt=0.001), tmp_path / "network.npz")
    case = Case(tmp_path / "network.npz", dataset)
    neurons = ("spiking_relu", "integrate_and_fire")
    table = benchmark_network(case, "tiny", threads=1, neurons=neurons, steps=5, images=20)
    assert set(table["network"]) == {"tiny"}
    assert list(table["neuron"]) == [neurons[0]] * 3 + [neurons[1]] * 3
    assert list(table["study"]) == ["single setting", "7 x 7 sweep", "layer scaling"] * 2
    assert list(table["settings"]) == [1, 49, 8] * 2
    assert (table["fused_per_s"] > 0).all()
    # There are 150 images, and a batch to warm up with comes before three others.
    assert table["nengo_dl_batch"].isin([32, 37]).all()
    np.testing.assert_allclose(table["ratio"], table["fused_per_s"] / table["nengo_dl_per_s"])
    assert (table["nengo_dl_peak_mb"] > table["fused_peak_mb"]).all()
