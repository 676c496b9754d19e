"""Which setting is recommended, how it is written down, and whether its promise holds."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from spikesweep.simulation.setting import Setting
from spikesweep.statistics.paired_loss import Loss
from spikesweep.study.recommendation.check import check_table, verdict
from spikesweep.study.recommendation.choose import (
    CONTENDERS,
    RUNGS,
    contenders,
    ladder,
    walk_down,
)
from spikesweep.study.recommendation.evaluate import Evaluator, Outcome
from spikesweep.study.recommendation.recommend import candidate_table
from spikesweep.study.recommendation.snippet import snippet
from spikesweep.study.recommendation.tabulate import compare_methods, recommended_settings

MARGIN = 0.01
JUDGING = {"accuracy_margin": MARGIN, "confidence": 0.95}


def tried(*rows, method="optuna"):
    """Settings of (loss, synops) against an ANN of 0.9."""
    table = pd.DataFrame(rows, columns=["loss", "synops_per_image"])
    return table.assign(
        method=method,
        evaluation=range(1, len(rows) + 1),
        synapse_s=0.01,
        scale_firing_rates=[f"{{a: {index + 1}, b: 7}}" for index in range(len(rows))],
        ann_accuracy=0.9,
        accuracy=0.9 - table["loss"],
    )


# --------------------------------------------------------------------------------- the choice


def test_contenders_are_the_front_and_what_stands_behind_it():
    table = tried((0.0, 100), (0.005, 50), (0.006, 60), (0.03, 10), (0.02, 20), (0.02, 30))
    found = contenders(table, MARGIN)
    # the fronts (100, 50, 20), (60, 30), each from cheap to costly; 10 is far beyond the margin
    assert found["synops_per_image"].tolist() == [20, 50, 100, 30, 60]


def test_of_a_long_front_settings_of_all_costs_contend():
    table = tried(*((0.0001 * n, 1000 - n) for n in range(101)))
    found = contenders(table, MARGIN)["synops_per_image"]
    assert len(found) == CONTENDERS
    assert (found.min(), found.max()) == (900, 1000)


def test_many_settings_are_cut_to_the_contenders():
    table = tried(*((0.0001 * (n % 50), 1000 - n) for n in range(200)))
    assert len(contenders(table, MARGIN)) == CONTENDERS


def test_a_setting_that_two_methods_tried_contends_once():
    table = pd.concat([tried((0.0, 5)), tried((0.0, 5), method="uniform")], ignore_index=True)
    assert len(contenders(table, MARGIN)) == 1


def test_without_a_setting_within_the_margin_the_most_accurate_contends_alone():
    table = tried((0.3, 10), (0.05, 90), (0.05, 80), (0.2, 20))
    assert contenders(table, MARGIN)["synops_per_image"].tolist() == [80]
    assert ladder(table, MARGIN)["synops_per_image"].tolist() == [80]


def test_ladder_goes_down_the_front_and_ends_at_the_margin():
    table = tried((0.0, 100), (0.004, 50), (0.008, 40), (0.005, 60), (0.02, 10))
    assert ladder(table, MARGIN)["synops_per_image"].tolist() == [100, 50, 40]


def test_a_long_ladder_keeps_its_ends():
    table = tried(*((0.0002 * n, 1000 - 10 * n) for n in range(40)))
    found = ladder(table, MARGIN)["synops_per_image"].tolist()
    assert len(found) == RUNGS
    assert found == sorted(found, reverse=True)
    assert (found[0], found[-1]) == (1000, 610)


@pytest.mark.parametrize(
    ("bounds", "place", "shown"),
    [
        ([0.002, 0.008, 0.0099], 2, True),
        ([0.002, 0.010, 0.011], 1, True),
        # What stands below one that failed is not judged, however good it looks.
        ([0.002, 0.020, 0.001], 0, True),
        ([0.02, 0.001, 0.001], 0, False),
        ([0.01], 0, True),
    ],
)
def test_the_last_rung_before_the_first_failure_is_recommended(bounds, place, shown):
    rungs = pd.DataFrame({"bound": bounds})
    asked = []

    def at_most_lost(rung):
        asked.append(rung["bound"])
        return rung["bound"]

    assert walk_down(rungs, at_most_lost, MARGIN) == (place, shown)
    failures = [index for index, bound in enumerate(bounds) if bound > MARGIN]
    assert len(asked) == (failures[0] + 1 if failures else len(bounds))


def test_of_equally_good_settings_the_cheaper_is_recommended():
    table = tried((0.005, 50), (0.005, 40), (0.005, 40))
    assert ladder(table, MARGIN)["scale_firing_rates"].tolist() == ["{a: 2, b: 7}"]


class KnownJudge(Evaluator):
    """The scale of layer `a` is the number of images, of 1000, that are lost, and saves as much."""

    def __init__(self):
        sample = SimpleNamespace(labels=np.zeros(1000), ann_classes=np.zeros(1000))
        super().__init__(dict.fromkeys((0, 1), SimpleNamespace(sample=sample)), "net")

    def outcomes(self, settings):
        lost = [setting.scale_of("a") for setting in settings]
        return [
            [Outcome(np.arange(1000) >= many, 10.0, 1000.0 - many, {"a": 5.0})] * 2 for many in lost
        ]


class KnownEvaluator:
    ann_accuracy = 1.0

    def __call__(self, settings):
        lost = [setting.scale_of("a") for setting in settings]
        return [SimpleNamespace(accuracy=1 - n / 1000, synops_per_image=1000 - n) for n in lost]


def judged(*losses, confidence=0.95):
    """The candidates, where the search found all settings half a point too accurate."""
    table = tried(*((loss - 0.005, 1000 - 1000 * loss) for loss in losses))
    table["scale_firing_rates"] = [f"{{a: {1000 * loss:g}}}" for loss in losses]
    config = JUDGING | {"confidence": confidence}
    return candidate_table("recommended", table, KnownEvaluator(), KnownJudge(), config)


def test_a_setting_that_was_only_lucky_in_the_search_is_not_recommended():
    candidates = judged(*(0.001 * n for n in range(1, 31)))
    [place] = candidates.index[candidates["chosen"]]
    chosen, below = candidates.loc[place], candidates.loc[place + 1]
    assert chosen["within_margin"]
    assert chosen["loss"] < chosen["loss_at_most"] <= MARGIN < below["loss_at_most"]
    # It looked good enough in the search.
    assert below["loss"] - 0.005 <= MARGIN
    assert candidates["synops_per_image"].is_monotonic_decreasing


def test_where_nothing_is_within_the_margin_the_most_accurate_is_recommended_and_marked():
    [chosen] = judged(0.03, 0.02, 0.05).itertuples()
    assert chosen.chosen
    assert not chosen.within_margin
    assert chosen.loss == pytest.approx(0.02)


# ----------------------------------------------------------------------------------- the check


@pytest.mark.parametrize(
    ("loss", "word"),
    [
        (Loss(0.004, 0.001, 0.007, 0.006), "kept"),
        (Loss(0.010, 0.007, 0.013, 0.012), "kept"),
        (Loss(0.012, 0.009, 0.015, 0.014), "uncertain"),
        (Loss(0.020, 0.012, 0.028, 0.027), "broken"),
    ],
)
def test_verdict_words(loss, word):
    assert verdict(loss, MARGIN) == word


def checked(lost, uniform_lost, within_margin=True, at_most=0.03, confidence=0.95):
    """A check of two seeds on 1000 images, of which the settings lose so many."""
    found = {
        kind: [
            Outcome(np.arange(1000) >= many, 10.0, synops + seed, {})
            for seed, many in enumerate(losses)
        ]
        for kind, losses, synops in (("recommended", lost, 60), ("uniform", uniform_lost, 120))
    }
    promises = pd.DataFrame(
        {
            "within_margin": within_margin,
            "loss": 0.005,
            "loss_at_most": at_most,
            "synops_per_image": 55.0,
        },
        index=["recommended", "uniform"],
    )
    config = JUDGING | {"confidence": confidence}
    return check_table([3, 4], [np.ones(1000, bool)] * 2, found, promises, config)


def test_check_has_a_row_a_seed_and_one_for_their_mean():
    table = checked([2, 14], [4, 6])
    ours = table[table["kind"] == "recommended"].set_index("seed")
    assert ours.index.tolist() == ["3", "4", "mean"]
    assert ours["loss"].tolist() == pytest.approx([0.002, 0.014, 0.008])
    assert ours["verdict"].tolist() == ["kept", "uncertain", "kept"]
    assert ours["synops_per_image"].tolist() == [60, 61, 60.5]
    assert ours.loc["mean", "synops_saved"] == pytest.approx(0.5, abs=0.01)
    assert ours.loc["mean", "accuracy_gained"] == pytest.approx(-0.003)
    assert (ours["accuracy_low"] < ours["accuracy"]).all()
    assert (ours["promised_at_most"] == MARGIN).all()
    assert table.loc[table["kind"] == "uniform", "synops_saved"].isna().all()


def test_what_was_not_within_the_margin_promised_its_own_bound():
    table = checked([20, 20], [20, 20], within_margin=False, at_most=0.03)
    assert (table["promised_at_most"] == 0.03).all()
    assert (table["verdict"] == "kept").all()
    assert (checked([90, 90], [20, 20])["verdict"] == "broken").any()


def test_one_row_a_network_tells_promise_and_truth():
    candidates = judged(*(0.001 * n for n in range(1, 31))).assign(network="net", found_by="optuna")
    uniform = candidates[candidates["chosen"]].assign(kind="uniform")
    checks = checked([2, 14], [4, 6]).assign(
        network="net", synapse_s=0.01, scale_firing_rates="{a: 2}", steps=60
    )
    [row] = recommended_settings(pd.concat([candidates, uniform]), checks).itertuples()
    assert row.network == "net"
    assert row.within_margin
    assert row.loss == pytest.approx(0.008)
    assert row.uniform_loss == pytest.approx(0.005)
    assert row.verdict == "kept"
    assert row.uniform_synops_per_image == pytest.approx(120.5)


def test_methods_are_compared_after_equally_many_evaluations():
    slow = tried((0.5, 1), *((0.0, 90 - n) for n in range(40)), method="optuna")
    quick = tried((0.0, 50), (0.0, 40), method="uniform")
    table = pd.concat([slow, quick]).assign(network="net", on_front=True)
    within = table["synops_per_image"].where(table["accuracy"] >= 0.89)
    table["cheapest_synops_per_image"] = within.groupby(table["method"]).cummin()
    found = compare_methods(table).set_index("method")
    assert found["synops_per_image_after_25"].to_dict() == {"optuna": 67, "uniform": 40}
    assert found["cheapest_synops_per_image"].to_dict() == {"optuna": 51, "uniform": 40}
    assert found["evaluations_until_cheapest"].to_dict() == {"optuna": 41, "uniform": 2}
    assert found["above_best"].to_dict() == {"optuna": 51 / 40 - 1, "uniform": 0}


def test_a_method_that_finds_nothing_within_the_margin_has_no_cheapest():
    table = tried((0.5, 1), (0.4, 2)).assign(network="net", on_front=True)
    table["cheapest_synops_per_image"] = math.nan
    [row] = compare_methods(table).itertuples()
    assert math.isnan(row.cheapest_synops_per_image)
    assert math.isnan(row.evaluations_until_cheapest)


def test_with_less_confidence_intervals_are_narrower_and_a_bound_is_lower():
    at_95, at_90 = (checked([2, 14], [4, 6], confidence=confidence) for confidence in (0.95, 0.9))
    for name in ("accuracy", "loss", "accuracy_gained"):
        wide, narrow = (table[f"{name}_high"] - table[f"{name}_low"] for table in (at_95, at_90))
        assert (narrow < wide)[wide.notna()].all()
    # Of the normal distribution: 1.6449 for 1.9600 on both sides.
    assert (
        (at_90["loss_high"] - at_90["loss_low"]) / (at_95["loss_high"] - at_95["loss_low"])
    ).to_list() == pytest.approx([1.644854 / 1.959964] * len(at_95))
    losses = [0.001 * n for n in range(1, 31)]
    sure, less_sure = (judged(*losses, confidence=confidence) for confidence in (0.95, 0.9))
    assert (less_sure["loss_at_most"].iloc[: len(sure)] < sure["loss_at_most"]).all()


# --------------------------------------------------------------------------------- the snippet


CONFIG = {"steps": 60, "images": 300, "validation_images": 5000, **JUDGING}


def chosen_row(within_margin=True, **changes):
    row = judged(*(0.001 * n for n in range(1, 31))).iloc[0]
    facts = {
        "network": "net",
        "found_by": "optuna uniform",
        "synapse_s": 0.0075,
        "scale_firing_rates": "{conv1: 20, conv2: 62.5}",
        "within_margin": within_margin,
    }
    return pd.Series({**row, **facts, **changes})


@pytest.mark.parametrize("synapse", [0.0075, 0.0, 1e-5, math.nan])
def test_snippet_is_read_as_the_setting_that_was_chosen(synapse):
    text = snippet(chosen_row(synapse_s=synapse), tried((0.0, 1)), CONFIG)
    synapse_s = None if math.isnan(synapse) else synapse
    assert Setting.from_yaml(text) == Setting.per_layer(synapse_s, {"conv1": 20.0, "conv2": 62.5})


def test_snippet_is_an_entry_of_the_config():
    [entry] = yaml.safe_load(snippet(chosen_row(), tried((0.0, 1)), CONFIG))
    assert entry == {
        "network": "net",
        "synapse_s": 0.0075,
        "scale_firing_rates": {"conv1": 20, "conv2": 62.5},
    }
    assert Setting.from_config(entry) == Setting.per_layer(0.0075, {"conv1": 20.0, "conv2": 62.5})


def test_snippet_says_what_to_expect():
    table = tried((0.0, 1), (0.0, 2))
    text = snippet(chosen_row(), table, CONFIG)
    assert "lose at most" in text
    assert "tried 2 settings" in text
    assert "optuna, uniform" in text
    assert "95\u2009% interval" in text
    assert "90\u2009% interval" in snippet(chosen_row(), table, CONFIG | {"confidence": 0.9})
    assert "NO setting" in snippet(chosen_row(within_margin=False), table, CONFIG)
    unknown = snippet(chosen_row(), table, CONFIG | {"validation_images": None})
    assert "training images" in unknown
    assert "training images" not in text
