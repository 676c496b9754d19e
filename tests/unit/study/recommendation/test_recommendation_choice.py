"""Which setting is recommended, how it is written down, and whether its promise holds."""

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml

from spikesweep.experiments.readings import Reading
from spikesweep.simulation.setting import Setting
from spikesweep.statistics.margins import Margin
from spikesweep.statistics.paired_loss import Loss
from spikesweep.study.recommendation.candidates import candidate_table, savings_table
from spikesweep.study.recommendation.check import Checked, check_table, verdict
from spikesweep.study.recommendation.choose import (
    CONTENDERS,
    cheapest_shown,
    contenders,
    with_kind,
)
from spikesweep.study.recommendation.evaluate import Evaluator, Outcome
from spikesweep.study.recommendation.snippet import snippet
from spikesweep.study.recommendation.tabulate import compare_methods, recommended_settings

MARGIN = 0.01
JUDGING = {
    "accuracy_margin": MARGIN,
    "confidence": 0.95,
    "bootstrap": 500,
    "bootstrap_seed": 0,
}
READINGS = [Reading(20, "last"), Reading(60, "last_third")]


def tried(*rows, method="optuna", other=0.5):
    """Settings of (loss, synops) against an ANN of 0.9; of one scale with `other=None`."""
    table = pd.DataFrame(rows, columns=["loss", "synops_per_image"])
    scales = [index + 1 for index in range(len(rows))]
    return table.assign(
        method=method,
        evaluation=range(1, len(rows) + 1),
        synapse_s=0.01,
        scale_firing_rates=[f"{{a: {one}, b: {other or one}}}" for one in scales],
        steps=60,
        readout="last_third",
        ann_accuracy=0.9,
        accuracy=0.9 - table["loss"],
    )


def contending(table, margin=MARGIN):
    return contenders(with_kind(table), Margin(margin))


# --------------------------------------------------------------------------------- the choice


def test_contenders_are_the_front_and_what_stands_behind_it():
    table = tried((0.0, 100), (0.005, 50), (0.006, 60), (0.03, 10), (0.02, 20), (0.02, 30))
    # 10 is far beyond the margin
    assert contending(table)["synops_per_image"].tolist() == [20, 30, 50, 60, 100]


def test_of_a_long_front_settings_of_all_costs_contend():
    table = tried(*((0.0001 * n, 1000 * 0.97**n) for n in range(101)))
    found = contending(table)["synops_per_image"]
    assert len(found) == CONTENDERS
    assert (found.min(), found.max()) == pytest.approx((1000 * 0.97**100, 1000))
    # Evenly spaced in logarithmic cost, as far as there are such settings.
    ratios = found.to_numpy()[1:] / found.to_numpy()[:-1]
    assert ratios.max() < 1.35 * ratios.min()


def test_both_kinds_contend():
    by_layer = tried(*((0.0001 * (n % 50), 1000 - n) for n in range(200)))
    uniform = tried(*((0.0001 * (n % 50), 5000 - n) for n in range(200)), other=None)
    found = contending(pd.concat([by_layer, uniform], ignore_index=True))
    assert found["kind"].value_counts().to_dict() == {"by_layer": CONTENDERS, "uniform": CONTENDERS}


def test_a_setting_that_two_methods_tried_contends_once():
    table = pd.concat([tried((0.0, 5)), tried((0.0, 5), method="uniform")], ignore_index=True)
    assert len(contending(table)) == 1


def test_without_a_setting_within_the_margin_the_most_accurate_contends_alone():
    table = tried((0.3, 10), (0.05, 90), (0.05, 80), (0.2, 20))
    assert contending(table)["synops_per_image"].tolist() == [80]


@pytest.mark.parametrize(
    ("within", "place"),
    [
        ([True, True, True, True], 0),
        # A costlier one that was not shown does not stand in the way of a cheaper one.
        ([False, True, False, True], 1),
        # Nothing was shown: the cheaper of the two most accurate ones.
        ([False, False, False, False], 2),
    ],
)
def test_the_cheapest_that_was_shown_to_be_within_the_margin_is_recommended(within, place):
    table = pd.DataFrame(
        {
            "synops_per_image": [10, 20, 30, 40],
            "accuracy": [0.7, 0.8, 0.9, 0.9],
            "within_margin": within,
        }
    )
    assert cheapest_shown(table) == place


