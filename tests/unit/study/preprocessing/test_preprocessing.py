import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp, ttest_rel

from spikesweep.errors import UserError
from spikesweep.experiments.operating_points import COMPARED_LOSS
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
    """Spikes lose 0.4, 0.04 and 0.004 at scales that cost ten times more each."""
    rows = []
    for technique in TECHNIQUES:
        for seed in seeds:
            for scale in (1, 10, 100):
                accuracy = ACCURACY[technique] - 0.4 / scale
                rows.append(
                    {
                        "network": f"preprocessing/few/{technique}",
                        "seed": seed,
                        "images": 1000,
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


def ranking(accuracy=None, sweeps=None):
    accuracy = accuracy_table() if accuracy is None else accuracy
    sweeps = sweep_table() if sweeps is None else sweeps
    table = rank_techniques(accuracy, sweeps, trainings(), 0.95)
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


def test_a_technique_helps_or_hurts_only_where_its_interval_leaves_zero_out():
    effects = ranking()["effect"]
    assert dict(effects) == {"shift+dropout": "helps", "rescaling": "", "none": "hurts"}
    assert set(ranking(accuracy_table(noise=0.2))["effect"]) == {"unclear", ""}
    for few in ((0,), (0, 1)):
        table = ranking(accuracy_table(0, seeds=few), sweep_table(seeds=few))
        assert set(table["effect"]) == set(table["snn_effect"]) == {"unclear", ""}
        assert table["test_accuracy_low"].isna().all() == (len(few) == 1)


def test_spikes_that_lose_less_than_with_rescaling_are_helped():
    sweeps = sweep_table()
    shifted = sweeps["network"].str.endswith("dropout")
    sweeps.loc[shifted, "accuracy"] = sweeps["ann_accuracy"] - 0.001
    table = ranking(sweeps=sweeps)
    assert table.loc["shift+dropout", "snn_loss"] == pytest.approx(0.001)
    assert table.loc["shift+dropout", "snn_loss_difference"] == pytest.approx(-0.003)
    assert table.loc["shift+dropout", "snn_effect"] == "helps"
    assert table.loc["rescaling", "snn_scale"] == 100
    # All its settings are as good: the cheapest is the best.
    assert table.loc["shift+dropout", "snn_scale"] == 1


def test_cost_is_compared_at_the_same_loss():
    table = ranking()
    # 0.05 lies between 0.4 and 0.04, so the cost between 1000 and 10,000.
    expected = 10 ** (3 + (0.4 - COMPARED_LOSS) / 0.36)
    assert table["synops_per_image_at_loss"].to_numpy() == pytest.approx(expected)
    poor = sweep_table()
    poor["accuracy"] -= 0.1
    assert ranking(sweeps=poor)["synops_per_image_at_loss"].isna().all()
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


def test_training_costs_images_times_epochs_times_multiply_adds():
    assert set(ranking()["training_macs"]) == {200 * 5 * 700}
    cost = training_cost(trainings()).set_index("technique").loc["none"]
    assert (cost["training_s"], cost["training_s_fastest"], cost["training_s_slowest"]) == (3, 2, 4)


def test_the_order_of_the_files_changes_no_number():
    files = [group for _, group in accuracy_table().groupby(["network", "seed"])]
    forward, backward = (
        rank_techniques(pd.concat(part), sweep_table(), trainings(), 0.95)
        for part in (files, files[::-1])
    )
    pd.testing.assert_frame_equal(forward, backward)


def test_spiking_table_gives_a_row_a_setting_without_a_synapse_too():
    table = spiking_by_technique(sweep_table(), 0.95)
    assert len(table) == len(TECHNIQUES) * 3
    row = table[(table["technique"] == "none") & (table["scale_firing_rates"] == 10)].iloc[0]
    assert row["loss"] == pytest.approx(0.04)
    assert (row["seeds"], row["images"], row["synops_per_image"]) == (3, 1000, 10_000)


def history(**changes):
    rows = [
        {
            "network": f"preprocessing/few/{technique}",
            "seed": seed,
            "epoch": epoch,
            "train_accuracy": 0.5 + 0.1 * epoch + 0.01 * seed,
            "test_accuracy": 0.5 + 0.05 * epoch,
        }
        for technique in TECHNIQUES
        for seed in SEEDS
        for epoch in (1, 2, 3)
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
