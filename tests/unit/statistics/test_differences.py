"""Intervals of effects."""

import math

import numpy as np
import pytest

from spikesweep.statistics.differences import accuracy_difference

SURE = {"images": 1000, "confidence": 0.95}


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
