"""What early spikes gain, from answers of known truth."""

import numpy as np
import pandas as pd
import pytest
from figure_checks import assert_legible, assert_same_bytes

from spikesweep.study.skip_paths.early_arrival import COLUMNS, early_arrival
from spikesweep.study.skip_paths.plot_skip_paths import plot_skip_paths

SYNAPSES = (np.nan, 0.01)
STEPS = (20, 60, 120)
# Accuracy as it is and with relays, with a synapse; without one, both are the same.
TRUTH = {"early": (0.3, 0.7, 0.8), "relayed": (0.1, 0.65, 0.8)}


def answered(network="net", seed=0, images=600):
    """Table and answers of one seed; images are as hard for both kinds of paths, and nearly so
    for all seeds."""
    hard = np.random.default_rng(9).random(images)
    hard += np.random.default_rng(seed).normal(0, 0.05, images)
    rows, right = [], []
    for paths, truth in TRUTH.items():
        for synapse in SYNAPSES:
            wanted = truth if synapse > 0 else (0.5, 0.5, 0.5)
            of_steps = [hard < accuracy for accuracy in wanted]
            right.append(of_steps)
            rows += [
                {
                    **{"network": network, "seed": seed, "paths": paths, "synapse_s": synapse},
                    **{"scale_firing_rates": 100.0, "step": step, "time_s": step / 1000},
                    **{"accuracy": correct.mean(), "ann_accuracy": 0.9},
                    "synops_per_image": step * (2.0 if paths == "relayed" else 1.0),
                }
                for step, correct in zip(STEPS, of_steps, strict=True)
            ]
    return pd.DataFrame(rows), np.array(right)


def compared(networks=("net",), seeds=range(5)):
    found = [answered(network, seed) for network in networks for seed in seeds]
    return early_arrival(*zip(*found, strict=True), 0.95)


def test_a_row_for_each_time_with_the_gain_and_both_costs():
    table = compared()
    assert list(table) == list(COLUMNS)
    assert len(table) == len(SYNAPSES) * len(STEPS)
    filtered = table[table["synapse_s"] == 0.01].set_index("step")
    assert filtered["gained"].to_dict() == pytest.approx({20: 0.2, 60: 0.05, 120: 0}, abs=0.04)
    np.testing.assert_allclose(
        filtered["gained"], filtered["accuracy"] - filtered["relayed_accuracy"]
    )
    assert filtered["gained_low"].gt(0).tolist() == [True, True, False]
    assert (filtered["relayed_synops_per_image"] == 2 * filtered["synops_per_image"]).all()
    assert set(table["seeds"]) == {5}


def test_the_control_gains_nothing():
    table = compared()
    control = table[table["synapse_s"].isna()]
    assert (control["gained"] == 0).all()
    assert (control["gained_low"] < 0).all()
    assert (control["gained_high"] > 0).all()


def test_intervals_hold_for_all_times_at_once():
    """Where nothing is gained, the largest of all gains is seldom told as one."""
    told = 0
    for trial in range(400):
        rng = np.random.default_rng(trial)
        table, right = answered(images=300)
        right = rng.random(right.shape) < 0.6
        found = early_arrival([table], [right], 0.95)
        told += (found[found["synapse_s"] == 0.01]["gained_low"] > 0).any()
    # 2.5 % of each side, over all times together.
    assert told <= 20


def draw(networks=("net",)):
    return plot_skip_paths(
        compared(networks),
        title="Early spikes",
        network_labels={name: f"CIFAR-10 residual {name}" for name in networks},
        palette="colorblind",
    )


@pytest.mark.parametrize("networks", [("net",), ("net", "other")])
def test_no_text_is_small_cut_off_or_on_top_of_another(networks):
    assert_legible(draw(networks))


def test_same_table_gives_same_bytes(tmp_path):
    assert_same_bytes(draw, tmp_path)


def test_a_bar_stands_where_a_gain_is_shown():
    control, filtered = draw().axes
    assert not control.collections[0].get_segments()
    assert [segment[0, 0] for segment in filtered.collections[0].get_segments()] == [20, 60]