class KnownJudge(Evaluator):
    """The scale of layer `a` is the number of images, of 1000, that are lost, and saves as much.

    Read early, twice as many are lost, at half the cost.
    """

    def __init__(self):
        sample = SimpleNamespace(labels=np.zeros(1000), ann_classes=np.zeros(1000))
        experiments = dict.fromkeys((0, 1), SimpleNamespace(sample=sample))
        super().__init__(experiments, READINGS, "net")

    def _simulate(self, settings):
        for setting in settings:
            many = setting.scale_of("a")
            early = Outcome(np.arange(1000) >= 2 * many, 5.0, (1000.0 - many) / 2, {"a": 5.0})
            late = Outcome(np.arange(1000) >= many, 10.0, 1000.0 - many, {"a": 5.0})
            self._known[setting] = [dict(zip(READINGS, (early, late), strict=True))] * 2


def judged(*losses, other=0.5, **config):
    """The candidates, where the search found all settings half a point too accurate."""
    table = tried(*((loss - 0.005, 1000 - 1000 * loss) for loss in losses))
    table["scale_firing_rates"] = [
        f"{{a: {1000 * loss:g}, b: {other or 1000 * loss:g}}}" for loss in losses
    ]
    return candidate_table(table, KnownJudge(), JUDGING | config)


def test_a_setting_that_was_only_lucky_in_the_search_is_not_recommended():
    candidates = judged(*(0.001 * n for n in range(1, 26)))
    [place] = candidates.index[candidates["chosen"]]
    chosen, cheaper = candidates.loc[place], candidates.loc[: place - 1]
    assert chosen["within_margin"]
    assert chosen["loss"] < MARGIN
    assert len(cheaper)
    assert not cheaper["within_margin"].any()
    # They looked good enough in the search.
    assert (cheaper["ann_accuracy"] - cheaper["loss"] + 0.005 >= 0.99).any()
    assert (candidates["loss_at_most"] > candidates["loss"]).all()


def test_a_uniform_setting_is_recommended_if_it_is_the_cheapest_that_was_shown():
    assert judged(0.002, 0.001)["kind"].tolist() == ["by_layer"] * 2
    candidates = judged(0.002, 0.001, other=None)
    [chosen] = candidates[candidates["chosen"]].itertuples()
    assert (chosen.kind, chosen.loss) == ("uniform", pytest.approx(0.002))


def test_where_nothing_is_within_the_margin_the_most_accurate_is_recommended_and_marked():
    [chosen] = judged(0.03, 0.02, 0.05).itertuples()
    assert chosen.chosen
    assert not chosen.within_margin
    assert chosen.loss == pytest.approx(0.02)


def test_a_margin_of_the_errors_of_an_ann_without_errors_accepts_no_loss():
    [chosen] = judged(0.005, accuracy_margin={"of_ann_errors": 0.5}).itertuples()
    assert chosen.accepted_loss == 0
    assert not chosen.within_margin


def test_savings_compare_the_kinds():
    candidates = pd.concat(
        [judged(*(0.001 * n for n in range(1, 26)), other=other) for other in (0.5, None)],
        ignore_index=True,
    )
    [row] = savings_table(candidates, KnownJudge(), JUDGING).itertuples()
    # Both kinds lose as much at the same cost.
    assert row.saving == pytest.approx(0, abs=0.001)
    assert row.saving_verdict == "no difference shown"
    alone = savings_table(candidates[candidates["kind"] == "uniform"], KnownJudge(), JUDGING)
    assert alone["saving_verdict"].tolist() == ["not comparable"]


# ----------------------------------------------------------------------------------- the check


@pytest.mark.parametrize(
    ("beyond", "word"),
    [
        (Loss(-0.006, -0.009, -0.003), "kept"),
        # The loss itself is within the margin, but might be beyond it by choice of images.
        (Loss(-0.002, -0.005, 0.001), "uncertain"),
        (Loss(0.002, -0.001, 0.005), "uncertain"),
        (Loss(0.010, 0.002, 0.018), "broken"),
    ],
)
def test_verdict_words(beyond, word):
    assert verdict(beyond) == word


def checked(*lost, within_margin=True, at_most=0.03, ann_wrong=0, **config):
    """A check of seeds 3 and 4 on 1000 images, of which the setting loses so many."""
    found = [
        Checked(
            3 + index,
            np.arange(1000) < 1000 - ann_wrong,
            Outcome(
                (np.arange(1000) >= many) & (np.arange(1000) < 1000 - ann_wrong),
                10.0,
                60 + index,
                {},
            ),
            input_macs=40,
            ann_macs=200,
        )
        for index, many in enumerate(lost)
    ]
    promise = pd.Series(
        {
            "within_margin": within_margin,
            "loss": 0.005,
            "loss_at_most": at_most,
            "synops_per_image": 55.0,
        }
    )
    return check_table(found, promise, JUDGING | config)


