"""Costs next to the ANN, and when an answer can be read, from tables with known numbers."""

import math

import pandas as pd
import pytest
import synthetic_tables

from spikesweep.experiments.costs import settled_after, with_network_costs


def course(accuracies, network="net", seed=0, synapse_s=0.01):
    steps = range(1, len(accuracies) + 1)
    return pd.DataFrame(
        [
            {"network": network, "seed": seed, "synapse_s": synapse_s, "scale_firing_rates": 10}
            | {"time_s": step / 1000, "accuracy": accuracy, "synops_per_image": 100.0 * step}
            for step, accuracy in zip(steps, accuracies, strict=True)
        ]
    )


def settled_ms(over_time, margin=0.01):
    return [round(1000 * time) for time in settled_after(over_time, margin)["settled_after_s"]]


@pytest.mark.parametrize(
    ("accuracies", "ms"),
    [
        ([0.9, 0.9, 0.9], 1),
        ([0.1, 0.895, 0.9], 2),
        # a loss of exactly the margin counts as settled
        ([0.1, 0.89, 0.9], 2),
        # an accuracy that falls again had not settled
        ([0.1, 0.9, 0.7, 0.9], 4),
        # more than the last accuracy is no loss
        ([0.1, 0.99, 0.9], 2),
    ],
)
def test_settled_is_the_first_time_after_which_the_accuracy_stays(accuracies, ms):
    assert settled_ms(course(accuracies)) == [ms]


def test_seeds_settle_together_and_settings_apart():
    # the mean over seeds is 0.6, 0.9, 0.9; seed 1 alone settles at once
    seeds = [course([0.3, 0.9, 0.9]), course([0.9, 0.9, 0.9], seed=1)]
    unfiltered = course([0.9, 0.9, 0.9], synapse_s=math.nan)
    found = settled_after(pd.concat([*seeds, unfiltered]), 0.01)
    assert found["synapse_s"].isna().sum() == 1
    by_synapse = found.set_index("synapse_s")["settled_after_s"]
    assert by_synapse[0.01] == 0.002
    assert found.set_index("synapse_s")["settled_synops_per_image"][0.01] == 200
    assert by_synapse[by_synapse.index.isna()].tolist() == [0.001]


def test_energy_is_compared_with_all_and_with_effective_multiply_adds():
    sweeps = synthetic_tables.sweeps(synapses_s=(0.01,), scales=(1,), seeds=(0,))
    row = with_network_costs(sweeps, synthetic_tables.costs(seeds=(0,))).iloc[0]
    synops, pixels, ann = 18_000, 100_352, 134_794
    ours = 0.9 * synops + 4.6 * pixels
    assert row["energy_j_45nm"] == pytest.approx(1e-12 * ours)
    assert row["ann_energy_j_45nm"] == pytest.approx(4.6e-12 * ann)
    assert row["energy_over_ann_45nm"] == pytest.approx(ours / (4.6 * ann))
    effective_ann = 0.2 * pixels + 0.5 * (ann - pixels)
    assert row["effective_energy_over_ann_45nm"] == pytest.approx(
        (0.9 * synops + 4.6 * 0.2 * pixels) / (4.6 * effective_ann)
    )
    assert row["energy_over_ann_45nm_updates"] == pytest.approx(
        (ours + 4.6 * 384 * 30) / (4.6 * (ann + 384))
    )


def test_a_network_without_costs_is_named():
    with pytest.raises(KeyError, match=r"no costs of .*'seed': 1"):
        with_network_costs(synthetic_tables.sweeps(), synthetic_tables.costs(seeds=(0,)))
