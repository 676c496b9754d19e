"""The tests of gain against rate, on tables whose benefit is known to follow one thing."""

import itertools

import numpy as np
import pandas as pd
import pytest

from spikesweep.experiments.answers import Answers, save_answers
from spikesweep.statistics.crossed import crossed_effect
from spikesweep.study.rate_transfer.benefit import benefit, relate_gain_to_rate
from spikesweep.study.rate_transfer.contrasts import slowed_less_others
from spikesweep.study.rate_transfer.transfer import COLUMNS

CONFIG = {"confidence": 0.95, "bootstrap": 40, "seed": 0}
# Layers of each network, from the first on.
NETWORKS = {"dense": 3, "deep": 4}
TRAINED_RATES = (4.0, 9.0, 25.0, 12.0)
IMAGES = 800
THRESHOLD = 0.005


def study(gain, *, networks=NETWORKS, seeds=(0, 1, 2), rng=None, images=IMAGES):
    """A table and the answers of each network and seed; the prediction says the same.

    gain(depth, base_rate_hz) -> how much more probable it is that an image is recognised. Images
    differ in difficulty, and a layer that is scaled changes the answers to a fifth of them.
    """
    rng = rng or np.random.default_rng(0)
    difficulty = rng.uniform(0.3, 0.9, images)
    tables, correct = [], []
    for (network, layers), seed in itertools.product(networks.items(), seeds):
        rows, answers = [], []
        of_network = rng.random(images)
        for point in (0.5, 0.8):
            rates = 1.6 * np.array(TRAINED_RATES)[:layers] * point
            for variant in ("trained", "equal", *(f"slow_layer{n}" for n in range(layers))):
                for depth in range(layers):
                    layer = f"layer{depth}"
                    rate = 10 * point * (0.1 if variant == f"slow_{layer}" else 1)
                    if variant == "trained":
                        rate = rates[depth]
                    gained = gain(depth, rate)
                    anew = rng.random(images) < 0.2
                    drawn = np.where(anew, rng.random(images), of_network)
                    answers.append(drawn < difficulty + gained)
                    rows.append(
                        {
                            "network": network,
                            "seed": seed,
                            "operating_point": point,
                            "variant": variant,
                            "layer": layer,
                            "depth": depth,
                            "factor": 10.0,
                            "base_rate_hz": rate,
                            "active_share": 1 / (1 + depth),
                            "gain": answers[-1].mean() - difficulty.mean(),
                            "predicted_gain": gained,
                            "predicted_gain_cascade": -gained,
                            "predicted_gain_rectified": gained,
                            # Rates are a fifth higher than those of the trained network, which
                            # rectification foretells up to a tenth.
                            "nominal_rate_hz": rate / 1.2,
                            "predicted_rate_hz": rate * 1.1,
                            "base_accuracy": 0.6,
                            "predicted_base_accuracy": 0.7,
                            "predicted_base_accuracy_rectified": 0.58,
                        }
                    )
        tables.append(pd.DataFrame(rows))
        correct.append(np.array(answers))
    return tables, correct


def by_rate(depth, rate):
    return 0.06 - 0.05 * np.log10(rate)


def by_place(depth, rate):
    return 0.05 * depth


def rows_of(table, network="dense"):
    together = table["operating_point"].isna()
    return table[together & (table["network"] == network)].set_index("test")


def test_a_benefit_that_follows_the_rate_is_told():
    found = rows_of(benefit(*study(by_rate), CONFIG))
    # a factor of ten in rate
    assert found["statistic"]["slowed_less_others"] == pytest.approx(0.05, abs=0.01)
    assert found["statistic_low"]["slowed_less_others"] > THRESHOLD
    # 4 Hz against 9 and 25 Hz
    expected = 0.05 * (np.log10(9 * 25) / 2 - np.log10(4))
    assert found["statistic"]["slowest_less_others"] == pytest.approx(expected, abs=0.015)
    assert found["statistic"]["slowed_gains_most"] == 1
    assert found["statistic"]["rate_slope"] == pytest.approx(-0.05, abs=0.01)
    assert found["statistic"]["rate_share"] > 0.7


def test_a_benefit_that_stays_with_the_place_is_told():
    found = rows_of(benefit(*study(by_place), CONFIG))
    # Each layer has its turn at being slow, so that depth cancels ...
    assert found["statistic"]["slowed_less_others"] == pytest.approx(0, abs=0.01)
    # ... but in the trained networks, the slowest layer is the first.
    assert found["statistic"]["slowest_less_others"] == pytest.approx(-0.075, abs=0.015)
    assert found["statistic"]["slowed_gains_most"] == pytest.approx(1 / 3)
    assert found["statistic"]["rate_share"] < 0.1
    assert found["statistic"]["place_share"] > 0.7


def test_the_slowest_layer_may_not_be_that_of_the_slowest_active_neurons():
    found = rows_of(benefit(*study(by_place), CONFIG), "deep")
    # mean rates 4, 9, 25, 12 Hz; a first layer all of whose neurons fire, a last one with a quarter
    assert found["statistic"]["slowest_active_less_others"] == pytest.approx(-0.1, abs=0.02)
    tables, correct = study(by_place)
    for table in tables:
        table["active_share"] = 1 / table["active_share"].rank(method="dense").to_numpy()[::-1]
        table.loc[table["depth"] == 3, "active_share"] = 4.0
    found = rows_of(benefit(tables, correct, CONFIG), "deep")
    # 12 Hz of neurons of which all but 3 Hz are silent: the last layer, which gains 0.1 more
    assert found["statistic"]["slowest_active_less_others"] == pytest.approx(0.1, abs=0.02)
    assert found["statistic"]["slowest_less_others"] == pytest.approx(-0.1, abs=0.02)


