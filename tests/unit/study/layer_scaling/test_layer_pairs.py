"""Early and late layers, image by image: answers between the simulated factors."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from spikesweep.experiments.answered import Answered
from spikesweep.study.layer_scaling.budgets import matched_budgets
from spikesweep.study.layer_scaling.gains import layer_gains
from spikesweep.study.layer_scaling.paired import halves, interpolation_weights, level_contrasts

X = np.log([1.0, 2.0, 5.0, 10.0, 50.0])
accuracies = st.lists(st.integers(0, 700), min_size=5, max_size=5).map(lambda n: np.array(n) / 700)


@given(accuracies, st.floats(X[0], X[-1]))
def test_weights_give_the_interpolated_accuracy(y, at):
    weights = interpolation_weights(X, y, at)
    assert weights.sum() == pytest.approx(1, abs=1e-5)
    assert weights @ y == pytest.approx(float(PchipInterpolator(X, y)(at)), abs=1e-4)


def test_halves_are_scaled_together_where_that_was_simulated():
    layers = ("a", "b", "c", "d")
    assert halves(layers, [*layers, "a+b", "c+d"]) == (["a+b"], ["c+d"])
    assert halves(layers, layers) == (["a", "b"], ["c", "d"])
    assert halves(("a", "b", "c"), ("a", "b", "c")) == (["a"], ["c"])
    assert halves(("a",), ("a",)) is None


def study(rng, images=500):
    """One seed of two layers; the second costs three times as much."""
    rows, correct = [], []
    for subset, share in {"": 0.5, "a": 0.55, "b": 0.6, "a+b": 0.65}.items():
        for factor in (2.0, 5.0, 20.0) if subset else (1.0,):
            right = rng.random(images) < share + 0.05 * np.log(factor)
            spent = 10 * (factor - 1) * (("a" in subset) + 3 * ("b" in subset))
            facts = {"network": "net", "seed": 0, "images": images, "synapse_s": 0.01}
            facts |= {"operating_point": 0.8, "base_scale": 4.0, "subset": subset}
            facts |= {"layers_scaled": len(subset.split("+")) if subset else 0, "factor": factor}
            facts |= {"accuracy": right.mean()}
            rows.append(facts | {"spikes_per_image": 100 + spent, "synops_per_image": 100 + spent})
            correct.append(right)
    return pd.DataFrame(rows), np.array(correct)


def contrasts(table, correct, matched):
    images = np.arange(correct.shape[1])
    answered = Answered("net", (table,), (correct,), correct[:1], 0 * images, images)
    return level_contrasts(answered, matched, 0, 0.8, ["a"], ["b"])


def test_answers_average_to_the_accuracies_of_the_tables():
    scaling, correct = study(np.random.default_rng(0))
    matched = matched_budgets(scaling)
    gains = layer_gains(scaling, matched).set_index(["comparison", "level", "subset"])["accuracy"]
    found = contrasts(scaling, correct, matched)
    assert {contrast.comparison for contrast in found} == {
        *("same factor", "same spikes", "same synops")
    }
    for contrast in found:
        at = (contrast.comparison, contrast.level)
        assert contrast.early.mean() == pytest.approx(gains[(*at, "a")], abs=1e-4)
        assert contrast.late.mean() == pytest.approx(gains[(*at, "b")], abs=1e-4)


def test_a_budget_that_one_half_does_not_reach_is_no_contrast():
    scaling, correct = study(np.random.default_rng(0))
    found = contrasts(scaling, correct, matched_budgets(scaling))
    # The first layer costs at most 1.9 times the base more, the second up to 5.7 times.
    assert max(c.level for c in found if c.comparison == "same spikes") == 1.0
