"""How often the rule of the choice errs, and what it finds, where the truth is known.

It is compared with a walk down the costs, which tests one candidate after the other, without a
correction for their number, and ends at the first that fails; its order comes from a quarter of
the images.
"""

import numpy as np
import pandas as pd
import pytest

from spikesweep.experiments.operating_points import pareto_front
from spikesweep.statistics.margins import Margin
from spikesweep.statistics.paired_loss import paired_loss
from spikesweep.statistics.stepdown import step_down
from spikesweep.study.recommendation.choose import cheapest_shown, contenders, with_kind

MARGIN, RUNS = 0.01, 60
SEARCHED, JUDGED = 600, 3000


def world(rng):
    """Uniform settings that lose 1 % at 60 k synops, and by-layer ones, most of them worse."""
    cost = np.r_[np.geomspace(20e3, 400e3, 20), np.exp(rng.uniform(*np.log([20e3, 400e3]), 150))]
    worse = np.r_[np.ones(20), np.exp(np.abs(rng.normal(0, 0.3, 150)))]
    uniform = [f"{{a: {n}, b: {n}}}" for n in range(20)]
    by_layer = [f"{{a: {n}, b: 0.5}}" for n in range(150)]
    return pd.DataFrame(
        {
            "synapse_s": 0.01,
            "scale_firing_rates": uniform + by_layer,
            "steps": 60,
            "readout": "last",
            "ann_accuracy": 1.0,
            "synops_per_image": cost,
            "truth": MARGIN * (cost / worse / 60e3) ** -1.3 - 0.001,
        }
    )


def seen(truth, images, rng):
    """(settings, images) lost; half of an image's luck is the same at every setting."""
    truth = truth.to_numpy()[:, None]
    shape = (len(truth), images)
    luck = np.where(
        rng.uniform(size=shape) < 0.5, rng.uniform(size=images), rng.uniform(size=shape)
    )
    lost = luck < truth + 0.01
    return lost.astype(float) - (~lost & (rng.uniform(size=shape) < 0.01))


def ours(judged, lost):
    found = step_down(lost, MARGIN, confidence=0.95, draws=500, seed=0)
    judged = judged.assign(accuracy=1 - lost.mean(axis=1), within_margin=found.p <= 0.05)
    place = cheapest_shown(judged)
    return place if judged["within_margin"].iloc[place] else None


def walk(judged, lost):
    compared = judged.assign(accuracy=1 - lost[:, : JUDGED // 4].mean(axis=1))
    last = None
    for place in pareto_front(compared[compared["accuracy"] >= 1 - 2 * MARGIN]).index[::-1]:
        # A bound of 95 % on one side.
        rest = lost[place, JUDGED // 4 :]
        if paired_loss(np.zeros(len(rest)), -rest, 0.9).high > MARGIN:
            break
        last = place
    return last


@pytest.fixture(scope="module")
def recommended():
    """Of each rule and run: what was recommended as shown to be good, if anything."""
    rng = np.random.default_rng(0)
    runs = []
    for _ in range(RUNS):
        settings = world(rng)
        accuracy = 1 - seen(settings["truth"], SEARCHED, rng).mean(axis=1)
        judged = contenders(with_kind(settings.assign(accuracy=accuracy)), Margin(MARGIN))
        lost = seen(judged["truth"], JUDGED, rng)
        runs.append({rule: rule(judged, lost) for rule in (ours, walk)} | {"judged": judged})
    return runs


def test_what_is_beyond_the_margin_is_seldom_recommended(recommended):
    wrong = [
        run[ours] is not None and run["judged"]["truth"][run[ours]] > MARGIN for run in recommended
    ]
    # Three standard errors of 5 %.
    assert np.mean(wrong) < 0.05 + 3 * (0.05 * 0.95 / RUNS) ** 0.5


def test_there_is_a_recommendation_more_often_than_after_a_walk(recommended):
    found, found_by_walk = (
        np.mean([run[rule] is not None for run in recommended]) for rule in (ours, walk)
    )
    assert found > 0.9
    assert found > found_by_walk + 0.1


def test_what_is_recommended_costs_less_than_twice_the_cheapest_that_is_good_enough(recommended):
    ratios = [
        run["judged"]["synops_per_image"][run[ours]]
        / run["judged"].loc[run["judged"]["truth"] <= MARGIN, "synops_per_image"].min()
        for run in recommended
        if run[ours] is not None
    ]
    assert np.median(ratios) < 2


def test_both_kinds_are_recommended(recommended):
    kinds = {run["judged"]["kind"][run[ours]] for run in recommended if run[ours] is not None}
    assert kinds == {"by_layer", "uniform"}
