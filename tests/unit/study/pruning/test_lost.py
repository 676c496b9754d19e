"""How much accuracy pruning costs, on networks whose losses are known."""

import math

import numpy as np
import pytest
from pruned_tables import joined, pruned

from spikesweep.errors import UserError
from spikesweep.statistics.crossed import crossed_effect
from spikesweep.statistics.intervals import mean_interval
from spikesweep.study.pruning.lost import lost_accuracy
from spikesweep.study.pruning.unpruned import with_unpruned

SPARSITIES = (0, 0.5, 0.8, 0.9)


def lost(*tables):
    return lost_accuracy(*joined(*tables), 0.95)


def of_split(table, split):
    return table[table["split"] == split].set_index("target_sparsity")


def test_each_seed_is_compared_with_its_own_unpruned_network():
    curves = [[0.98, 0.98, 0.96, 0.9], [0.94, 0.94, 0.93, 0.84], [0.96, 0.95, 0.94, 0.88]]
    train = of_split(lost(pruned(curves, SPARSITIES)), "train")
    assert train.index.tolist() == [0.5, 0.8, 0.9]
    expected = mean_interval([0.02, 0.01, 0.02], 0.95)
    found = train.loc[0.8, ["lost", "lost_low", "lost_high"]]
    assert found.tolist() == pytest.approx(expected)
    assert (train["images"].unique(), train["seeds"].unique()) == ([55_000], [3])
    assert not train["interpolated"].any()


def test_test_images_are_paired_and_crossed_with_seeds():
    curves = [[0.98, 0.96], [0.94, 0.93], [0.96, 0.94]]
    accuracy, answers = pruned(curves, (0, 0.8))
    row = of_split(lost_accuracy(accuracy, answers, 0.95), "test").loc[0.8]
    differences = [
        answers["net", "magnitude_0", seed].astype(float) - answers["net", "magnitude_80", seed]
        for seed in range(3)
    ]
    expected = crossed_effect(np.array(differences), confidence=0.95)
    assert (row["lost"], row["lost_low"], row["lost_high"]) == pytest.approx(
        (expected.value, expected.low, expected.high)
    )
    assert row["method_of_interval"] == expected.method


def test_of_one_seed_training_accuracy_has_no_interval():
    table = lost(pruned([[0.98, 0.96]], (0, 0.8)))
    train = of_split(table, "train").loc[0.8]
    assert train["lost"] == pytest.approx(0.02)
    assert math.isnan(train["lost_low"])
    assert math.isnan(train["lost_high"])
    assert "this network only" in of_split(table, "test").loc[0.8, "method_of_interval"]


def test_the_published_sparsity_is_read_between_two_that_were_tested():
    table = lost(pruned([[1, 0.9, 0.8], [1, 0.9, 0.7]], (0, 0.7, 0.9)))
    train = of_split(table, "train")
    share = math.log(0.3 / 0.2) / math.log(0.3 / 0.1)
    assert train.loc[0.8, "lost"] == pytest.approx(0.1 + 0.15 * share)
    assert train["interpolated"].to_dict() == {0.7: False, 0.8: True, 0.9: False}
    test = of_split(table, "test")
    assert test.loc[0.8, "lost"] == pytest.approx((0.1 + 0.15 * share) / 2, abs=1e-3)


def test_what_was_pruned_less_says_nothing_of_the_published_sparsity():
    assert of_split(lost(pruned([[1, 0.9]], (0, 0.7))), "train").index.tolist() == [0.7]


def test_every_method_is_compared_with_the_unpruned_network():
    table = lost(pruned([[0.9, 0.8]], (0, 0.8)), pruned([[0.6]], (0.8,), method="structured"))
    train = table[table["split"] == "train"].set_index("method")
    assert train["lost"].to_dict() == pytest.approx({"magnitude": 0.1, "structured": 0.3})


def test_networks_are_kept_apart():
    table = lost(
        pruned([[0.9, 0.8]], (0, 0.8)),
        pruned([[0.7, 0.65]], (0, 0.8), network="other", train_images=3000),
    )
    train = table[table["split"] == "train"].set_index("network")
    assert train["lost"].to_dict() == pytest.approx({"net": 0.1, "other": 0.05})
    assert train["images"].to_dict() == {"net": 55_000, "other": 3000}


def test_an_unpruned_network_that_two_methods_have_counts_once():
    accuracy, _ = joined(
        pruned([[0.9] * 4], SPARSITIES), pruned([[0.9] * 4], SPARSITIES, method="structured")
    )
    assert len(with_unpruned(accuracy)) == 8


def test_without_an_unpruned_network_nothing_is_lost():
    with pytest.raises(UserError, match="add 0 to one of them"):
        lost(pruned([[0.9, 0.8]], (0.5, 0.8)))
