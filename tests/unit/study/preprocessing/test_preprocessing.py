import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp, ttest_rel

from spikesweep.errors import UserError
from spikesweep.study.preprocessing.effects import effects
from spikesweep.study.preprocessing.ranking import (
    gap_over_epochs,
    rank_techniques,
    spiking_by_technique,
    training_cost,
)

SEEDS = (0, 1, 2)
TECHNIQUES = ("none", "rescaling", "shift+dropout")
ACCURACY = {"none": 0.80, "rescaling": 0.90, "shift+dropout": 0.93}


def accuracy_table(noise=0.002, seeds=SEEDS):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "network": f"preprocessing/few/{technique}",
            "seed": seed,
            "split": split,
            "accuracy": ACCURACY[technique] + lead + noise * rng.standard_normal(),
        }
        for technique in TECHNIQUES
        for seed in seeds
        for split, lead in (("train", 0.05), ("test", 0.0))
    )


def sweep_table(seeds=SEEDS):
    """Spikes lose 0.1, 0.05 and 0.025 at scales that cost twice as much each."""
    rows = []
    for technique in TECHNIQUES:
        for seed in seeds:
            for scale in (10, 20, 40):
                accuracy = ACCURACY[technique] - 1.0 / scale
                rows.append(
                    {
                        "network": f"preprocessing/few/{technique}",
                        "seed": seed,
                        "images": 10_000,
                        "synapse_s": np.nan,
                        "scale_firing_rates": scale,
                        "accuracy": accuracy + 0.001 * seed,
                        "accuracy_low": accuracy - 0.02,
                        "accuracy_high": accuracy + 0.02,
                        "ann_accuracy": ACCURACY[technique] + 0.001 * seed,
                        "spikes_per_image": 10.0 * scale,
                        "synops_per_image": 1000.0 * scale,
                        "mean_rate_hz": 1.0 * scale,
                        "ann_macs_per_image": 700,
                    }
                )
    return pd.DataFrame(rows)


def trainings():
    return [
        {
            "network": f"preprocessing/few/{technique}",
            "images_trained_on": 200,
            "training_s": 2.0 + seed,
            "config": {"training": {"epochs": 5}},
        }
        for technique in TECHNIQUES
        for seed in SEEDS
    ]


def ranking(accuracy=None, sweeps=None, epochs=None):
    accuracy = accuracy_table() if accuracy is None else accuracy
    sweeps = sweep_table() if sweeps is None else sweeps
    epochs = history() if epochs is None else epochs
    table = rank_techniques(accuracy, epochs, sweeps, trainings(), 0.95)
    return table.set_index("technique")


def test_the_most_accurate_technique_stands_first_with_the_intervals_of_scipy():
    accuracy = accuracy_table()
    table = ranking(accuracy)
    assert list(table.index) == ["shift+dropout", "rescaling", "none"]
    assert list(table["rank"]) == [1, 2, 3]
    assert set(table["network"]) == {"few"}
    test = (
        accuracy[accuracy["split"] == "test"].set_index(["network", "seed"])["accuracy"].unstack()
    )
    mine, base = (test.loc[f"preprocessing/few/{name}"] for name in ("shift+dropout", "rescaling"))
    row = table.loc["shift+dropout"]
    expected = ttest_1samp(mine, 0).confidence_interval(0.95)
    assert (row["test_accuracy_low"], row["test_accuracy_high"]) == pytest.approx(expected)
    paired = ttest_rel(mine, base).confidence_interval(0.95)
    assert (row["difference_low"], row["difference_high"]) == pytest.approx(paired)
    assert row["gap"] == pytest.approx(0.05, abs=0.005)


def test_a_technique_helps_or_hurts_only_where_chance_is_excluded():
    table = ranking()
    assert dict(table["effect"]) == {"shift+dropout": "helps", "rescaling": "", "none": "hurts"}
    assert set(ranking(accuracy_table(noise=0.2))["effect"]) == {"unclear", ""}
    for few in ((0,), (0, 1)):
        table = ranking(accuracy_table(0, seeds=few), sweep_table(seeds=few))
        assert set(table["effect"]) == set(table["snn_effect"]) == {"unclear", ""}
        assert table["effect_p"].isna().all()
        assert table["test_accuracy_low"].isna().all() == (len(few) == 1)


