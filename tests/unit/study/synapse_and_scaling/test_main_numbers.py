"""The numbers that answer the study's question, from tables whose best setting is known."""

import math

import pandas as pd
import synthetic_tables

from spikesweep.study.synapse_and_scaling.main_numbers import main_numbers, tabulate_main_numbers


def test_main_numbers_name_the_best_and_the_cheapest_good_setting():
    sweeps = synthetic_tables.sweeps(synapses_s=(math.nan, 0.01), scales=(1, 2), seeds=(0, 1))
    sweeps["ann_accuracy"] = 0.9
    none = sweeps["synapse_s"].isna()
    sweeps["accuracy"] = 0.5
    sweeps.loc[~none & (sweeps["scale_firing_rates"] == 2), "accuracy"] = 0.95
    sweeps.loc[none & (sweeps["scale_firing_rates"] == 1), "accuracy"] = 0.895
    row = main_numbers(sweeps, accuracy_margin=0.01).iloc[0]
    assert (row["seeds"], row["images"]) == (2, synthetic_tables.IMAGES)
    assert (row["best_synapse_s"], row["best_scale_firing_rates"]) == (0.01, 2)
    assert math.isnan(row["cheapest_synapse_s"])
    assert row["cheapest_scale_firing_rates"] == 1
    assert row["cheapest_found"]


def test_main_numbers_say_if_no_setting_is_good_enough(tmp_path):
    synthetic_tables.sweeps(scales=(1,)).to_csv(tmp_path / "sweeps.csv", index=False)
    tabulate_main_numbers(
        inputs={"sweeps": [tmp_path / "sweeps.csv"]},
        outputs={"numbers": tmp_path / "numbers.csv"},
        config={"accuracy_margin": 0.01},
    )
    read = pd.read_csv(tmp_path / "numbers.csv").iloc[0]
    assert not read["cheapest_found"]
    assert math.isnan(read["cheapest_accuracy"])
