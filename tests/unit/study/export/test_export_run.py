"""One job: all files of a network, and what is measured of them."""

import json

import h5py
import nir
import numpy as np
import pandas as pd
import pytest
from exported_networks import IMAGES, residual_network
from fused_networks import random_network

from spikesweep.data.dataset import Dataset, load_dataset, save_dataset
from spikesweep.errors import UserError
from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.experiments.samples import Sample
from spikesweep.simulation.engine import engine_named
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Dense
from spikesweep.snn.network import save_network
from spikesweep.snn.neurons import IntegrateAndFire
from spikesweep.snn.voltages import with_start
from spikesweep.study.export import run as run_module
from spikesweep.study.export.changes import CHANGES, change_table, with_bits
from spikesweep.study.export.chosen import Chosen, cheapest_of_sweep, recommended
from spikesweep.study.export.description import description
from spikesweep.study.export.interpret import Dialect, play
from spikesweep.study.export.pruned import export_pruned
from spikesweep.study.export.run import run
from spikesweep.study.export.to_nir import to_nir

CONFIG = {
    "images": 6,
    "images_seed": 0,
    "played_images": 3,
    "weight_bits": [8, 2],
    "example_image": 1,
    "engine": "fused",
    "accuracy_margin": 0.01,
}
RESOURCES = {"threads": 1, "mem_mb": 1500}


def sweep_row(scale, accuracy, synops, synapse_s=0.01):
    row = {"synapse_s": synapse_s, "scale_firing_rates": scale, "steps": 20, "images": 500}
    row |= {"accuracy": accuracy, "accuracy_low": accuracy - 0.01, "accuracy_high": accuracy + 0.01}
    return row | {"ann_accuracy": 0.9, "spikes_per_image": 5.0, "synops_per_image": synops}


@pytest.fixture
def files(tmp_path):
    """The files that a job reads, of a network of a given make."""

    def written(network):
        rng = np.random.default_rng(0)
        images = rng.integers(0, 120, (20, *network.input.shape)).astype(np.uint8)
        labels = np.arange(20, dtype=np.int64) % 5
        names = np.array([f"class {number}" for number in range(5)])
        save_dataset(Dataset(images, labels, images, labels, names), tmp_path / "data.npz")
        save_network(network, tmp_path / "snn.npz")
        np.save(tmp_path / "ann.npy", labels)
        sweep = pd.DataFrame(
            [sweep_row(1, 0.5, 10), sweep_row(8, 0.895, 80), sweep_row(16, 0.9, 90)]
        )
        sweep.to_csv(tmp_path / "sweep.csv", index=False)
        return {
            "dataset": str(tmp_path / "data.npz"),
            "network": str(tmp_path / "snn.npz"),
            "ann_classes": str(tmp_path / "ann.npy"),
            "sweep": str(tmp_path / "sweep.csv"),
            "candidates": [],
            "check": [],
        }

    return written


def exported(inputs, folder, **changed):
    outputs = {
        "description": str(folder / "network.json"),
        "changes": str(folder / "changes.csv"),
        "fit": str(folder / "fit.csv"),
        "metadata": str(folder / "metadata.json"),
    }
    run(
        inputs=inputs,
        outputs=outputs,
        network="a_net",
        seed=3,
        config=CONFIG | changed,
        **RESOURCES,
    )


def test_an_image_that_is_not_there_is_told(files, tmp_path):
    """Of 20 test images, 6 are kept for the check of a recommendation."""
    with pytest.raises(UserError, match=r"found 14, but a_net has 14 .*; give at most 13"):
        exported(files(residual_network()), tmp_path / "export", example_image=14)


def test_a_job_writes_every_form_and_what_it_measured(files, tmp_path):
    network = residual_network()
    folder = tmp_path / "export"
    exported(files(network), folder)
    facts = json.loads((folder / "network.json").read_text())
    assert facts["setting"]["scale_firing_rates"] == {
        layer.name: 8.0 for layer in network.spiking_layers
    }
    read = {key: facts["answer"][key] for key in ("steps", "readout", "averaged_steps")}
    assert read == {"steps": 20, "readout": "last", "averaged_steps": 1}
    assert facts["expected"]["accuracy"] == 0.895
    assert facts["classes"] == [f"class {number}" for number in range(5)]
    assert Dialect(**facts["dialect"]) == Dialect()
    graph = nir.read(folder / "network.nir")
    example = np.load(folder / "example.npz")
    # The example is what the graph in the file does with the input in the example.
    played = play(graph, example["input"][None], 20, facts["dt_s"])
    for layer, node in facts["nodes"].items():
        np.testing.assert_array_equal(example[f"spikes/{node}"], played.spikes[node][0])
        assert example[f"counts/{layer}"].sum() == played.spikes[node].sum()
    assert played.scores[0, -1].argmax() == example["answer"]
    changes = pd.read_csv(folder / "changes.csv").set_index("change")
    assert changes.loc["nothing", "spike_differences"] == 0
    assert changes.loc["nothing", "same_class"] == 1
    assert set(changes.index) == {
        *(change.name for change in CHANGES),
        "8-bit weights",
        "2-bit weights",
    }
    assert set(changes["network"]) == {"a_net"}
    assert set(pd.read_csv(folder / "fit.csv")["limit"]) >= {"input", "filter"}
    assert (folder / "network.py").exists()


