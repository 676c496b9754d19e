"""The job that asks a network again: what it simulates, writes, and leaves out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.experiments.answers import load_answers
from spikesweep.experiments.experiment import load_experiment
from spikesweep.experiments.samples import Sample
from spikesweep.experiments.sweep import grid, sweep
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.layers import Dense, Input, Spiking
from spikesweep.snn.network import SpikingNetwork, save_network
from spikesweep.snn.neurons import LIF, IntegrateAndFire, SpikingReLU
from spikesweep.snn.rates import rates
from spikesweep.study.spikes_or_neuron.run import REPEATED, run
from spikesweep.study.spikes_or_neuron.ways import other_ways

SIGNED = [
    {"neuron": "integrate_and_fire", "read_out": "last"},
    {"neuron": "integrate_and_fire", "read_out": "mean"},
]
CONFIG = {
    "ways": [*SIGNED, {"neuron": "spiking_relu", "read_out": "mean"}],
    "images": 40,
    "images_seed": 0,
    "engine": "fused",
    "voltage_draws": 2,
    "sweep": {"steps": 30, "synapse_s": [None, 0.005], "scale_firing_rates": [10, 100]},
    "layers": {"steps": 30, "synapse_s": 0.005, "operating_points": [0.8], "factors": [2, 4]},
    "rates": {
        **{"steps": 30, "synapse_s": 0.005, "operating_points": [0.8], "factors": [4]},
        **{"slow_factor": 8, "tried_on": 20},
    },
}


def network_of(layers, neuron):
    rng = np.random.default_rng(0)
    parts, size = [Input("image", (), (6,))], 6
    for number in range(layers):
        name, kernel = f"layer{number}", rng.normal(0, 0.6, (size, 24)).astype("f4")
        current = Dense(f"{name}.current", (parts[-1].name,), (24,), kernel, np.full(24, 0.1, "f4"))
        voltages = rng.random(24, dtype=np.float32)
        parts += [current, Spiking(name, (current.name,), (24,), neuron, voltages)]
        size = 24
    kernel = rng.normal(0, 0.6, (24, 4)).astype("f4")
    parts.append(Dense("output", (parts[-1].name,), (4,), kernel, np.zeros(4, "f4")))
    return SpikingNetwork(tuple(parts), 0, 0.001, np.float32(1 / 255), np.float32(0))


@pytest.fixture(autouse=True)
def no_chance(monkeypatch):
    """These small networks have few classes, of which one is frequent."""
    monkeypatch.setattr(Sample, "chance", lambda _: 0.0)


@pytest.fixture
def inputs(tmp_path):
    """The files of a network whose labels are what it says as rates."""

    def write(layers=2, neuron=SpikingReLU()):  # noqa: B008
        network = network_of(layers, neuron)
        save_network(network, tmp_path / "network.npz")
        images = np.random.default_rng(1).integers(0, 256, (60, 6, 1, 1), dtype=np.uint8)
        scores = rates(network, network.prepare(images.reshape(60, 6)))["output"]
        labels = scores.argmax(axis=1)
        np.save(tmp_path / "classes.npy", labels)
        flat = images.reshape(60, 6)
        save_dataset(Dataset(flat, labels, flat, labels, list("abcd")), tmp_path / "data.npz")
        names = {"dataset": "data.npz", "network": "network.npz", "ann_classes": "classes.npy"}
        return {name: str(tmp_path / file) for name, file in names.items()}

    return write


@pytest.fixture
def asked(inputs, tmp_path):
    """The tables and answers of the job, by study."""

    def ask(config=CONFIG, **network):
        outputs = {study: str(tmp_path / f"{study}.csv") for study in REPEATED}
        outputs |= {f"{study}_answers": str(tmp_path / f"{study}.npz") for study in REPEATED}
        run(
            inputs=inputs(**network),
            outputs=outputs | {"metadata": str(tmp_path / "metadata.json")},
            network="net",
            seed=3,
            config=config,
            threads=1,
            mem_mb=1500,
        )
        return {
            study: (pd.read_csv(outputs[study]), load_answers(outputs[f"{study}_answers"]))
            for study in REPEATED
        }

    return ask


def test_every_way_is_swept_and_layers_are_asked_where_the_last_step_is_read(asked):
    found = asked()
    for table, answers in found.values():
        assert tuple(table.columns[:4]) == ("network", "seed", "neuron", "read_out")
        assert len(table) == len(answers.correct)
        np.testing.assert_allclose(answers.final.mean(axis=1), table["accuracy"], atol=1e-9)
    swept = found["sweep"][0]
    assert swept.groupby(["neuron", "read_out"]).size().tolist() == [4, 4, 4]
    for study in ("layers", "rates"):
        table = found[study][0]
        assert set(zip(table["neuron"], table["read_out"], strict=True)) == {
            ("integrate_and_fire", "last")
        }
    assert set(found["layers"][0]["subset"].dropna()) == {"layer0", "layer1", "layer0+layer1"}


def test_answers_are_those_of_the_other_neuron(asked, inputs):
    table, answers = asked()["sweep"]
    how = CONFIG | {"steps": 30}
    experiment = load_experiment(**inputs(), config=how, threads=1, mem_mb=1500)
    network = with_neuron(experiment.network, IntegrateAndFire())
    for read_out in ("last", "mean"):
        alone = sweep(
            replace(experiment, network=network, read_out=read_out),
            grid([None, 0.005], [10, 100]),
            "net",
        )
        rows = (table["neuron"] == "integrate_and_fire") & (table["read_out"] == read_out)
        np.testing.assert_array_equal(answers.final[rows], alone.answers.final)


def test_a_network_is_not_asked_again_as_it_was_studied():
    found = other_ways(network_of(2, IntegrateAndFire()), CONFIG["ways"], "net")
    assert found == {"integrate_and_fire": ["mean"], "spiking_relu": ["mean"]}


def test_lif_neurons_are_left_out_in_one_line(asked, caplog):
    found = asked(neuron=LIF())
    assert all(table.empty for table, _ in found.values())
    lines = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert len(lines) == 1
    assert "net seed 3: its neurons are LIF" in lines[0]


def test_a_single_layer_has_a_sweep_alone_and_one_line(asked, caplog):
    found = asked(layers=1)
    assert len(found["sweep"][0]) == 12
    assert found["layers"][0].empty
    assert found["rates"][0].empty
    said = [record.message for record in caplog.records if "one spiking layer" in record.message]
    assert len(said) == 1


def test_studies_that_do_not_run_are_not_repeated(asked):
    found = asked({key: value for key, value in CONFIG.items() if key not in ("layers", "rates")})
    assert found["layers"][0].empty
    assert found["rates"][0].empty
    assert len(found["sweep"][0]) == 12
