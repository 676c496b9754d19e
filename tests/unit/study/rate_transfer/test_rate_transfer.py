"""Variants of a small network: their rates, what the table of the study says of them."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gmean

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.samples import Sample
from spikesweep.simulation.engine import engine_named
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Dense, Input, Spiking
from spikesweep.snn.network import SpikingNetwork, save_network
from spikesweep.snn.neurons import LIF, SpikingReLU
from spikesweep.study.rate_transfer.levels import Level, levels
from spikesweep.study.rate_transfer.noise_prediction import layer_outputs
from spikesweep.study.rate_transfer.run import rescaled_agreement, run
from spikesweep.study.rate_transfer.transfer import COLUMNS, transfer
from spikesweep.study.rate_transfer.variants import slow_layer, variants

OUTPUTS = {"one": 0.5, "two": 4.0}
CONFIG = {
    "synapse_s": 0.005,
    "operating_points": [0.6, 0.9],
    "slow_factor": 8,
    "factors": [2.0, 8.0],
    "images": 40,
    "images_seed": 0,
    "steps": 40,
    "engine": "fused",
    "voltage_draws": 1,
}


@pytest.fixture(autouse=True)
def no_chance(monkeypatch):
    """These small networks have few classes, of which one is frequent."""
    monkeypatch.setattr(Sample, "chance", lambda _: 0.0)


@pytest.fixture
def experiment():
    """Two layers that pass a random image on; the label is what the network says as rates."""
    rng = np.random.default_rng(0)

    def dense(name, source, n_in, n_out):
        kernel = rng.normal(0, 0.6, (n_in, n_out)).astype("f4")
        return Dense(name, (source,), (n_out,), kernel, np.full(n_out, 0.1, "f4"))

    def spiking(name, n):
        voltages = rng.random(n, dtype=np.float32)
        return Spiking(name, (f"{name}.current",), (n,), SpikingReLU(), voltages)

    layers = (
        Input("image", (), (6,)),
        dense("one.current", "image", 6, 30),
        spiking("one", 30),
        dense("two.current", "one", 30, 20),
        spiking("two", 20),
        dense("output", "two", 20, 4),
    )
    network = SpikingNetwork(layers, 0, 0.001, np.float32(1 / 255), np.float32(0))
    images = rng.integers(0, 256, (40, 6), dtype=np.uint8)
    x = network.prepare(images)
    for layer in layers:
        if isinstance(layer, Dense):
            x = x @ layer.kernel + layer.bias
        if isinstance(layer, Spiking):
            x = np.maximum(x, 0)
    labels = x.argmax(axis=1)
    sample = Sample(images, labels, labels, np.arange(len(labels)))
    return Experiment(network, sample, CONFIG["steps"], engine_named("fused"), Limits())


def test_variants_share_their_mean_rate_and_differ_in_who_is_slow():
    found = variants(OUTPUTS, 12.0, 8)
    rates = {
        variant: [scales[name] * output for name, output in OUTPUTS.items()]
        for variant, scales in found.items()
    }
    assert list(found) == ["trained", "equal", "slow_one", "slow_two"]
    assert gmean(rates["trained"]) == pytest.approx(12)
    assert rates["trained"][1] / rates["trained"][0] == pytest.approx(8)
    assert rates["equal"] == pytest.approx([12, 12])
    assert rates["slow_one"] == pytest.approx([1.5, 12])
    assert rates["slow_two"] == pytest.approx([12, 1.5])
    assert [slow_layer(variant) for variant in found] == [None, None, "one", "two"]


@pytest.fixture
def at_two_rates(experiment):
    """All variants at 20 and at 200 Hz, whatever accuracy that gives; the layers' outputs."""
    outputs = layer_outputs(experiment.network, experiment.images)
    means = {name: output.mean for name, output in outputs.items()}
    return [
        Level(rate / 1000, variant, rate, scales)
        for rate in (20.0, 200.0)
        for variant, scales in variants(means, rate, CONFIG["slow_factor"]).items()
    ], outputs


@pytest.fixture
def found(experiment, at_two_rates):
    return transfer(experiment, *at_two_rates, CONFIG, name="net")


@pytest.fixture
def table(found):
    keys = ["mean_rate_hz", "variant", "layer", "factor"]
    return found[0].set_index(keys, drop=False).sort_index()


def test_answers_are_those_with_the_layer_scaled(found):
    rows, answers = found
    assert answers.final.shape == (len(rows), 40)
    np.testing.assert_allclose(answers.final.mean(axis=1), rows["accuracy"])


def test_layers_are_compared_where_each_variant_is_usable(experiment, at_two_rates):
    outputs = {name: output.mean for name, output in at_two_rates[1].items()}
    found = levels(experiment, outputs, CONFIG, "net")
    assert [(level.operating_point, level.variant) for level in found] == [
        (point, variant)
        for point in CONFIG["operating_points"]
        for variant in ("trained", "equal", "slow_one", "slow_two")
    ]
    rate = {(level.operating_point, level.variant): level.mean_rate_hz for level in found}
    # More accuracy takes more spikes.
    assert all(rate[0.9, level.variant] > rate[0.6, level.variant] for level in found)
    for level in found:
        (response,) = experiment.simulate([Setting.per_layer(CONFIG["synapse_s"], level.scales)])
        right = (response.predictions[:, -1] == experiment.sample.labels).mean()
        # Between two rates that were tried, an octave apart, on 40 images.
        assert right == pytest.approx(level.operating_point, abs=0.15), level