@pytest.mark.parametrize(("synapse_s", "filtered"), [(None, False), (0.0, False), (0.01, True)])
def test_how_filters_are_solved_is_described(synapse_s, filtered, files):
    inputs = files(residual_network())
    chosen = Chosen(Candidate(Setting(synapse_s, 8.0), Reading(20, "last")), "", {"images": 500.0})
    network, dataset = residual_network(), load_dataset(inputs["dataset"])
    named = {"name": "a_net", "seed": 0, "nodes": {}, "refused": None}
    facts = description(network, chosen, dataset, **named)
    assert ("not in Euler steps" in facts["not_in_nir"]["filter"]) == filtered
    assert json.dumps(facts["expected"]) == '{"images": 500}'


def test_older_readers_of_nir_take_the_file(files, tmp_path):
    exported(files(residual_network()), tmp_path / "export")
    with h5py.File(tmp_path / "export" / "network.nir") as file:
        nodes = file["node/nodes"]
        neurons = [node for node in nodes.values() if node["type"][()] == b"IF"]
        assert neurons
        assert not any("v_reset" in node for node in neurons)
    graph = nir.read(tmp_path / "export" / "network.nir")
    assert all(
        np.all(node.v_reset == 0) for node in graph.nodes.values() if isinstance(node, nir.IF)
    )


def test_a_network_that_nir_cannot_express_is_exported_without_it(files, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "network.nir").write_text("of an earlier run")
    exported(files(random_network("concatenated", 1)), folder)
    facts = json.loads((folder / "network.json").read_text())
    assert facts["nir"] is None
    assert "NIR has no Concatenate" in facts["why_no_nir"]
    assert not (folder / "network.nir").exists()
    changes = pd.read_csv(folder / "changes.csv")
    assert list(changes["change"]) == ["8-bit weights", "2-bit weights"]


