"""A sweep's tables, from an engine whose responses are known."""

from dataclasses import replace

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from spikesweep.experiments.sweep import grid, sweep, sweep_read_outs
from spikesweep.statistics.intervals import accuracy_interval
from spikesweep.tables import labelled


@pytest.fixture
def tables(experiment):
    return sweep(experiment, grid([None, 0.01], [1, 5]), "network seed 0")


def test_grid_holds_every_pair_once():
    settings = grid([None, 0.0, 0.01], [1, 5])
    assert len(set(settings)) == 6
    assert {setting.synapse_s for setting in settings} == {None, 0.0, 0.01}


def test_one_row_a_setting_with_accuracy_and_cost(tables):
    rows = tables.settings
    assert len(rows) == 4
    assert (rows["accuracy"] == 1.0).all()
    assert (rows["ann_accuracy"] == 0.75).all()
    assert (rows["agreement_with_ann"] == 0.75).all()
    assert (rows["spikes_per_image"] == 3).all()
    assert (rows["synops_per_image"] == 6).all()
    # 3 spikes of 3 neurons in 20 ms
    assert rows["mean_rate_hz"].tolist() == pytest.approx([50.0] * 4)
    assert (rows["input_macs_per_image"] == 6).all()
    assert (rows["ann_macs_per_image"] == 12).all()


def test_accuracy_at_every_step(tables):
    one = tables.over_time[tables.over_time["synapse_s"].isna()].iloc[:20]
    assert one["step"].tolist() == list(range(1, 21))
    assert one["time_s"].iloc[-1] == pytest.approx(0.02)
    assert one["accuracy"].tolist() == [0.5] * 5 + [1.0] * 15


def test_an_answer_costs_what_was_spent_up_to_its_step(tables):
    one = tables.over_time[tables.over_time["synapse_s"].isna()].iloc[:20]
    # All spikes fall into step 10.
    assert one["spikes_per_image"].tolist() == [0.0] * 9 + [3.0] * 11
    assert one["synops_per_image"].tolist() == [0.0] * 9 + [6.0] * 11


def test_rows_of_layers_add_up(tables):
    assert (tables.layers["synops_per_image"] == 6).all()
    assert (tables.layers["neurons"] == 3).all()


def test_interval_is_wilson_and_holds_the_accuracy():
    assert accuracy_interval(90, 100, 0.95)[1:] == pytest.approx(
        proportion_confint(90, 100, method="wilson")
    )
    # Wilson's interval, unlike the normal one, stays inside [0, 1]: 1 / (1 + z^2 / n)
    accuracy, low, high = accuracy_interval(100, 100, 0.95)
    assert (accuracy, high) == (1.0, pytest.approx(1.0))
    assert low == pytest.approx(1 / (1 + 1.959964**2 / 100))


def test_labels_come_first(tables):
    table = labelled(tables.settings, "dense", 3)
    assert table.columns[:2].tolist() == ["network", "seed"]
    assert set(table["seed"]) == {3}


def test_one_simulation_is_read_in_several_ways(experiment):
    settings = grid([None], [1])
    tables = sweep_read_outs(experiment, settings, "net", ["last", "mean"])
    # Half of the images are answered wrong for five steps, which a mean makes up for by step 10.
    for found, wrong in zip(tables, (5, 9), strict=True):
        assert found.over_time["accuracy"].tolist() == [0.5] * wrong + [1.0] * (20 - wrong)
    mean = sweep(replace(experiment, read_out="mean"), settings, "net")
    pd.testing.assert_frame_equal(mean.over_time, tables[1].over_time)