def test_a_point_that_is_not_reached_is_left_out_with_a_word(experiment, caplog):
    early = dataclasses.replace(experiment, steps=2)
    assert levels(early, OUTPUTS, CONFIG | {"operating_points": [1.0]}, "net") == []
    assert "net, trained: does not reach 1 of the ANN's accuracy" in caplog.text
    assert "net, slow_two: does not reach" in caplog.text


def test_one_row_a_base_layer_and_factor(table):
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 2 * 4 * 2 * 2
    assert table.index.is_unique
    assert table.loc[200.0, "trained", "two"]["depth"].tolist() == [1, 1]
    np.testing.assert_allclose(table["gain"], table["accuracy"] - table["base_accuracy"])


def test_layers_fire_at_the_rates_that_they_were_given(table):
    # The second layer waits for the synapse, for an eighth of the presentation.
    for layer in ("one", "two"):
        others = table.loc[200.0, "equal", layer, 2.0]["base_rate_hz"]
        slow = table.loc[200.0, f"slow_{layer}", layer, 2.0]["base_rate_hz"]
        assert others == pytest.approx(200, rel=0.15)
        assert slow == pytest.approx(200 / 8, rel=0.15)


def test_what_is_slow_and_made_fast_again_is_as_the_others(table):
    for layer in ("one", "two"):
        back = table.loc[200.0, f"slow_{layer}", layer, 8.0]["accuracy"]
        assert back == pytest.approx(table.loc[200.0, "equal", layer, 8.0]["base_accuracy"])


def test_slow_layers_are_predicted_to_be_noisy_and_to_gain(table):
    slow, alike = (table.loc[200.0, variant, "one", 8.0] for variant in ("slow_one", "equal"))
    assert slow["predicted_variance"] > 5 * alike["predicted_variance"]
    assert slow["sensitivity"] == alike["sensitivity"]
    assert slow["predicted_gain"] > alike["predicted_gain"] >= 0
    # The ripple of the first layer passes the second synapse as well.
    assert slow["predicted_gain_cascade"] < slow["predicted_gain"]
    assert table["predicted_base_accuracy"].between(0, 1).all()


def test_a_network_that_is_really_rescaled_answers_as_its_scales_do(experiment, at_two_rates):
    compared, _ = at_two_rates
    assert rescaled_agreement(experiment, compared, CONFIG) >= 0.95
    reference = dataclasses.replace(experiment, engine=engine_named("nengo_dl"))
    assert rescaled_agreement(reference, compared, CONFIG) is None
    assert rescaled_agreement(experiment, [], CONFIG) is None


@pytest.fixture
def files(experiment, tmp_path):
    """The job's files, for a network whose first layer is made of the given neurons."""

    def write(neuron):
        layers = [
            dataclasses.replace(layer, neuron=neuron) if layer.name == "one" else layer
            for layer in experiment.network.layers
        ]
        network = dataclasses.replace(experiment.network, layers=tuple(layers))
        save_network(network, tmp_path / "network.npz")
        sample = experiment.sample
        np.save(tmp_path / "classes.npy", sample.ann_classes)
        np.savez(
            tmp_path / "data.npz",
            x_train=sample.images,
            y_train=sample.labels,
            x_test=sample.images,
            y_test=sample.labels,
            class_names=np.array(list("abcd")),
        )
        names = {"dataset": "data.npz", "network": "network.npz", "ann_classes": "classes.npy"}
        run(
            inputs={name: str(tmp_path / file) for name, file in names.items()},
            outputs={
                "table": str(tmp_path / "table.csv"),
                "answers": str(tmp_path / "answers.npz"),
                "metadata": str(tmp_path / "metadata.json"),
            },
            network="net",
            seed=3,
            config=CONFIG | {"operating_points": [0.8], "factors": [4.0]},
            threads=1,
            mem_mb=1500,
        )
        metadata = json.loads((tmp_path / "metadata.json").read_text())
        return pd.read_csv(tmp_path / "table.csv"), metadata

    return write


def test_the_job_writes_network_and_seed_first(files):
    table, metadata = files(SpikingReLU())
    assert tuple(table.columns) == ("network", "seed", *COLUMNS)
    assert (table["seed"] == 3).all()
    assert len(table) == 4 * 2
    assert metadata["class_agreement_of_scaled_and_rescaled"] >= 0.95


def test_neurons_that_cannot_be_rescaled_leave_an_empty_table(files):
    table, metadata = files(LIF())
    assert table.empty
    assert tuple(table.columns) == ("network", "seed", *COLUMNS)
    assert metadata["class_agreement_of_scaled_and_rescaled"] is None


def test_a_silent_layer_leaves_an_empty_table_and_a_word(files, experiment, caplog):
    current = experiment.network.by_name["two.current"]
    current.kernel[:], current.bias[:] = 0, -1
    table, metadata = files(SpikingReLU())
    assert table.empty
    assert metadata["class_agreement_of_scaled_and_rescaled"] is None
    assert "net seed 3 is left out: layer two is silent for all images" in caplog.text
