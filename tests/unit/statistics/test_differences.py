"""Intervals of effects, and what a verdict may depend on."""

import math

import finding_tables as made
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.statistics.differences import accuracy_difference
from spikesweep.statistics.effect import Effect
from spikesweep.study.findings.finding import Claim, verdict_of
from spikesweep.study.findings.sentence import sentence
from spikesweep.study.findings.synapses import accuracies_at, accuracy_grid, best_elsewhere

numbers = st.floats(-1, 1) | st.just(math.nan)
widening = st.floats(0, 1) | st.just(math.inf)
CLAIM = Claim("claim", "statement", "effect", "accuracy difference", 0.005, "figure")
SURE = {"images": 1000, "confidence": 0.95}


@given(numbers, numbers, st.floats(-0.5, 0.5), widening, widening)
def test_a_larger_interval_never_makes_a_verdict(low, high, threshold, below, above):
    if verdict_of(low, high, threshold) == "inconclusive":
        assert verdict_of(low - below, high + above, threshold) == "inconclusive"


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(-0.5, 0.5))
def test_opposite_verdicts_exclude_each_other(low, width, threshold):
    verdict = verdict_of(low, low + width, threshold)
    assert (verdict == "reproduced") == (low >= threshold)
    assert (verdict == "not reproduced") == (low + width < threshold)


@given(numbers, numbers)
def test_a_doubted_effect_decides_nothing(low, high):
    effect = Effect(0.1, low, high, 3, "method")
    assert CLAIM.judge(effect).verdict == verdict_of(low, high, CLAIM.threshold)
    assert CLAIM.judge(effect, doubted=True).verdict == "inconclusive"


def test_an_interval_spans_those_over_seeds_and_over_images():
    one, other = np.array([[0.8], [0.9]]), np.array([[0.5], [0.5]])
    both = accuracy_difference(one, other, **SURE)
    images = accuracy_difference(one.mean(axis=0, keepdims=True), other[:1], **SURE)
    assert both.value == pytest.approx(0.35)
    assert both.low < images.low < 0.35 < images.high < both.high
    # Student's t of two seeds: 12.706 standard errors of 0.05 on either side.
    assert both.high - both.value == pytest.approx(12.706 * 0.05, rel=1e-3)


def test_seeds_that_agree_are_as_uncertain_as_their_images():
    one, other = np.full((3, 1), 0.8), np.full((3, 1), 0.5)
    assert accuracy_difference(one, other, **SURE).low == pytest.approx(
        accuracy_difference(one[:1], other[:1], **SURE).low
    )


def test_more_choices_make_a_wider_interval():
    one, other = np.full((1, 2), 0.8), np.full((1, 2), 0.5)
    found = [accuracy_difference(one, other, choices=count, **SURE) for count in (1, 5, 20)]
    widths = [effect.high - effect.low for effect in found]
    assert widths == sorted(widths)
    assert len(set(widths)) == 3


@pytest.mark.parametrize("seeds", [1, 2, 3])
def test_intervals_hold_the_truth_as_often_as_they_say(seeds):
    """Networks of differing quality, on images that are shared by settings and seeds."""
    random = np.random.default_rng(0)
    truth, found, runs, images = 0.1, 0, 200, 400
    for _ in range(runs):
        luck = random.normal(size=images)
        quality = 0.3 * random.normal(size=(seeds, 1)) if seeds > 1 else np.zeros((1, 1))
        # Shares of standard normal luck below a level; quality shifts both settings alike.
        first, second = (
            (luck + quality < level).mean(axis=1, keepdims=True) for level in (0.8416, 0.5244)
        )
        truths = truth if seeds == 1 else _normal_share(0.8416) - _normal_share(0.5244)
        effect = accuracy_difference(first, second, images=images, confidence=0.95)
        found += effect.low <= truths <= effect.high
    assert found / runs >= 0.95


def _normal_share(level):
    # Luck and quality add up to a normal number of variance 1 + 0.3 ** 2.
    return (1 + math.erf(level / math.sqrt(2 * (1 + 0.3**2)))) / 2


def test_a_seed_does_not_choose_its_own_synapse():
    sweep = made.sweeps(networks=("flat",), synapses=(0.001, 0.01), scales=(1,), spread=0)
    lucky = (sweep["seed"] == 0) & (sweep["synapse_s"] == 0.01)
    sweep.loc[lucky, "accuracy"] = 0.6
    sweep.loc[(sweep["seed"] != 0) & (sweep["synapse_s"] == 0.001), "accuracy"] = 0.52
    grid = accuracy_grid(sweep)
    chosen = best_elsewhere(grid)
    assert chosen == [0.001, 0.01, 0.01]
    assert accuracies_at(grid, chosen).ravel().tolist() == [0.5, 0.5, 0.5]


def test_no_synapse_is_the_shortest():
    assert accuracy_grid(made.sweeps(networks=("flat",))).index.tolist() == [-1, 0.001, 0.01, 0.1]


@pytest.mark.parametrize(
    ("unit", "written"),
    [
        ("accuracy difference", "+84.0 points of accuracy (\N{MINUS SIGN}2.0 to +88.0, 3 seeds)"),
        ("share of weights", "84\u2009% of the weights (\N{MINUS SIGN}2 to 88, 3 seeds)"),
        ("exponent", "exponent 0.84 (\N{MINUS SIGN}0.02 to 0.88, 3 seeds)"),
        (
            "negated rank correlation",
            "negated rank correlation 0.84 (\N{MINUS SIGN}0.02 to 0.88, 3 seeds)",
        ),
    ],
)
def test_sentence_says_effect_interval_and_seeds(unit, written):
    row = {"verdict": "inconclusive", "statement": "It holds", "effect_unit": unit, "seeds": 3}
    row |= {"effect": 0.84, "effect_low": -0.02, "effect_high": 0.88}
    assert sentence(row) == f"Inconclusive: It holds: {written}."
    assert sentence(row, "MNIST CNN").startswith("Inconclusive: It holds (MNIST CNN): ")


@pytest.mark.parametrize("nothing", [None, math.nan])
def test_sentence_without_interval_or_without_run(nothing):
    row = {"verdict": "inconclusive", "statement": "It holds", "effect_unit": "exponent"}
    row |= {"seeds": 1, "effect": 0.5, "effect_low": nothing, "effect_high": nothing}
    assert sentence(row) == "Inconclusive: It holds: exponent 0.50 (no interval, 1 seed)."
    not_run = row | {"verdict": "not run", "effect": nothing, "seeds": 0}
    assert sentence(not_run) == "Not run: It holds."
