"""Intervals over seeds and images: how often they hold the truth, and what they can show."""

import math

import numpy as np
import pytest
from paired_answers import Truth

from spikesweep.statistics.crossed import crossed_effect
from spikesweep.statistics.paired_loss import paired_loss

RUNS = 400
# Few or many images change, seeds differ or not, networks agree on images or not.
TRUTHS = [
    Truth(0.005, 0.0, 0.02, 0.5),
    Truth(0.005, 0.0, 0.1, 0.9),
    Truth(0.005, 0.003, 0.1, 0.5),
    Truth(0.02, 0.01, 0.1, 0.1),
    Truth(0.02, 0.03, 0.3, 0.5),
]
# Seeds; the lowest and the highest share of intervals that hold the truth. Those of 2 seeds have
# one degree of freedom; see the table in `crossed`.
COVERAGE = [(1, 0.93, 0.97), (2, 0.925, 0.985), (3, 0.93, 0.978), (5, 0.93, 0.972), (8, 0.93, 0.97)]


def effects(truth, seeds, *, images=700, runs=RUNS):
    rng = np.random.default_rng(7)
    return [
        crossed_effect(truth.differences(rng, seeds, images), confidence=0.95) for _ in range(runs)
    ]


@pytest.mark.parametrize("truth", TRUTHS, ids=str)
@pytest.mark.parametrize(("seeds", "lowest", "highest"), COVERAGE)
def test_intervals_hold_the_truth_as_often_as_they_say(seeds, lowest, highest, truth):
    if seeds == 1:
        # One seed speaks of itself: what holds for its network is the truth.
        truth = Truth(truth.effect, 0.0, truth.changed, truth.shared)
    found = effects(truth, seeds)
    held = np.mean([effect.low <= truth.effect <= effect.high for effect in found])
    # Two standard errors of a share near 95 % in this many runs.
    tolerance = 2 * math.sqrt(0.05 * 0.95 / RUNS)
    assert lowest - tolerance <= held <= highest + tolerance


@pytest.mark.parametrize(
    ("seeds", "truth", "power"),
    [
        (3, Truth(0.05, 0.005, 0.1, 0.5), 0.9),
        (5, Truth(0.03, 0.005, 0.1, 0.5), 0.8),
        (8, Truth(0.02, 0.003, 0.1, 0.5), 0.8),
    ],
    ids=str,
)
def test_an_effect_is_shown_and_no_effect_is_not(seeds, truth, power):
    shown = np.mean([effect.low > 0 for effect in effects(truth, seeds, runs=300)])
    assert shown >= power
    none = Truth(0.0, truth.seed_sd, truth.changed, truth.shared)
    assert np.mean([effect.low > 0 for effect in effects(none, seeds, runs=300)]) <= 0.05


def test_pairing_by_image_narrows_the_interval():
    rng = np.random.default_rng(0)
    hard = rng.random(700) < 0.3
    first, second = (hard ^ (rng.random((5, 700)) < 0.02) for _ in range(2))
    paired = crossed_effect(first.astype(float) - second, confidence=0.95)
    shuffled = second[:, rng.permutation(700)]
    unpaired = crossed_effect(first.astype(float) - shuffled, confidence=0.95)
    assert paired.high - paired.low < (unpaired.high - unpaired.low) / 3


def test_a_half_width_is_cochrans():
    # Means of the seeds 0.1 and 0.2; on each image, both seeds differ from them alike.
    image = np.r_[np.ones(50), -np.ones(50)] * 0.5
    effect = crossed_effect(np.array([[0.1], [0.2]]) + image, confidence=0.95)
    of_seeds = 0.05**2
    of_images = 0.5**2 / 99 + 2 / 102**2
    half = (12.7062 * of_seeds + 1.98422 * of_images) / math.sqrt(of_seeds + of_images)
    assert effect.value == pytest.approx(0.15)
    assert (effect.high - effect.low) / 2 == pytest.approx(half, rel=1e-4)
    assert (effect.high + effect.low) / 2 == pytest.approx(0.15 * 100 / 102)


def test_no_difference_at_all_excludes_one_of_half_a_point():
    effect = crossed_effect(np.zeros((3, 700)), confidence=0.95)
    assert effect.value == 0
    assert -0.005 < effect.low < 0 < effect.high < 0.005


def test_one_seed_speaks_of_its_network_alone():
    differences = Truth(0.02, 0.0, 0.1, 0.5).differences(np.random.default_rng(0), 1, 2000)
    effect = crossed_effect(differences, confidence=0.95)
    assert (effect.seeds, effect.scope) == (1, "this network")
    assert "this network only" in effect.method
    # Many images: Student's t is the normal distribution of `paired_loss`.
    loss = paired_loss(differences[0], np.zeros(2000), 0.95)
    assert (effect.low, effect.high) == pytest.approx((loss.low, loss.high), abs=1e-4)
    assert crossed_effect(np.repeat(differences, 2, axis=0), confidence=0.95).scope == "networks"


def test_choices_widen_the_part_over_images_only():
    rng = np.random.default_rng(0)
    truths = {"images": Truth(0.0, 0.0, 0.3, 1.0), "seeds": Truth(0.0, 0.1, 0.3, 0.0)}
    wider = {}
    for name, truth in truths.items():
        differences = truth.differences(rng, 5, 2000)
        one, ten = (crossed_effect(differences, confidence=0.95, choices=n) for n in (1, 10))
        wider[name] = (ten.high - ten.low) / (one.high - one.low)
    # From 1.96 to 2.81 standard errors.
    assert wider["images"] == pytest.approx(2.81 / 1.96, abs=0.02)
    assert wider["seeds"] == pytest.approx(1, abs=0.02)


def test_no_bound_lies_beyond_what_accuracies_can_differ_by():
    # One seed gains everything, the other loses it: Student's t alone would reach to 12.7.
    effect = crossed_effect(np.array([[1.0] * 50, [-1.0] * 50]), confidence=0.95)
    assert (effect.low, effect.high) == (-1, 1)