def test_p_values_are_adjusted_for_the_techniques_of_a_network():
    accuracy = accuracy_table(noise=0.02)
    table = ranking(accuracy)
    test = (
        accuracy[accuracy["split"] == "test"].set_index(["network", "seed"])["accuracy"].unstack()
    )
    base = test.loc["preprocessing/few/rescaling"]
    names = ["none", "shift+dropout"]
    raw = [ttest_rel(test.loc[f"preprocessing/few/{name}"], base).pvalue for name in names]
    assert table.loc[names, "effect_p"].tolist() == pytest.approx(raw)
    # Holm: the smaller one counts twice; the larger one is at least as large.
    adjusted = [min(1, max(p, 2 * min(raw))) if p > min(raw) else min(1, 2 * p) for p in raw]
    assert table.loc[names, "effect_p_adjusted"].tolist() == pytest.approx(adjusted)


def differences(rng, networks, techniques, seeds=3):
    """Differences of noise alone; all techniques of a seed share the noise of the baseline."""
    base = rng.standard_normal((networks, seeds))
    return pd.DataFrame(
        {
            "network": network,
            "technique": technique,
            "seed": seed,
            "difference": rng.standard_normal() - base[network, seed],
        }
        for network in range(networks)
        for technique in range(techniques)
        for seed in range(seeds)
    )


def test_where_nothing_has_an_effect_few_networks_show_any():
    networks = 60
    table = differences(np.random.default_rng(0), networks, techniques=9)
    found = effects(table, "difference", "effect", 0.95).groupby("network")
    shown = found["effect"].agg(lambda words: (words != "unclear").any()).mean()
    alone = found["effect_p"].min().le(0.05).mean()
    assert shown <= 0.12
    # Without adjustment every fourth network would show one, or more.
    assert alone > 0.2


def test_identical_differences_are_certain_and_none_is_no_effect():
    table = pd.DataFrame(
        {"network": 0, "technique": [0] * 3 + [1] * 3, "seed": [0, 1, 2] * 2}
    ).assign(difference=[0.0] * 3 + [0.25] * 3)
    found = effects(table, "difference", "effect", 0.95, better=-1)
    assert found["effect"].tolist() == ["unclear", "hurts"]
    assert found["effect_p"].tolist() == [1, 0]


def test_spikes_are_compared_at_equal_cost():
    sweeps = sweep_table()
    shifted = sweeps["network"].str.endswith("dropout")
    sweeps.loc[shifted, "synops_per_image"] /= 2 - 0.02 * sweeps["seed"]
    row = ranking(sweeps=sweeps).loc["shift+dropout"]
    # Rescaling loses 0.05 at scale 20; for as much, twice the scale is affordable.
    assert row["snn_synops_per_image"] == pytest.approx(20_000)
    assert row["snn_accuracy"] == pytest.approx(0.93 + 0.001 - 0.025, abs=0.001)
    assert row["snn_difference"] == pytest.approx(0.905 - 0.85, abs=0.001)
    assert row["snn_effect"] == "helps"
    assert row["snn_reached"] == "inside"
    assert ranking().loc["rescaling", "snn_accuracy"] == pytest.approx(0.851)


def test_cost_is_compared_at_the_same_loss_and_at_the_same_accuracy():
    table = ranking()
    assert table["synops_per_image_at_loss"].to_numpy() == pytest.approx(20_000)
    assert table.loc[["none", "shift+dropout"], "cost_ratio"].to_numpy() == pytest.approx(1)
    # 0.85 is 0.08 below the ANN of one, and above that of the other.
    assert table.loc["shift+dropout", "cost_ratio_at_accuracy"] == pytest.approx(0.62, abs=0.01)
    assert table.loc["shift+dropout", "cost_at_accuracy_effect"] == "helps"
    assert table.loc["none", "accuracy_reached"] == "above"
    assert np.isnan(table.loc["none", "cost_ratio_at_accuracy"])
    assert table.loc["none", "cost_at_accuracy_effect"] == ""
    poor = sweep_table()
    poor["accuracy"] -= 0.1
    assert ranking(sweeps=poor)["synops_per_image_at_loss"].isna().all()
    assert set(ranking(sweeps=poor)["loss_reached"]) == {"above"}
    good = sweep_table().assign(accuracy=sweep_table()["ann_accuracy"])
    assert set(ranking(sweeps=good)["loss_reached"]) == {"below"}
    silent = sweep_table().assign(synops_per_image=0.0)
    assert ranking(sweeps=silent)["synops_per_image_at_loss"].isna().all()


