"""The numbers that answer the study's question, from tables whose best setting is known."""

import math

import pandas as pd
import pytest
import synthetic_tables

from spikesweep.study.synapse_and_scaling.main_numbers import main_numbers, tabulate_main_numbers


def test_main_numbers_name_the_best_and_the_cheapest_good_setting():
    sweeps = synthetic_tables.sweeps(synapses_s=(math.nan, 0.01), scales=(1, 2), seeds=(0, 1))
    sweeps["ann_accuracy"] = 0.9
    none = sweeps["synapse_s"].isna()
    sweeps["accuracy"] = 0.5
    sweeps.loc[~none & (sweeps["scale_firing_rates"] == 2), "accuracy"] = 0.95
    sweeps.loc[none & (sweeps["scale_firing_rates"] == 1), "accuracy"] = 0.895
    over_time = synthetic_tables.over_time(synapses_s=(math.nan, 0.01), scales=(1, 2))
    row = main_numbers(sweeps, over_time, synthetic_tables.costs(), 0.01).iloc[0]
    assert (row["seeds"], row["images"]) == (2, synthetic_tables.IMAGES)
    assert (row["best_synapse_s"], row["best_scale_firing_rates"]) == (0.01, 2)
    assert math.isnan(row["cheapest_synapse_s"])
    assert row["cheapest_scale_firing_rates"] == 1
    assert row["cheapest_found"]


def test_main_numbers_say_if_no_setting_is_good_enough(tmp_path):
    tables = {
        "sweeps": synthetic_tables.sweeps(scales=(1,)),
        "over_time": synthetic_tables.over_time(scales=(1,)),
        "costs": synthetic_tables.costs(),
    }
    for name, table in tables.items():
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    tabulate_main_numbers(
        inputs={name: [tmp_path / f"{name}.csv"] for name in tables},
        outputs={"numbers": tmp_path / "numbers.csv"},
        config={"accuracy_margin": 0.01},
    )
    read = pd.read_csv(tmp_path / "numbers.csv").iloc[0]
    assert not read["cheapest_found"]
    assert math.isnan(read["cheapest_accuracy"])


def test_costs_are_the_sum_next_to_the_ann_on_the_same_terms():
    axes = {"synapses_s": (0.01,), "scales": (1,), "seeds": (0, 1)}
    sweeps, over_time = synthetic_tables.sweeps(**axes), synthetic_tables.over_time(**axes)
    row = main_numbers(sweeps, over_time, synthetic_tables.costs(), 0.01).iloc[0]
    synops, pixels, ann = 18_000, 100_352, 134_794
    assert row["best_operations_per_image"] == synops + pixels
    assert row["best_operations_over_ann"] == pytest.approx((synops + pixels) / ann)
    assert row["best_effective_operations_per_image"] == pytest.approx(synops + 0.2 * pixels)
    assert row["best_effective_operations_over_ann"] == pytest.approx(
        (synops + 0.2 * pixels) / (0.2 * pixels + 0.5 * (ann - pixels))
    )
    assert row["neuron_updates_per_image"] == 384 * 30
    assert row["input_macs_without_latch_per_image"] == 30 * pixels
    assert row["footprint_bytes"] == 4 * ann + 8 * 384
