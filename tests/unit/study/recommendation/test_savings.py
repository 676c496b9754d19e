"""Savings at the same loss, where the truth is known."""

import math

import numpy as np
import pytest

from spikesweep.study.recommendation.savings import Costs, saving_at

LOSS = 0.01
NUMBERS = {"confidence": 0.95, "resamples": 200, "seed": 0}


def seen(synops, truth, images, rng, luck):
    """Candidates that lose so much; half of an image's luck is the same at every setting."""
    shape = (len(truth), images)
    own = rng.uniform(size=shape)
    lost = np.where(rng.uniform(size=shape) < 0.5, luck, own) < truth[:, None] + 0.005
    won = ~lost & (rng.uniform(size=shape) < 0.005)
    return Costs(synops, lost.astype(float) - won)


def both(saved, images, rng):
    """Uniform settings lose 1 % at 60 k synops; scales by layer at less, by `saved`."""
    synops, luck = np.geomspace(20e3, 180e3, 9), rng.uniform(size=images)
    truth = LOSS * (synops / 60e3) ** -1.3
    return (
        seen(synops * (1 - saved), truth, images, rng, luck),
        seen(synops, truth, images, rng, luck),
    )


@pytest.mark.parametrize("saved", [0.0, 0.3])
def test_the_interval_holds_the_truth(saved):
    rng = np.random.default_rng(0)
    found = [saving_at(LOSS, *both(saved, 3000, rng), **NUMBERS) for _ in range(100)]
    held = [not one.low > saved and not one.high < saved for one in found]
    # 95 %, within three standard errors of a share of 100.
    assert np.mean(held) > 0.95 - 0.065
    assert np.median([one.saved for one in found]) == pytest.approx(saved, abs=0.05)
    shown = np.mean([one.words() == "saves" for one in found])
    if saved:
        assert shown > 0.3
    else:
        assert shown < 0.025 + 0.047


def test_nothing_is_saved_where_both_kinds_are_the_same():
    ours, _ = both(0.0, 3000, np.random.default_rng(0))
    found = saving_at(LOSS, ours, ours, **NUMBERS)
    assert (found.saved, found.low, found.high) == (0, 0, 0)
    assert found.words() == "no difference shown"


def test_costs_are_interpolated_at_the_loss():
    def costs(synops, lost):
        return Costs(np.array(synops), np.array([np.arange(1000) < one for one in lost], float))

    ours = costs([100.0, 400.0], [20, 0])
    theirs = costs([200.0, 400.0, 300.0], [20, 0, 30])
    found = saving_at(LOSS, ours, theirs, **NUMBERS)
    assert found.by_layer == pytest.approx(200)
    # 300 synops lose more than 200: together they lose 2.5 %.
    assert found.uniform == pytest.approx(300 * (400 / 300) ** 0.6)
    assert found.saved == pytest.approx(1 - found.by_layer / found.uniform)


@pytest.mark.parametrize("lost", [[0, 0], [50, 40]])
def test_a_loss_that_no_setting_comes_near_is_not_compared(lost):
    short = Costs(np.array([1.0, 2.0]), np.array([np.arange(1000) < one for one in lost], float))
    _, uniform = both(0.0, 1000, np.random.default_rng(0))
    found = saving_at(LOSS, short, uniform, **NUMBERS)
    assert math.isnan(found.saved)
    assert found.words() == "not comparable"


def test_a_kind_that_was_not_found_is_not_compared():
    _, uniform = both(0.0, 1000, np.random.default_rng(0))
    none = Costs(np.empty(0), np.empty((0, 1000)))
    assert saving_at(LOSS, none, uniform, **NUMBERS).words() == "not comparable"


def test_a_bound_beyond_the_settings_that_were_judged_is_left_open():
    rng = np.random.default_rng(0)
    ours, theirs = both(0.0, 500, rng)
    # The cheapest uniform setting loses hardly more than is accepted.
    few = theirs.lost.mean(axis=1) < 1.3 * LOSS
    found = saving_at(LOSS, ours, Costs(theirs.synops[few], theirs.lost[few]), **NUMBERS)
    assert not found.low > 0
    assert math.isnan(found.low) or math.isnan(found.high) or math.isnan(found.saved)
