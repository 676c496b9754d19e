"""Where accuracy begins to fall, on curves whose knee is known."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from spikesweep.study.pruning.knee import knees

SPARSITIES = (0.5, 0.8, 0.9, 0.95)


def curve(lost, half_width=0.001, sparsities=SPARSITIES, **facts):
    """Losses at some sparsities, with intervals of the same width."""
    lost = np.asarray(lost, float)
    return pd.DataFrame(
        {
            **{"network": "net", "method": "magnitude", "split": "train"},
            **{"images": 3000, "seeds": 3, "confidence": 0.95, "method_of_interval": "t"},
            "sparsity": sparsities,
            "interpolated": False,
            "lost": lost,
            "lost_low": lost - half_width,
            "lost_high": lost + half_width,
            **facts,
        }
    )


def knee(lost, margin=0.01, **facts):
    return knees(curve(lost, **facts), [margin]).iloc[0]


def test_a_sharp_knee_lies_where_the_fall_crosses_the_margin():
    row = knee([0, 0, 0.1, 0.5])
    # A tenth of the way from 20 to 10 % of the weights, in their logarithm.
    assert row["knee_sparsity"] == pytest.approx(1 - 0.2 / 2**0.1)
    assert row["falls"]


def test_a_loss_of_exactly_the_margin_is_no_fall():
    assert knee([0.01, 0.01, 0.01, 0.02])["knee_sparsity"] == pytest.approx(0.9)


def test_what_never_falls_has_the_largest_sparsity_and_is_flagged():
    row = knee([0, -0.01, 0, 0.005])
    assert not row["falls"]
    assert (row["knee_sparsity"], row["knee_high"]) == (0.95, 1)


def test_what_falls_at_once_has_its_knee_before_the_first_sparsity():
    assert knee([0.5, 0.6, 0.7, 0.8])["knee_sparsity"] == pytest.approx(1 - 0.5**0.02)


def test_one_unlucky_network_makes_no_knee():
    """The first crossing of a curve that is noisy comes too early."""
    row = knee([0.012, 0, 0, 0.1])
    assert row["knee_sparsity"] > 0.9
    # The losses at 50, 80 and 90 % are one, of 0.4 points.
    share = (0.01 - 0.004) / (0.1 - 0.004)
    assert row["knee_sparsity"] == pytest.approx(1 - 0.1 * 0.5**share)


def test_the_interval_is_where_the_loss_may_be_the_margin():
    row = knee([0.0, 0.01, 0.02, 0.03], half_width=0.01)
    # The upper bounds reach the margin at 50 %, the lower ones at 90 %.
    assert (row["knee_low"], row["knee_sparsity"]) == pytest.approx((0.5, 0.8))
    assert row["knee_high"] == pytest.approx(0.9)


def test_the_knee_lies_beyond_a_sparsity_exactly_if_the_loss_there_is_shown_to_be_small():
    for half_width in (0.002, 0.006):
        lost = [0.001, 0.005, 0.02, 0.05]
        row = knee(lost, half_width=half_width)
        assert (row["knee_low"] >= 0.8) == (lost[1] + half_width <= 0.01)


def test_without_bounds_there_is_no_interval():
    row = knee([0, 0, 0.1, 0.5], half_width=math.nan)
    assert row["knee_sparsity"] > 0.8
    assert math.isnan(row["knee_low"])
    assert math.isnan(row["knee_high"])


def test_there_is_a_row_per_network_method_split_and_margin():
    table = pd.concat(
        curve([0, 0, 0.1, 0.5], network=network, split=split)
        for network in ("one", "other")
        for split in ("train", "test")
    )
    found = knees(table, [0.02, 0.01])
    assert len(found) == 8
    assert found["margin"].tolist() == [0.01, 0.02] * 4
    assert found["images"].unique() == [3000]


def test_an_interpolated_loss_decides_nothing():
    table = curve([0, 0.5, 0.1, 0.5])
    table.loc[1, "interpolated"] = True
    assert knees(table, [0.01]).iloc[0]["knee_sparsity"] > 0.5


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-0.1, 1), min_size=4, max_size=4), st.floats(0.001, 0.2))
def test_knees_lie_among_the_tested_sparsities_and_grow_with_the_margin(lost, margin):
    row, tolerant = knee(lost, margin), knee(lost, 2 * margin)
    assert 0 <= row["knee_sparsity"] <= 0.95 + 1e-9
    assert 0 <= row["knee_low"] <= row["knee_sparsity"] + 1e-12
    assert row["knee_sparsity"] <= row["knee_high"] + 1e-12
    assert row["knee_high"] <= 1
    assert row["knee_sparsity"] <= tolerant["knee_sparsity"] + 1e-12


def test_intervals_of_knees_hold_the_truth_as_often_as_they_say():
    """Of three seeds whose networks vary at each sparsity, the unpruned one too."""
    truth = [0.0, 0.003, 0.019, 0.06]
    # 0.5 points are lost an eighth of the way from 20 to 10 % of the weights.
    at = 1 - 0.2 * 0.5**0.125
    rng = np.random.default_rng(1)
    held, found, studies = 0, [], 600
    for _ in range(studies):
        noise = 0.001 * rng.standard_normal((3, 5))
        lost = truth + noise[:, 1:] - noise[:, :1]
        half_width = stats.t.ppf(0.975, 2) * stats.sem(lost)
        row = knee(lost.mean(axis=0), margin=0.005, half_width=half_width)
        held += row["knee_low"] <= at <= row["knee_high"]
        found.append(row["knee_sparsity"])
    assert 0.93 <= held / studies <= 0.98
    assert np.median(found) == pytest.approx(at, abs=0.005)