@pytest.mark.parametrize(("seeds", "power"), [((0, 1), 0.3), ((0, 1, 2), 0.8)])
def test_errors_are_rare_and_effects_are_found(seeds, power):
    """How often a slow layer is said to gain more than the threshold, if it gains just as much, and
    if it gains 6 points more, with 400 images; two seeds say little about others.
    """
    rng = np.random.default_rng(1)
    studies = 60

    def reproduced(gained):
        hits = 0
        for _ in range(studies):
            tables, correct = study(
                lambda depth, rate: gained * (rate < 2),
                networks={"dense": 3},
                seeds=seeds,
                rng=rng,
                images=400,
            )
            effect = crossed_effect(slowed_less_others(tables, correct), confidence=0.95)
            hits += effect.low >= THRESHOLD
        return hits / studies

    # if 2.5 % were wrong, more than 5 of 60 would be in one test of two hundred
    assert reproduced(THRESHOLD) <= 5 / 60
    assert reproduced(0.06) >= power


def test_predictions_are_compared_with_what_was_measured():
    found = rows_of(benefit(*study(by_rate), CONFIG))
    assert found["statistic"]["predicted_gain_trained"] > 0.5
    assert found["statistic"]["predicted_gain_cascade_trained"] < -0.5
    assert found["points"]["predicted_gain"] == 3 * 2 * 3 * 5
    errors = {
        **{"rate_factor": 1.2, "rate_factor_rectified": 1.1},
        **{"accuracy_error": 0.1, "accuracy_error_rectified": 0.02},
    }
    for test, expected in errors.items():
        assert found["statistic"][test] == pytest.approx(expected)
        assert found["statistic_low"][test] <= expected + 1e-9
        assert found["statistic_high"][test] >= expected - 1e-9


def test_networks_stand_alone():
    table = benefit(*study(by_rate), CONFIG)
    assert set(table["network"]) == set(NETWORKS)
    assert not table.duplicated(["test", "network", "operating_point"]).any()
    assert (table["seeds"] == 3).all()
    assert rows_of(table, "deep")["points"]["slowed_gains_most"] == 3 * 4
    alone = benefit(*study(by_rate, networks={"dense": 3}), CONFIG)
    dense = table[table["network"] == "dense"].reset_index(drop=True)
    pd.testing.assert_frame_equal(dense, alone.reset_index(drop=True))


def test_a_single_seed_speaks_of_its_network():
    found = rows_of(benefit(*study(by_rate, seeds=(0,), networks={"dense": 3}), CONFIG))
    assert "this network only" in found["method"]["slowed_less_others"]
    assert found["statistic_low"]["slowed_less_others"] > 0


def test_only_operating_points_that_every_seed_reaches_count():
    tables, correct = study(by_rate, networks={"dense": 3}, seeds=(0, 1))
    low = tables[1]["operating_point"] == 0.5
    tables[1], correct[1] = tables[1][low].reset_index(drop=True), correct[1][low]
    both = benefit(tables, correct, CONFIG)
    first = tables[0]["operating_point"] == 0.5
    tables[0], correct[0] = tables[0][first].reset_index(drop=True), correct[0][first]
    alike = benefit(tables, correct, CONFIG)
    for test in ("slowed_less_others", "slowest_less_others"):
        assert rows_of(both)["statistic"][test] == rows_of(alike)["statistic"][test]
    tables[1]["operating_point"] = 0.8
    assert "slowed_less_others" not in rows_of(benefit(tables, correct, CONFIG)).index


def test_a_level_counts_only_if_each_layer_has_its_turn_there():
    tables, correct = study(by_rate, networks={"dense": 3}, seeds=(0, 1))
    one_turn = (tables[1]["operating_point"] == 0.8) & (tables[1]["variant"] == "slow_layer1")
    tables[1], correct[1] = tables[1][~one_turn].reset_index(drop=True), correct[1][~one_turn]
    whole = rows_of(benefit(tables, correct, CONFIG))["statistic"]["slowed_less_others"]
    for number, table in enumerate(tables):
        low = table["operating_point"] == 0.5
        tables[number], correct[number] = table[low].reset_index(drop=True), correct[number][low]
    assert rows_of(benefit(tables, correct, CONFIG))["statistic"]["slowed_less_others"] == whole


def test_nothing_to_compare_gives_an_empty_table(tmp_path):
    shallow = study(by_rate, networks={"shallow": 1})
    assert benefit(*shallow, CONFIG).empty

    def write(tables, correct):
        paths = {"transfer": [], "answers": []}
        for number, (table, bits) in enumerate(zip(tables, correct, strict=True)):
            paths["transfer"].append(tmp_path / f"{number}.csv")
            paths["answers"].append(tmp_path / f"{number}.npz")
            table.to_csv(paths["transfer"][-1], index=False)
            every = np.arange(bits.shape[1])
            answers = Answers(np.array([60]), bits[:, None], bits[:, None], every < 3, every, every)
            save_answers(answers, paths["answers"][-1])
        outputs = {"benefit": tmp_path / "b.csv", "metadata": tmp_path / "m.json"}
        relate_gain_to_rate(inputs=paths, outputs=outputs, config=CONFIG)
        return pd.read_csv(tmp_path / "b.csv")

    nothing = pd.DataFrame(columns=["network", "seed", *COLUMNS]), np.zeros((0, 5), bool)
    assert write([nothing[0]], [nothing[1]]).empty
    tables, correct = study(by_rate, networks={"dense": 3})
    found = write([nothing[0], *tables], [nothing[1], *correct])
    assert found["operating_point"].isna().sum() == 17
    # slowed, slowest and slowest of active neurons at each of two points
    assert found["operating_point"].value_counts().to_dict() == {0.5: 3, 0.8: 3}
    assert set(found["seeds"]) == {3}
