"""Accuracy lost between two runs on the same images: its interval."""

import math

import numpy as np
import pytest

from spikesweep.statistics.paired_loss import paired_loss


def test_interval_holds_the_loss_and_is_wider_than_nothing():
    same = np.ones(500)
    loss = paired_loss(same, same, 0.95)
    assert loss.low < loss.loss == 0 < loss.high


def test_bounds_are_those_of_bonett_and_price():
    # 40 images lost, 10 won, of 200: p = (41 - 11) / 202 and its standard error
    before = np.r_[np.ones(40), np.zeros(10), np.ones(150)]
    after = np.r_[np.zeros(40), np.ones(10), np.ones(150)]
    loss = paired_loss(before, after, 0.95)
    middle = 30 / 202
    error = math.sqrt((52 / 202 - middle**2) / 202)
    assert loss.loss == pytest.approx(0.15)
    assert loss.low == pytest.approx(middle - 1.959964 * error, rel=3e-3)
    assert loss.high == pytest.approx(middle + 1.959964 * error, rel=3e-3)


def test_each_bound_is_exceeded_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    truth, runs = 0.02, 2000
    lost = rng.choice([1, 0, -1], p=[0.03, 0.96, 0.01], size=(runs, 1000))
    found = [paired_loss(one, np.zeros(1000), 0.9) for one in lost]
    assert 0.025 < np.mean([loss.high < truth for loss in found]) < 0.075
    assert 0.025 < np.mean([loss.low > truth for loss in found]) < 0.075
