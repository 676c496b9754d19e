"""The study on a small residual network, against direct simulations."""

import numpy as np
import pandas as pd
import pytest
from fused_networks import Builder, random_images

from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.experiments.answers import load_answers
from spikesweep.experiments.samples import load_sample
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Add
from spikesweep.snn.network import save_network
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.snn.relays import with_relays
from spikesweep.study.skip_paths.run import run

CONFIG = {
    "synapse_s": [None, 0.004],
    "scale_firing_rates": [4],
    "read_at": [25, 5],
    "images": 12,
    "images_seed": 0,
    "engine": "fused",
    "voltage_draws": 1,
}


@pytest.fixture
def network():
    """One block: two convolutions beside an identity."""
    b = Builder(0, (8, 9, 2), SpikingReLU())
    b.conv(4, padding="same")
    first = b.spiking()
    b.conv(4, padding="same"), b.spiking(), b.conv(4, padding="same")
    b.join(Add, first, b.last), b.spiking(), b.reshape(), b.dense(5)
    return b.network()


@pytest.fixture
def folder(network, tmp_path):
    save_network(network, tmp_path / "network.npz")
    images, labels = random_images(12).astype(np.uint8), np.arange(12) % 5
    save_dataset(
        Dataset(images, labels, images, labels, np.array(list("abcde"))), tmp_path / "data.npz"
    )
    np.save(tmp_path / "classes.npy", labels)
    run(
        inputs={
            "dataset": tmp_path / "data.npz",
            "network": tmp_path / "network.npz",
            "ann_classes": tmp_path / "classes.npy",
        },
        outputs={
            "table": tmp_path / "table.csv",
            "answers": tmp_path / "answers.npz",
            "metadata": tmp_path / "metadata.json",
        },
        network="net",
        seed=3,
        config=CONFIG,
        threads=1,
        mem_mb=1200,
    )
    return tmp_path


def test_rows_and_answers_are_those_of_both_kinds_of_paths(folder, network):
    table = pd.read_csv(folder / "table.csv")
    answers = load_answers(folder / "answers.npz").correct
    assert len(table) == 2 * 2 * 2
    np.testing.assert_allclose(table["accuracy"], answers.mean(axis=-1).ravel())
    sample = load_sample(folder / "data.npz", folder / "classes.npy", 12, 0)
    shown = network.prepare(sample.images)
    for number, one in enumerate((network, with_relays(network))):
        (response,) = simulate(one, shown, [Setting(0.004, 4.0)], 25, engine=engine_named("fused"))
        right = sample.labels == response.scores[:, [4, 24]].argmax(axis=-1).T
        np.testing.assert_array_equal(answers[2 * number + 1], right)


def test_relays_delay_answers_behind_a_synapse_only(folder, network):
    sample = load_sample(folder / "data.npz", folder / "classes.npy", 12, 0)
    shown = network.prepare(sample.images)
    for synapse_s, alike in ((None, True), (0.004, False)):
        scores = [
            simulate(one, shown, [Setting(synapse_s, 4.0)], 25, engine=engine_named("fused"))[
                0
            ].scores
            for one in (network, with_relays(network))
        ]
        assert np.array_equal(*scores) == alike
