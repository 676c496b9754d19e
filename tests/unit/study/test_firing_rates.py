"""Firing-rate tables, from an engine whose neurons fire 0, 1 and 2 times."""

import pytest

from spikesweep.simulation.engine import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.study.firing_rates import firing_rates


@pytest.fixture
def tables(network, sample, engine):
    settings = [Setting(0.01, 1.0), Setting(0.01, 5.0)]
    return firing_rates(network, sample, settings, 20, engine=engine, limits=Limits())


def test_summary_is_in_hertz_over_image_neuron_pairs(tables):
    summary, _ = tables
    assert len(summary) == 2
    row = summary.iloc[0]
    assert row["silent_share"] == pytest.approx(1 / 3)
    assert row["mean_rate_hz"] == pytest.approx(50)
    assert row["median_rate_hz"] == pytest.approx(50)
    assert row["p05_rate_hz"] == 0
    assert row["p99_rate_hz"] == row["max_rate_hz"] == pytest.approx(100)
    assert (row["spikes_per_image"], row["synops_per_image"]) == (3, 6)


def test_histogram_covers_all_pairs_and_starts_with_the_silent(tables):
    _, histogram = tables
    one = histogram[histogram["scale_firing_rates"] == 1]
    assert one["share"].sum() == pytest.approx(1)
    first = one.iloc[0]
    assert (first["rate_low_hz"], first["rate_high_hz"]) == (0, 0)
    assert first["share"] == pytest.approx(1 / 3)
    assert (one["rate_low_hz"].iloc[2:].to_numpy() == one["rate_high_hz"].iloc[1:-1]).all()
