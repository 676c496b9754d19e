"""The tests of gain against rate, on tables whose benefit is known to follow one thing."""

import itertools

import numpy as np
import pandas as pd
import pytest

from spikesweep.study.rate_transfer.benefit import ALL, benefit, relate_gain_to_rate
from spikesweep.study.rate_transfer.run import COLUMNS

CONFIG = {"confidence": 0.95, "bootstrap": 40, "seed": 0}
# Layers of each network, from the first on.
NETWORKS = {"dense": 3, "deep": 4}
TRAINED_RATES = (4.0, 9.0, 25.0, 12.0)


def transfer(gain, *, networks=NETWORKS, seeds=(0, 1, 2), noise=0.002):
    """gain(depth, base_rate_hz) -> accuracy gained; the prediction says the same."""
    rng = np.random.default_rng(0)
    rows = []
    for (network, layers), seed, mean in itertools.product(networks.items(), seeds, (5.0, 15.0)):
        for variant in ("trained", "equal", *(f"slow_layer{n}" for n in range(layers))):
            for depth in range(layers):
                layer = f"layer{depth}"
                rate = mean * (0.1 if variant == f"slow_{layer}" else 1) * rng.uniform(0.98, 1.02)
                if variant == "trained":
                    rate = mean / 10 * TRAINED_RATES[depth]
                expected = gain(depth, rate)
                rows.append(
                    {
                        "network": network,
                        "seed": seed,
                        "mean_rate_hz": mean,
                        "variant": variant,
                        "layer": layer,
                        "depth": depth,
                        "factor": 10.0,
                        "base_rate_hz": rate,
                        "gain": expected + noise * rng.standard_normal(),
                        "predicted_gain": expected,
                        "predicted_gain_cascade": -expected,
                    }
                )
    return pd.DataFrame(rows)


def by_rate(depth, rate):
    return 0.1 - 0.05 * np.log10(rate)


def by_place(depth, rate):
    return 0.05 * depth


def rows_of(table, networks=ALL):
    return table[table["networks"] == networks].set_index("test")


def test_a_benefit_that_follows_the_rate_is_told():
    found = rows_of(benefit(transfer(by_rate), CONFIG))
    assert found["statistic"]["observed_rate"] < -0.9
    assert found["statistic_high"]["observed_rate"] < -0.8
    assert found["statistic_high"]["caused_rate"] < -0.5
    assert found["statistic"]["slowed_gains_most"] == 1
    assert found["p_value"]["slowed_gains_most"] < 1e-6
    assert found["statistic"]["rate_slope"] == pytest.approx(-0.05, abs=0.002)
    assert found["statistic_low"]["rate_slope"] < -0.05 < found["statistic_high"]["rate_slope"]
    assert found["statistic"]["rate_share"] > 0.9
    assert found["statistic"]["place_share"] < 0.02


def test_a_benefit_that_stays_with_the_place_is_told():
    found = rows_of(benefit(transfer(by_place), CONFIG))
    # The fast layers of the trained networks are late ones: seen alone, rate would be blamed.
    assert abs(found["statistic"]["observed_rate"]) > 0.5
    assert abs(found["statistic"]["caused_rate"]) < 0.35
    # In one of the layers of each network, by chance.
    assert found["statistic"]["slowed_gains_most"] == pytest.approx(2 / 7)
    assert found["p_value"]["slowed_gains_most"] > 0.5
    assert found["statistic_low"]["rate_slope"] < 0 < found["statistic_high"]["rate_slope"]
    assert found["statistic"]["rate_share"] < 0.02
    assert found["statistic"]["place_share"] > 0.9


def test_no_benefit_is_told_as_none():
    found = rows_of(benefit(transfer(lambda depth, rate: 0.0), CONFIG))
    for test in ("observed_rate", "caused_rate", "rate_slope"):
        assert found["statistic_low"][test] < 0 < found["statistic_high"][test]
    assert found["p_value"]["slowed_gains_most"] > 0.01


def test_predictions_are_compared_with_what_was_measured():
    found = rows_of(benefit(transfer(by_rate), CONFIG))
    assert found["statistic"]["predicted_gain_trained"] > 0.9
    assert found["statistic"]["predicted_gain_cascade_trained"] < -0.9
    assert found["points"]["predicted_gain"] == 3 * 2 * (3 * 5 + 4 * 6)


def test_networks_stand_alone_and_together():
    table = benefit(transfer(by_rate), CONFIG)
    assert set(table["networks"]) == {ALL, *NETWORKS}
    assert not table.duplicated(["test", "networks"]).any()
    assert rows_of(table)["seeds"].unique().tolist() == [6]
    assert rows_of(table, "deep")["seeds"].unique().tolist() == [3]
    assert rows_of(table, "deep")["points"]["slowed_gains_most"] == 3 * 4
    means = table[table["quantity"] == "rank correlation"]
    assert (means["statistic_low"] <= means["statistic"] + 1e-9).all()
    assert (means["statistic"] <= means["statistic_high"] + 1e-9).all()
    pd.testing.assert_frame_equal(table, benefit(transfer(by_rate), CONFIG))


def test_a_single_seed_has_no_p_value_where_seeds_are_the_sample():
    found = rows_of(benefit(transfer(by_rate, seeds=(0,), networks={"dense": 3}), CONFIG))
    assert np.isnan(found["p_value"]["observed_rate"])
    assert found["p_value"]["slowed_gains_most"] < 0.1


def test_layers_of_equal_gain_have_no_order():
    found = rows_of(benefit(transfer(lambda depth, rate: 0.0, noise=0), CONFIG))
    assert found["statistic"]["observed_rate"] == 0
    assert found["statistic"]["rate_share"] == 0


def test_nothing_to_compare_gives_an_empty_table(tmp_path):
    assert benefit(transfer(by_rate, networks={"shallow": 1}), CONFIG).empty
    pd.DataFrame(columns=["network", "seed", *COLUMNS]).to_csv(tmp_path / "a.csv", index=False)
    outputs = {"benefit": tmp_path / "b.csv", "metadata": tmp_path / "m.json"}
    alone = {"transfer": [tmp_path / "a.csv"]}
    relate_gain_to_rate(inputs=alone, outputs=outputs, config=CONFIG)
    assert pd.read_csv(tmp_path / "b.csv").empty
    transfer(by_rate).to_csv(tmp_path / "c.csv", index=False)
    both = {"transfer": [tmp_path / "a.csv", tmp_path / "c.csv"]}
    relate_gain_to_rate(inputs=both, outputs=outputs, config=CONFIG)
    assert len(pd.read_csv(tmp_path / "b.csv")) == 30
