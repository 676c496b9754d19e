"""Early against late layers, from gains that are known."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_1samp

from spikesweep.experiments.answered import Answered
from spikesweep.study.layer_scaling.budgets import matched_budgets
from spikesweep.study.layer_scaling.contrast import early_late_contrast
from spikesweep.study.layer_scaling.subsets import subset_layers, subsets

LAYERS = ("a", "b", "c", "d")
FACTORS = (2.0, 10.0)


def scaling(layers, gain_of, seeds=(0, 1, 2), cost_of=None):
    """Rows for every subset of the layers; gains of layers (layer, factor, seed) add up."""
    cost_of = cost_of or dict.fromkeys(layers, 10.0)
    common = {"network": "net", "images": 400, "synapse_s": 0.01}
    common |= {"operating_point": 0.8, "base_scale": 10.0}
    rows = []
    for seed in seeds:
        for subset in [(), *subsets(layers, len(layers))]:
            for factor in FACTORS if subset else (1.0,):
                spikes = 100 + (factor - 1) * sum(cost_of[layer] for layer in subset)
                gain = sum(gain_of(layer, factor, seed) for layer in subset)
                rows.append(
                    {
                        **common,
                        "seed": seed,
                        "factor": factor,
                        # As a CSV says it: no layers are an empty cell.
                        "subset": "+".join(subset) or np.nan,
                        "layers_scaled": len(subset),
                        "accuracy": 0.3 + gain,
                        "spikes_per_image": spikes,
                        "synops_per_image": spikes,
                    }
                )
    return pd.DataFrame(rows)


def contrast(table, confidence=0.95, images=400):
    """Images are recognised in the same order by all, so of two settings the better one wins."""
    luck = (np.arange(images) + 0.5) / images
    tables = [rows.reset_index(drop=True) for _, rows in table.groupby("seed")]
    correct = [luck < rows["accuracy"].to_numpy()[:, None] for rows in tables]
    study = Answered(
        "net", tuple(tables), tuple(correct), np.ones((1, images)), luck * 0, np.arange(images)
    )
    matched = matched_budgets(table)
    return early_late_contrast([study], matched, confidence).set_index(
        ["compared", "comparison", "level"]
    )


def test_only_the_layer_that_matters_makes_a_difference():
    late = scaling(LAYERS, lambda layer, factor, seed: 0.05 * (layer == "d") * np.log10(factor))
    rows = contrast(late)
    assert (rows["late_minus_early"] > 0).all()
    assert rows.loc[("single layers", "same factor", 10.0), "late_minus_early"] == pytest.approx(
        0.05 / 2, abs=2e-3
    )
    assert rows.loc[("halves", "same factor", 10.0), "late_minus_early"] == pytest.approx(
        0.05, abs=2e-3
    )
    early = scaling(LAYERS, lambda layer, factor, seed: 0.05 * (layer == "a"))
    assert (contrast(early)["late_minus_early"] < 0).all()


def test_middle_layer_of_an_odd_number_is_in_neither_half():
    rows = contrast(scaling("abc", lambda layer, factor, seed: 0.1 * (layer == "b")))
    assert set(rows["early"]) == {"a"}
    assert set(rows["late"]) == {"c"}
    assert rows["late_minus_early"].to_numpy() == pytest.approx(0)
    # Of one layer, a half scaled together is that layer scaled alone.
    assert set(rows.index.get_level_values("compared")) == {"single layers"}


def test_interval_of_seeds_that_differ_is_students():
    differences = {0: 0.02, 1: 0.4, 2: 0.2}
    table = scaling("abc", lambda layer, factor, seed: differences[seed] * (layer == "c"))
    row = contrast(table, images=10_000).loc[("single layers", "same factor", 2.0)]
    expected = ttest_1samp(list(differences.values()), 0).confidence_interval()
    assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high), abs=2e-3)
    assert row["seeds"] == 3


def test_layers_that_gain_alike_differ_by_little_on_the_same_images():
    for seeds in ((5,), (0, 1)):
        row = contrast(scaling("abc", lambda *_: 0.1, seeds=seeds)).loc[
            ("single layers", "same factor", 2.0)
        ]
        # Two images more, one that is won and one that is lost.
        assert row["high"] == pytest.approx(1.966 * np.sqrt(2) / 402, rel=0.01)
        assert row["low"] == pytest.approx(-row["high"])


def test_with_less_confidence_every_interval_is_narrower():
    table = scaling(LAYERS, lambda layer, factor, seed: (0.01 + 0.01 * seed) * (layer == "d"))
    wide, narrow = (contrast(table, confidence) for confidence in (0.95, 0.9))
    assert (narrow["low"] > wide["low"]).all()
    assert (narrow["high"] < wide["high"]).all()
    assert narrow["late_minus_early"].equals(wide["late_minus_early"])


def test_row_without_a_level_is_the_mean_over_levels():
    rows = contrast(scaling("abc", lambda layer, factor, seed: 0.01 * factor * (layer == "c")))
    of_factor = rows.loc[("single layers", "same factor")]
    mean = of_factor[of_factor.index.isna()].iloc[0]
    assert mean["levels"] == len(FACTORS)
    assert mean["late_minus_early"] == pytest.approx(0.01 * np.mean(FACTORS), abs=2e-3)


def test_dear_layer_loses_at_the_same_cost():
    cost = {"a": 5.0, "b": 5.0, "c": 100.0}
    table = scaling("abc", lambda layer, factor, seed: 0.05 * np.log10(factor), cost_of=cost)
    rows = contrast(table)["late_minus_early"]
    assert rows[("single layers", "same factor", 10.0)] == pytest.approx(0)
    assert rows[("single layers", "same spikes", 0.2)] < -0.01


def test_budget_that_one_half_does_not_reach_is_no_comparison():
    cost = {"a": 1.0, "b": 50.0, "c": 50.0}
    rows = contrast(scaling("abc", lambda *_: 0.1, cost_of=cost))
    # Nine more spikes of 100: 10 % is out of reach for the first layer.
    assert set(rows.index.get_level_values("comparison")) == {"same factor"}


def test_network_of_one_layer_has_no_early_and_late():
    assert contrast(scaling("a", lambda *_: 0.1)).empty


def test_every_row_says_which_layers_are_compared():
    rows = contrast(scaling(LAYERS, lambda *_: 0.01)).reset_index()
    singles = rows[rows["compared"] == "single layers"].iloc[0]
    assert (singles["early"], singles["late"]) == ("a, b", "c, d")
    halves = rows[rows["compared"] == "halves"].iloc[0]
    assert subset_layers(halves["early"]) == ("a", "b")
    assert subset_layers(halves["late"]) == ("c", "d")
