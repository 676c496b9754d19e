"""The best synapse after each presentation time, from answers of known truth."""

import numpy as np
import pytest
from settling_answers import answered, moving, resting

from spikesweep.study.settling.best_synapse import COLUMNS, best_synapses


def found(accuracy, seeds=(0, 1, 2), **sizes):
    pairs = [answered(accuracy, seed=seed, **sizes) for seed in seeds]
    tables, right = zip(*pairs, strict=True)
    return best_synapses(tables, right, 0.95).set_index("step", drop=False)


def test_a_best_synapse_that_moves_is_followed():
    best = found(moving)
    assert list(best.columns) == list(COLUMNS)
    assert np.isnan(best["best_synapse_s"][15])
    assert best["best_synapse_s"].iloc[1:].tolist() == [0.005, 0.005, 0.02, 0.05]
    last = best.loc[240]
    assert last["reference_step"] == 60
    assert last["kept_synapse_s"] == 0.005
    # Two synapses away, at 8 points each.
    assert last["lost_low"] > 0.12
    assert last["lost_by_keeping"] == pytest.approx(0.16, abs=0.03)


def test_a_best_synapse_that_rests_loses_nothing():
    last = found(resting).loc[240]
    assert last["best_synapse_s"] == 0.005
    assert last["lost_by_keeping"] == 0
    assert last["lost_low"] < 0 < last["lost_high"] < 0.005


def test_synapses_that_do_as_well_are_alike():
    best = found(lambda number, step: 0.9 if number in (1, 2) else 0.6)
    assert (best["shortest_alike_s"] == 0.005).all()
    # One comparison in twenty may find a difference where there is none.
    assert (best["longest_alike_s"] == 0.02).mean() >= 0.8


def test_it_is_rarely_wrong_about_a_synapse_that_rests():
    """With equally good synapses, nothing is lost in truth, whichever was best before."""
    wrong = 0
    runs = 40
    for run in range(runs):
        seeds = range(10 * run, 10 * run + 3)
        last = found(lambda *_: 0.8, seeds=seeds, images=300, spread=0.01).loc[240]
        wrong += not last["lost_low"] <= 0 <= last["lost_high"]
    assert wrong <= 4


def test_networks_are_judged_one_by_one():
    pairs = [answered(moving, network="one"), answered(resting, network="other")]
    tables, right = zip(*pairs, strict=True)
    best = best_synapses(tables, right, 0.95)
    assert best.groupby("network").size().to_dict() == {"one": 5, "other": 5}
    assert (best["seeds"] == 1).all()


def test_one_time_is_its_own_reference():
    table, right = answered(moving)
    short = table[table["step"] == 15].reset_index(drop=True)
    best = best_synapses([short], [right[:, :1]], 0.95)
    assert best["reference_step"].tolist() == [15]
    assert best["lost_by_keeping"].tolist() == [0]