def test_check_has_a_row_a_seed_and_one_for_their_mean():
    table = checked(2, 14).set_index("seed")
    assert table.index.tolist() == ["3", "4", "mean"]
    assert table["loss"].tolist() == pytest.approx([0.002, 0.014, 0.008])
    assert table["verdict"].tolist() == ["kept", "uncertain", "uncertain"]
    assert table["synops_per_image"].tolist() == [60, 61, 60.5]
    assert (table["accuracy_low"] < table["accuracy"]).all()
    assert (table["promised_at_most"] == MARGIN).all()


def test_operations_are_synops_and_what_reads_pixels():
    table = checked(2, 14).set_index("seed")
    assert table["operations_per_image"].tolist() == [100, 101, 100.5]
    assert table["operations_over_ann"].tolist() == [0.5, 0.505, 0.5025]


def test_what_was_not_within_the_margin_promised_its_own_bound():
    table = checked(15, 15, within_margin=False, at_most=0.03)
    assert (table["promised_at_most"] == 0.03).all()
    assert (table["verdict"] == "kept").all()
    assert (checked(90, 90)["verdict"] == "broken").all()


def test_a_promise_about_the_errors_is_held_against_those_on_the_test_images():
    table = checked(5, 5, ann_wrong=100, accuracy_margin={"of_ann_errors": 0.5})
    assert table["promised_at_most"].tolist() == pytest.approx([0.05] * 3)
    assert (table["verdict"] == "kept").all()


def test_one_row_a_network_tells_promise_and_truth():
    candidates = judged(*(0.001 * n for n in range(1, 26)))
    candidates = candidates.assign(network="net", found_by="optuna")
    savings = savings_table(candidates, KnownJudge(), JUDGING).assign(network="net")
    [row] = recommended_settings(
        candidates, checked(2, 4).assign(network="net"), savings
    ).itertuples()
    assert row.network == "net"
    assert row.within_margin
    assert (row.steps, row.readout) == (60, "last_third")
    assert row.loss == pytest.approx(0.003)
    assert row.verdict == "kept"
    assert row.operations_over_ann == pytest.approx(0.5025)
    assert row.saving_verdict == "not comparable"


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


def test_with_less_confidence_intervals_are_narrower_and_more_is_shown():
    at_95, at_90 = (checked(2, 14, confidence=confidence) for confidence in (0.95, 0.9))
    wide, narrow = (table["loss_high"] - table["loss_low"] for table in (at_95, at_90))
    assert (narrow < wide).all()
    # Those of single accuracies are always of 95 %.
    assert at_90["accuracy_low"].equals(at_95["accuracy_low"])
    # Of the normal distribution: 1.6449 for 1.9600 on both sides.
    assert (
        (at_90["loss_high"] - at_90["loss_low"]) / (at_95["loss_high"] - at_95["loss_low"])
    ).to_list() == pytest.approx([1.644854 / 1.959964] * len(at_95))
    losses = [0.001 * n for n in range(1, 26)]
    sure, less_sure = (judged(*losses, confidence=confidence) for confidence in (0.95, 0.5))
    assert (less_sure["loss_at_most"] < sure["loss_at_most"]).all()
    assert less_sure["within_margin"].sum() > sure["within_margin"].sum()


# --------------------------------------------------------------------------------- the snippet


CONFIG = {"images": 300, "validation_images": 5000, **JUDGING}


def chosen_row(within_margin=True, **changes):
    row = judged(*(0.001 * n for n in range(1, 26))).iloc[0]
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


def test_snippet_has_one_scale_where_all_layers_have_the_same():
    scales = "{conv1: 62.5, conv2: 62.5}"
    text = snippet(chosen_row(kind="uniform", scale_firing_rates=scales), tried((0.0, 1)), CONFIG)
    assert Setting.from_yaml(text) == Setting(0.0075, 62.5)


def test_snippet_says_what_to_expect():
    table = tried((0.0, 1), (0.0, 2))
    text = snippet(chosen_row(), table, CONFIG)
    assert "lose at most 1 percentage point of accuracy against the ANN" in text
    assert "mean score over the last 20 of 60 time steps" in text
    over_all = snippet(chosen_row(readout="mean"), table, CONFIG)
    assert "mean score over all 60 time steps" in over_all
    assert "tried 2 settings" in text
    assert "optuna, uniform" in text
    assert "95\u2009% interval" in text
    assert "90\u2009% interval" in snippet(chosen_row(), table, CONFIG | {"confidence": 0.9})
    assert "NO setting" in snippet(chosen_row(within_margin=False), table, CONFIG)
    unknown = snippet(chosen_row(), table, CONFIG | {"validation_images": None})
    assert "training images" in unknown
    assert "training images" not in text