def test_a_graph_that_fires_otherwise_fails_the_job(files, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(run_module, "_SPIKE_BUDGET", -1.0)
    exported(files(residual_network()), tmp_path / "export")
    assert "while every image gets the same class" in caplog.text
    monkeypatch.setattr(run_module, "_MOST_BY_ROUNDING", -1.0)
    with pytest.raises(UserError, match=r"a_net: spike counts of the exported graph differ"):
        exported(files(residual_network()), tmp_path / "export")


def test_pruned_networks_are_written_at_their_own_settings(files, tmp_path):
    inputs = files(residual_network())
    of = [("pruning/net/magnitude_50", 0), ("pruning/net/magnitude_80", 0)]
    export_pruned(
        datasets=[inputs["dataset"]] * 2,
        networks=[inputs["network"]] * 2,
        sweeps=[inputs["sweep"]] * 2,
        of=of,
        description_paths=[tmp_path / name / f"seed{seed}" / "network.json" for name, seed in of],
        fit_path=tmp_path / "fit.csv",
        metadata_path=tmp_path / "metadata.json",
        config=CONFIG,
        **RESOURCES,
    )
    for name, seed in of:
        folder = tmp_path / name / f"seed{seed}"
        assert {path.name for path in folder.iterdir()} == {
            *("network.json", "network.nir", "network.npz", "network.py", "example.npz")
        }
    assert set(pd.read_csv(tmp_path / "fit.csv")["network"]) == {name for name, _ in of}


def test_the_cheapest_accurate_setting_of_a_sweep_is_chosen_or_the_most_accurate(tmp_path):
    path = tmp_path / "sweep.csv"
    rows = [sweep_row(1, 0.5, 10), sweep_row(8, 0.895, 80, np.nan), sweep_row(16, 0.9, 90)]
    pd.DataFrame(rows).to_csv(path, index=False)
    assert cheapest_of_sweep(path, 0.01).candidate.setting == Setting(None, 8.0)
    pd.DataFrame([*rows[:1], sweep_row(4, 0.7, 90)]).to_csv(path, index=False)
    chosen = cheapest_of_sweep(path, 0.01)
    assert chosen.candidate == Candidate(Setting(0.01, 4.0), Reading(20, "last"))
    assert chosen.why == "the most accurate of its sweep"


def test_what_was_recommended_is_exported_with_what_its_seed_did(tmp_path):
    scales = "{conv1: 20, conv2: 50}"
    candidate = {
        "synapse_s": 0.01,
        "scale_firing_rates": scales,
        "steps": 30,
        "readout": "last_third",
    }
    rows = [candidate | {"chosen": False, "steps": 10, "within_margin": True}]
    rows += [candidate | {"chosen": True, "within_margin": True}]
    pd.DataFrame(rows).to_csv(tmp_path / "candidates.csv", index=False)
    checks = [
        sweep_row(1, accuracy, 10) | {"seed": seed}
        for seed, accuracy in ((0, 0.8), (1, 0.7), ("mean", 0.75))
    ]
    pd.DataFrame(checks).to_csv(tmp_path / "check.csv", index=False)
    chosen = recommended(tmp_path / "candidates.csv", tmp_path / "check.csv", 1)
    setting = Setting.per_layer(0.01, {"conv1": 20, "conv2": 50})
    assert chosen.candidate == Candidate(setting, Reading(30, "last_third"))
    assert chosen.expected["accuracy"] == 0.7


@pytest.fixture
def experiment_of():
    def made(network):
        labels = np.zeros(len(IMAGES), np.int64)
        sample = Sample(IMAGES, labels, labels, np.arange(len(IMAGES)))
        return Experiment(network, sample, 20, engine_named("fused"), Limits())

    return made


def test_the_engine_and_the_interpreter_change_the_same(experiment_of):
    """What is measured with the engine, since it is faster, is what the dialect says."""
    experiment = experiment_of(residual_network())
    candidate = Candidate(Setting(0.01, 8.0), Reading(20, "last"))
    graph = to_nir(experiment.network, candidate.setting).graph
    images = experiment.images.transpose(0, 3, 1, 2)
    table = change_table(
        experiment,
        candidate,
        to_nir(experiment.network, candidate.setting),
        weight_bits=[],
        played_images=6,
    ).set_index("change")
    compared = [change for change in CHANGES if change.instead]
    assert len(compared) == 3
    for change in compared:
        played = play(graph, images, 20, experiment.network.dt, change.dialect)
        scores = played.scores.mean(axis=1) if change.averaged else played.scores[:, -1]
        right = float((scores.argmax(axis=1) == experiment.sample.labels).mean())
        assert table.loc[change.name, "accuracy"] == right
        spikes = sum(int(one.sum()) for one in played.spikes.values()) / len(images)
        assert table.loc[change.name, "spikes_per_image"] == pytest.approx(spikes, rel=2e-3)
        assert spikes != table.loc["nothing", "spikes_per_image"]


@pytest.mark.parametrize(
    ("network", "setting", "left_out"),
    [
        (residual_network(), Setting(None, 8.0), {"no delay", "no filter, read from the mean"}),
        (residual_network(), Setting(0.0, 8.0), {"no delay", "no filter, read from the mean"}),
        (with_start(residual_network(), "zero"), Setting(0.01, 8.0), {"start at 0"}),
        (residual_network(neuron=IntegrateAndFire()), Setting(0.01, 8.0), {"signed current"}),
        (
            residual_network(neuron=IntegrateAndFire(1)),
            Setting(0.01, 8.0),
            {"signed current", "one spike per step"},
        ),
    ],
    ids=["no synapse", "a delay", "start at 0", "signed", "signed, one spike"],
)
def test_changes_that_change_nothing_are_left_out(network, setting, left_out, experiment_of):
    candidate = Candidate(setting, Reading(20, "last"))
    table = change_table(
        experiment_of(network),
        candidate,
        to_nir(network, setting),
        weight_bits=[],
        played_images=2,
    )
    assert {change.name for change in CHANGES} - set(table["change"]) == left_out
    assert table.set_index("change").loc["nothing", "spike_differences"] == 0


@pytest.mark.parametrize("bits", [2, 4, 8])
def test_weights_have_so_many_bits(bits):
    network = residual_network()
    kernel = next(
        layer for layer in with_bits(network, bits).layers if isinstance(layer, Dense)
    ).kernel
    own = network.readout.kernel
    step = np.abs(own).max() / (2 ** (bits - 1) - 1)
    np.testing.assert_allclose(kernel / step, np.rint(kernel / step), atol=1e-4)
    assert np.abs(kernel - own).max() <= step / 2 * 1.001
    assert len(np.unique(kernel)) <= 2**bits - 1
