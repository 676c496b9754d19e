"""What another neuron, start or read-out saves, from tables and networks of known truth."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from fused_networks import random_images, random_network
from neuron_costs import costs

from spikesweep.conversion.calibration.thresholds import THRESHOLDS, percentile
from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.experiments.answers import load_answers
from spikesweep.experiments.samples import load_sample
from spikesweep.simulation.as_rates import as_rates
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.readout import READ_OUTS
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.network import save_network
from spikesweep.snn.neurons import IntegrateAndFire
from spikesweep.snn.voltages import with_start
from spikesweep.study.neuron_cost.compare import COLUMNS, comparison
from spikesweep.study.neuron_cost.run import run
from spikesweep.study.neuron_cost.standard import standard_table
from spikesweep.tables import read_table

CONFIG = {
    "neurons": ["spiking_relu", "integrate_and_fire"],
    "initial_voltages": ["uniform"],
    "read_outs": ["last", "mean"],
    "accuracy_margin": 0.01,
    "confidence": 0.95,
}
STANDARD = {
    "steps": [4, 8],
    "images": 12,
    "converted": {"synapse_s": "none", "scale_firing_rates": 4},
    "signed": [{"method": "percentile", "factor": 2, "most_spikes_a_step": 1}],
    "calibration_images": 12,
}


def found(table, neuron, synapse=0.005, read_out="last"):
    rows = comparison(table, CONFIG)
    assert list(rows.columns) == list(COLUMNS)
    rows = rows[(rows["neuron"] == neuron) & (rows["read_out"] == read_out)]
    same = rows["synapse_s"].isna() if synapse is None else rows["synapse_s"] == synapse
    (row,) = rows[same].to_dict("records")
    return row


def test_the_factor_is_found_and_is_relative_to_the_cheapest_synapse_of_the_first():
    reference = found(costs(), "spiking_relu")
    assert reference["reference"]
    # Between losses of 0.02 and 0; how it is interpolated is told in experiments.operating_points.
    assert 10_000 < reference["synops_per_image"] < 100_000
    assert reference["steps"] == 16
    assert (reference["cheaper"], reference["faster"]) == (1, 1)
    signed = found(costs(), "integrate_and_fire")
    assert not signed["reference"]
    assert signed["cheaper"] == pytest.approx(2)
    assert signed["faster"] == pytest.approx(2)
    # Both fire as often at a scale and step; the signed ones answer as well after half as many.
    assert signed["fewer"] == pytest.approx(2)
    assert signed["spikes_per_image"] == pytest.approx(reference["spikes_per_image"] / 2)
    assert signed["reaching"] == signed["seeds"] == 3
    assert signed["own_synapse"]
    without = found(costs(), "spiking_relu", None)
    assert without["cheaper"] == pytest.approx(1 / 3)
    assert not without["own_synapse"]


def test_each_network_is_compared_with_the_first_way_of_its_own_lists():
    signed_alone = costs()
    signed_alone = signed_alone[signed_alone["neuron"] == "integrate_and_fire"]
    rows = comparison(pd.concat([costs(), signed_alone.assign(network="other")]), CONFIG)
    reference = rows[rows["reference"]].set_index("network")["neuron"]
    assert reference.to_dict() == {"net": "spiking_relu", "other": "integrate_and_fire"}


def test_seeds_that_differ_widen_the_interval():
    row = found(costs(spread=0.2, seeds=range(8)), "integrate_and_fire")
    assert row["cheaper_low"] < row["cheaper"] < row["cheaper_high"]
    assert row["cheaper_low"] < 2 < row["cheaper_high"]


def test_a_reference_that_never_comes_close_is_met_where_it_is_best():
    reference = found(costs(reached=False), "spiking_relu")
    assert reference["reference"]
    assert reference["loss"] == pytest.approx(0.1)
    assert reference["synops_per_image"] == pytest.approx(100_000)
    row = found(costs(reached=False), "integrate_and_fire")
    # Between losses of 0.3 and 0.02, which cost 500 and 5,000 synops.
    assert 100_000 / 5_000 < row["cheaper"] < 100_000 / 500


def test_a_reference_far_below_the_ann_is_met_where_it_is_best():
    """0.9 less the loss of 0.7 is more than 0.2 by rounding."""
    table = costs(seeds=(0,))
    table.loc[table["neuron"] == "spiking_relu", "accuracy"] = 0.2
    reference = found(table, "spiking_relu")
    assert reference["reference"]
    assert reference["loss"] == pytest.approx(0.7)


def test_silent_neurons_are_no_cheap_ones():
    table = costs(seeds=(0,))
    silent = (table["neuron"] == "integrate_and_fire") & (table["scale_firing_rates"] == 1)
    table.loc[silent, ["synops_per_image", "accuracy"]] = 0, 0.1
    # All that spikes is accurate enough.
    table.loc[~silent & (table["scale_firing_rates"] > 1), "accuracy"] = 0.9
    row = found(table, "integrate_and_fire")
    assert row["synops_per_image"] == pytest.approx(5_000)


def test_where_the_reference_is_silent_nothing_is_compared():
    table = costs(seeds=(0,))
    table.loc[table["neuron"] == "spiking_relu", "synops_per_image"] = 0
    row = found(table, "integrate_and_fire")
    assert np.isnan([row["fewer"], row["cheaper"], row["faster"]]).all()
    assert row["synops_per_image"] > 0
    assert np.isnan(found(table, "spiking_relu")["steps"])


def test_a_synapse_with_which_the_reference_is_silent_is_passed_over():
    table = costs(seeds=(0,), reached=False)
    silent = (table["neuron"] == "spiking_relu") & (table["synapse_s"] == 0.005)
    table.loc[silent, "synops_per_image"] = 0
    reference = found(table, "spiking_relu", synapse=None)
    assert reference["reference"]
    assert reference["loss"] == pytest.approx(0.1)


def test_there_is_no_factor_for_a_method_with_which_a_seed_fails():
    table = costs()
    fails = (table["seed"] == 1) & (table["neuron"] == "integrate_and_fire")
    table.loc[fails, "accuracy"] -= 0.2
    row = found(table, "integrate_and_fire")
    assert (row["reaching"], row["seeds"], row["reference"]) == (2, 3, False)
    assert np.isnan([row["cheaper"], row["faster"], row["synops_per_image"], row["steps"]]).all()


def test_one_seed_has_factors_without_interval():
    row = found(costs(seeds=(4,)), "integrate_and_fire")
    assert row["cheaper"] == pytest.approx(2)
    assert np.isnan(row["cheaper_low"])


def test_the_job_reads_each_way_and_counts_up_to_the_step(tmp_path):
    """Against a direct simulation of one neuron, start and setting."""
    one = np.ones(1, np.float32)
    network = replace(random_network("dense", 0), input_scale=one, input_offset=0 * one)
    save_network(network, tmp_path / "network.npz")
    images, labels = random_images(12).astype(np.uint8), np.arange(12) % 5
    names = np.array(list("abcde"))
    save_dataset(Dataset(images, labels, images, labels, names), tmp_path / "data.npz")
    np.save(tmp_path / "classes.npy", labels)
    config = {
        **{key: CONFIG[key] for key in ("neurons", "read_outs")},
        "initial_voltages": ["uniform", "half"],
        "synapse_s": [None, 0.004],
        "scale_firing_rates": [1, 4],
        "read_at": [20, 5],
        "images": 12,
        "images_seed": 0,
        "engine": "fused",
        "voltage_draws": 3,
        "standard": STANDARD,
    }
    run(
        inputs={
            "dataset": tmp_path / "data.npz",
            "network": tmp_path / "network.npz",
            "ann_classes": tmp_path / "classes.npy",
        },
        outputs={
            "costs": tmp_path / "costs.csv",
            "standard": tmp_path / "standard.csv",
            "standard_answers": tmp_path / "standard_answers.npz",
            "metadata": tmp_path / "metadata.json",
        },
        network="net",
        seed=3,
        config=config,
        threads=1,
        mem_mb=1200,
    )
    table = read_table(tmp_path / "costs.csv")
    assert len(table) == 2 * 2 * 4 * 2 * 2
    sample = load_sample(tmp_path / "data.npz", tmp_path / "classes.npy", 12, 0)
    shown, labels = network.prepare(sample.images), sample.labels
    signed = with_start(with_neuron(network, IntegrateAndFire()), "half")
    (response,) = simulate(signed, shown, [Setting(0.004, 4.0)], 20, engine=engine_named("fused"))
    for read_out in CONFIG["read_outs"]:
        for step in (5, 20):
            (row,) = table[
                (table["neuron"] == "integrate_and_fire")
                & (table["initial_voltages"] == "half")
                & (table["synapse_s"] == 0.004)
                & (table["scale_firing_rates"] == 4)
                & (table["read_out"] == read_out)
                & (table["step"] == step)
            ].to_dict("records")
            read = READ_OUTS[read_out](response.scores)[:, step - 1].argmax(axis=-1)
            assert row["accuracy"] == pytest.approx((read == labels).mean())
            assert row["ann_accuracy"] == 1
            activities = response.layers.values()
            for count in ("spikes", "synops"):
                spent = sum(getattr(a, f"{count}_by_step")[:, :step].sum() for a in activities)
                assert row[f"{count}_per_image"] == pytest.approx(spent / len(labels))
    standard = read_table(tmp_path / "standard.csv")
    assert standard["method"].tolist() == ["as converted"] * 2 + ["percentile"] * 2
    assert standard["steps"].tolist() == [4, 8, 4, 8]
    assert (standard["seed"] == 3).all()
    kept = load_answers(tmp_path / "standard_answers.npz")
    np.testing.assert_allclose(kept.final.mean(axis=1), standard["accuracy"])
    np.testing.assert_array_equal(kept.images, sample.grouped(3).indices)
    assert not kept.draws.any()
    # Thresholds of the 99.9th percentile, from the only training images there are.
    trained = as_rates(
        network, network.prepare(images), engine=engine_named("fused"), limits=Limits()
    )
    scales = {
        name: 2 / (network.dt * percentile(found)) for name, found in trained.activations.items()
    }
    limited = with_neuron(signed, IntegrateAndFire(most_spikes_a_step=1))
    setting = Setting.per_layer(None, scales)
    (response,) = simulate(limited, shown, [setting], 8, engine=engine_named("fused"))
    answers = response.scores.cumsum(axis=1)[:, [3, 7]].argmax(axis=-1)
    right = (answers == labels[:, None]).mean(axis=0)
    np.testing.assert_allclose(standard["accuracy"][2:], right)
    spent = sum(one.synops_by_step.sum(axis=0) for one in response.layers.values()).cumsum()
    np.testing.assert_allclose(standard["synops_per_image"][2:], spent[[3, 7]] / len(labels))
    uniform = table[table["initial_voltages"] == "uniform"]["spikes_per_image"]
    assert (
        uniform.tolist() != table[table["initial_voltages"] == "half"]["spikes_per_image"].tolist()
    )


def test_the_standard_table_has_means_and_deviations_over_seeds():
    rows = pd.DataFrame(
        {
            "network": "net",
            "seed": seed,
            "method": method,
            "factor": factor,
            "most_spikes_a_step": most,
            "steps": 16,
            "images": 100,
            "accuracy": accuracy,
            "ann_accuracy": 0.9,
            "synops_per_image": 1000 * (seed + 1),
        }
        for method, factor, most, accuracies in (
            ("as converted", np.nan, "none", (0.5, 0.7)),
            ("mmse", 1, 1, (0.86, 0.88)),
            ("mmse", 2, "none", (0.9, 0.9)),
        )
        for seed, accuracy in enumerate(accuracies)
    )
    table = standard_table(rows, CONFIG).set_index("label")
    assert table.index.tolist() == [
        "as converted",
        "mmse, at most 1 spike a step",
        "mmse, scales times 2",
    ]
    row = table.loc["mmse, at most 1 spike a step"]
    assert (row["seeds"], row["images"], row["steps"]) == (2, 100, 16)
    assert row["accuracy"] == pytest.approx(0.87)
    # Of 0.86 and 0.88; Student's t with one degree of freedom is 12.706.
    assert row["accuracy_sd"] == pytest.approx(0.0141421, rel=1e-5)
    assert row["loss"] == pytest.approx(0.03)
    assert row["loss_high"] - row["loss"] == pytest.approx(12.7062 * 0.01, rel=1e-4)
    assert row["synops_per_image"] == 1500
    alone = standard_table(rows[rows["seed"] == 0], CONFIG)
    assert alone[["accuracy_sd", "loss_low", "loss_high"]].isna().all(axis=None)


def test_the_config_may_name_every_threshold():
    schema = yaml.safe_load(Path("config/schema.yaml").read_text(encoding="utf-8"))
    assert schema["$defs"]["threshold_method"]["enum"] == list(THRESHOLDS)
