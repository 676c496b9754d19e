"""The settings that a sweep recommends."""

import math

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.experiments.operating_points import (
    as_good_as_best,
    best_setting,
    cheapest_within,
    mean_over_seeds,
    pareto_front,
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


def test_of_equally_accurate_settings_the_cheaper_is_best():
    assert best_setting(settings((0.8, 5), (0.9, 30), (0.9, 20)))["synops_per_image"] == 20


def test_as_good_as_best_are_those_in_its_interval():
    assert as_good_as_best(settings((0.9, 1), (0.885, 1), (0.87, 1))).tolist() == [
        True,
        True,
        False,
    ]


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
