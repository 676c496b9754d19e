"""The settings that a sweep recommends."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from spikesweep.experiments.operating_points import (
    ABOVE,
    BELOW,
    INSIDE,
    accuracy_at_cost,
    best_setting,
    cheapest_within,
    mean_over_seeds,
    pareto_front,
    value_at_accuracy,
    value_at_loss,
)


def settings(*rows):
    """Rows of (accuracy, synops), with a 95 % interval of ± 0.02 and an ANN of 0.9."""
    table = pd.DataFrame(rows, columns=["accuracy", "synops_per_image"])
    return table.assign(accuracy_low=table["accuracy"] - 0.02, ann_accuracy=0.9)


def test_mean_over_seeds_keeps_no_synapse_apart_and_first():
    sweeps = pd.DataFrame(
        {
            "network": "net",
            "seed": [0, 1, 0, 1],
            "engine": "fused",
            "synapse_s": [0.005, 0.005, math.nan, math.nan],
            "scale_firing_rates": 1.0,
            "images": 100,
            "accuracy": [0.5, 0.7, 0.2, 0.4],
        }
    )
    averaged = mean_over_seeds(sweeps)
    assert averaged["synapse_s"].isna().tolist() == [True, False]
    assert averaged["accuracy"].round(9).tolist() == [0.3, 0.6]
    assert averaged["seeds"].tolist() == [2, 2]
    assert averaged["images"].tolist() == [100, 100]


def test_mean_over_seeds_keeps_networks_apart():
    columns = ["network", "seed", "synapse_s", "scale_firing_rates", "accuracy"]
    sweeps = pd.DataFrame([("a", 0, 0.1, 1, 0.1), ("b", 0, 0.1, 1, 0.9)], columns=columns)
    assert mean_over_seeds(sweeps).set_index("network")["accuracy"].to_dict() == {
        "a": 0.1,
        "b": 0.9,
    }


def test_an_accuracy_of_the_ann_is_reached_where_it_is_first():
    sweep = settings((0.8, 100), (0.9, 200), (0.91, 1000)).assign(images=100)
    assert value_at_loss(sweep, 0.0, "synops_per_image").value == pytest.approx(200)


def test_a_loss_that_is_rounded_is_reached():
    sweep = settings((0.2, 100)).assign(images=100)
    assert 0.9 - (0.9 - 0.2) > 0.2
    assert value_at_loss(sweep, 0.9 - 0.2, "synops_per_image").value == pytest.approx(100)


def test_of_equally_accurate_settings_the_cheaper_is_best():
    assert best_setting(settings((0.8, 5), (0.9, 30), (0.9, 20)))["synops_per_image"] == 20


def test_cheapest_within_the_margin_includes_the_margin_itself():
    table = settings((0.9, 30), (0.89, 10), (0.8899, 5))
    assert cheapest_within(table, 0.01)["synops_per_image"] == 10
    assert cheapest_within(settings((0.5, 1)), 0.01) is None


costs = st.integers(0, 6)
tables = st.lists(st.tuples(st.integers(0, 6).map(lambda k: k / 6), costs), min_size=1, max_size=12)


@given(tables)
def test_pareto_front_holds_exactly_one_of_each_unbeaten_outcome(rows):
    def beaten(row):
        return any(other[0] >= row[0] and other[1] <= row[1] and other != row for other in rows)

    front = pareto_front(settings(*rows))
    drawn = list(zip(front["accuracy"], front["synops_per_image"], strict=True))
    assert drawn == sorted({row for row in rows if not beaten(row)}, key=lambda row: row[1])


OCTAVES = (2, 5, 10, 20, 40, 80, 160, 320)


def swept(scales, half=12.0, steepness=1.1, ann=0.95, chance=0.1):
    """A network that rises from chance to its ANN, half of the way at the scale `half`."""
    scales = np.asarray(scales, float)
    risen = norm.cdf(steepness * np.log(scales / half))
    return pd.DataFrame(
        {
            "images": 1000,
            "scale_firing_rates": scales,
            "accuracy": chance + (ann - chance) * risen,
            "ann_accuracy": ann,
            # The cost of a layer grows less than its scale where spikes are few.
            "synops_per_image": 800 * scales**0.8,
        }
    )


@pytest.mark.parametrize("half", [4, 8, 12, 20, 35])
@pytest.mark.parametrize("steepness", [0.8, 1.1, 1.6])
@pytest.mark.parametrize("ann", [0.45, 0.9, 0.98])
def test_a_cost_between_octaves_is_that_of_a_fine_grid(half, steepness, ann):
    network = {"half": half, "steepness": steepness, "ann": ann}
    fine = swept(np.geomspace(2, 320, 2000), **network)
    lost = fine["ann_accuracy"] - fine["accuracy"]
    truth = np.interp(-0.05, -lost, fine["synops_per_image"])
    found = value_at_loss(swept(OCTAVES, **network), 0.05, "synops_per_image")
    assert found.reached == INSIDE
    assert found.value == pytest.approx(truth, rel=0.03)
    accuracy = accuracy_at_cost(swept(OCTAVES, **network), truth).value
    assert accuracy == pytest.approx(ann - 0.05, abs=0.005)


def test_a_swept_setting_is_read_as_it_is():
    table = swept(OCTAVES)
    for row in table.itertuples():
        assert value_at_accuracy(table, row.accuracy, "scale_firing_rates").value == pytest.approx(
            row.scale_firing_rates
        )
        assert accuracy_at_cost(table, row.synops_per_image).value == pytest.approx(row.accuracy)


def test_a_scale_per_decade_is_too_coarse():
    """So the sweeps of variants have octaves: the rule alone would not make up for it."""
    coarse = value_at_loss(swept((1, 10, 100, 300), half=8), 0.05, "synops_per_image").value
    fine = value_at_loss(swept(np.geomspace(1, 300, 200), half=8), 0.05, "synops_per_image").value
    assert abs(coarse / fine - 1) > 0.1


def test_what_lies_beyond_the_sweep_is_said_and_not_made_up():
    high, low = swept((80, 160, 320)), swept((2, 5))
    for found, reached in (
        (value_at_loss(high, 0.05, "synops_per_image"), BELOW),
        (value_at_loss(low, 0.05, "synops_per_image"), ABOVE),
        (value_at_loss(swept(()), 0.05, "synops_per_image"), ABOVE),
        (accuracy_at_cost(high, 1.0), BELOW),
        (accuracy_at_cost(high, 1e9), ABOVE),
        # A reference that was not found has no cost.
        (accuracy_at_cost(high, math.nan), ABOVE),
        (value_at_accuracy(high, math.nan, "synops_per_image"), ABOVE),
    ):
        assert math.isnan(found.value)
        assert found.reached == reached


def test_a_network_that_is_always_right_or_silent_is_no_mistake():
    perfect = swept(OCTAVES).assign(accuracy=1.0, ann_accuracy=1.0)
    assert value_at_loss(perfect, 0.05, "synops_per_image").reached == BELOW
    silent = swept(OCTAVES).assign(accuracy=0.1, synops_per_image=0.0)
    assert value_at_loss(silent, 0.05, "synops_per_image").reached == ABOVE
    assert math.isnan(accuracy_at_cost(silent, 100).value)