def test_a_technique_whose_spikes_cost_less_for_the_same_loss_helps():
    sweeps = sweep_table()
    shifted = sweeps["network"].str.endswith("dropout")
    sweeps.loc[shifted, "synops_per_image"] *= 0.4 + 0.02 * sweeps["seed"]
    table = ranking(sweeps=sweeps)
    expected = np.prod([0.4, 0.42, 0.44]) ** (1 / 3)
    assert table.loc["shift+dropout", "cost_ratio"] == pytest.approx(expected)
    interval = table.loc["shift+dropout", ["cost_ratio_low", "cost_ratio_high"]]
    assert interval.iloc[0] < expected < interval.iloc[1] < 1
    assert table["cost_effect"].to_dict() == {
        "shift+dropout": "helps", "none": "unclear", "rescaling": ""
    }  # fmt: skip
    assert np.isnan(table.loc["rescaling", "cost_ratio"])
    # Of two seeds, nothing is said.
    few = sweeps[sweeps["seed"] < 2]
    assert (
        ranking(accuracy_table(seeds=(0, 1)), few).loc["shift+dropout", "cost_effect"] == "unclear"
    )


def test_without_rescaling_nothing_is_compared():
    alone = [
        table[~table["network"].str.endswith("rescaling")]
        for table in (accuracy_table(), sweep_table())
    ]
    table = ranking(*alone)
    assert table[["difference", "snn_difference", "cost_ratio"]].isna().all(axis=None)
    assert set(table["effect"]) == set(table["cost_effect"]) == {""}
    assert table["synops_per_image_at_loss"].to_numpy() == pytest.approx(20_000)


def test_what_the_last_quarter_of_the_epochs_gained_is_told():
    epochs = history(epochs=8)
    # Validation accuracy rises by 0.01 per epoch; the last quarter are two.
    assert ranking(epochs=epochs)["late_gain"].to_numpy() == pytest.approx(0.02)
    flat = epochs.assign(val_accuracy=0.9 - 0.01 * epochs["epoch"])
    assert (ranking(epochs=flat)["late_gain"] < 0).all()


def test_training_costs_images_times_epochs_times_multiply_adds():
    assert set(ranking()["training_macs"]) == {200 * 5 * 700}
    cost = training_cost(trainings()).set_index("technique").loc["none"]
    assert (cost["training_s"], cost["training_s_fastest"], cost["training_s_slowest"]) == (3, 2, 4)


def test_the_order_of_the_files_changes_no_number():
    files = [group for _, group in accuracy_table().groupby(["network", "seed"])]
    forward, backward = (
        rank_techniques(pd.concat(part), history(), sweep_table(), trainings(), 0.95)
        for part in (files, files[::-1])
    )
    pd.testing.assert_frame_equal(forward, backward)


def test_spiking_table_gives_a_row_a_setting_without_a_synapse_too():
    table = spiking_by_technique(sweep_table(), 0.95)
    assert len(table) == len(TECHNIQUES) * 3
    row = table[(table["technique"] == "none") & (table["scale_firing_rates"] == 10)].iloc[0]
    assert row["loss"] == pytest.approx(0.1)
    assert (row["seeds"], row["images"], row["synops_per_image"]) == (3, 10_000, 10_000)


def history(epochs=3, **changes):
    rows = [
        {
            "network": f"preprocessing/few/{technique}",
            "seed": seed,
            "epoch": epoch,
            "train_accuracy": 0.5 + 0.1 * epoch + 0.01 * seed,
            "test_accuracy": 0.5 + 0.05 * epoch,
            "val_accuracy": 0.5 + 0.01 * epoch,
        }
        for technique in TECHNIQUES
        for seed in SEEDS
        for epoch in range(1, epochs + 1)
    ]
    return pd.DataFrame(rows).assign(**changes)


def test_gap_is_training_minus_test_accuracy_in_each_epoch():
    table = gap_over_epochs(history(), 0.95)
    assert len(table) == len(TECHNIQUES) * 3
    np.testing.assert_allclose(table["gap"], table["train_accuracy"] - table["test_accuracy"])
    np.testing.assert_allclose(table["gap"], 0.05 * table["epoch"] + 0.01)
    assert (table["gap_low"] < table["gap"]).all()


def test_a_training_that_did_not_watch_the_test_is_told_how_to():
    for table in (history().drop(columns="test_accuracy"), history(test_accuracy=np.nan)):
        with pytest.raises(UserError, match="watch_test: true"):
            gap_over_epochs(table, 0.95)
