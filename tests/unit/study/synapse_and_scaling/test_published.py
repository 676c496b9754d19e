"""A published table compared with this run, from tables whose numbers are known."""

import pandas as pd
import pytest

from spikesweep.study.synapse_and_scaling.published import compare_with_published, comparison
from spikesweep.tables import read_table

CONFIG = {
    "images": 400,
    "ann_accuracy": 0.98,
    "settings": [
        {"synapse_s": None, "scale_firing_rates": 1, "steps": 30, "accuracy": 0.2},
        {"synapse_s": 0.01, "scale_firing_rates": 1, "steps": 60, "accuracy": 0.9},
    ],
}


@pytest.fixture
def sweeps():
    return pd.DataFrame(
        {
            "seed": [0, 0, 1, 1],
            "images": 1000,
            "ann_accuracy": [0.97, 0.97, 0.99, 0.99],
            "ann_accuracy_low": [0.96, 0.96, 0.98, 0.98],
            "ann_accuracy_high": [0.975, 0.975, 0.995, 0.995],
        }
    )


@pytest.fixture
def over_time():
    rows = []
    for seed, none, ten in ((0, 0.22, 0.5), (1, 0.26, 0.7)):
        for synapse, step, accuracy in ((None, 30, none), (0.01, 30, 0.1), (0.01, 60, ten)):
            rows.append(
                {
                    "seed": seed,
                    "synapse_s": synapse,
                    "scale_firing_rates": 1.0,
                    "step": step,
                    "accuracy": accuracy,
                    "accuracy_low": accuracy - 0.02,
                    "accuracy_high": accuracy + 0.02,
                }
            )
    return pd.DataFrame(rows)


def test_each_published_accuracy_gets_the_mean_over_seeds_at_its_step(sweeps, over_time):
    table = comparison(sweeps, over_time, CONFIG)
    assert table["kind"].tolist() == ["rates", "spikes", "spikes"]
    assert table["accuracy"].tolist() == pytest.approx([0.98, 0.24, 0.6])
    assert table["accuracy_lowest_seed"].tolist() == pytest.approx([0.97, 0.22, 0.5])
    assert (table["seeds"] == 2).all()


def test_the_comparison_joins_the_tables_of_all_seeds(sweeps, over_time, tmp_path):
    inputs = {"sweeps": [], "over_time": []}
    for seed in (0, 1):
        for name, table in (("sweeps", sweeps), ("over_time", over_time)):
            inputs[name].append(tmp_path / f"{name}{seed}.csv")
            table[table["seed"] == seed].to_csv(inputs[name][-1], index=False)
    outputs = {"comparison": tmp_path / "comparison.csv"}
    compare_with_published(inputs=inputs, outputs=outputs, config=CONFIG)
    written = read_table(outputs["comparison"])
    expected = comparison(sweeps, over_time, CONFIG)
    pd.testing.assert_frame_equal(written, expected, check_dtype=False)


def test_ranges_that_meet_and_ranges_that_do_not(sweeps, over_time):
    assert comparison(sweeps, over_time, CONFIG)["overlap"].tolist() == [True, True, False]


def test_setting_that_was_not_swept_is_no_silent_gap(sweeps, over_time):
    setting = {"synapse_s": 0.02, "scale_firing_rates": 1, "steps": 30, "accuracy": 0.5}
    with pytest.raises(KeyError, match="was not swept"):
        comparison(sweeps, over_time, CONFIG | {"settings": [setting]})
