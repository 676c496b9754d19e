"""Tests of many candidates at once: how often they err, and what they find, with a known truth."""

import numpy as np
import pytest
from scipy.stats import norm

from spikesweep.statistics.stepdown import step_down

MARGIN, RUNS = 0.01, 400
# Three standard errors of a share of 5 % of so many runs.
TOLERANCE = 3 * (0.05 * 0.95 / RUNS) ** 0.5


def losses(truth, images, rng, alike=0.5):
    """Images that are lost or won; a share of the candidates' bad luck is the same for all."""
    truth = np.asarray(truth)[:, None]
    shape = (len(truth), images)
    shared = rng.uniform(size=shape) < alike
    luck = np.where(shared, rng.uniform(size=images), rng.uniform(size=shape))
    lost = luck < truth + 0.01
    won = ~lost & (rng.uniform(size=shape) < 0.01 / (1 - truth - 0.01))
    return lost.astype(float) - won


def passed(truth, images, rng):
    found = step_down(losses(truth, images, rng), MARGIN, confidence=0.95, draws=400, seed=1)
    return found.p <= 0.05


@pytest.mark.parametrize("images", [1000, 3000])
def test_in_one_of_twenty_runs_a_candidate_beyond_the_margin_passes(images):
    rng = np.random.default_rng(0)
    # All lose exactly the margin, of which a difference of nothing is the hardest to tell.
    runs = [passed([MARGIN] * 10, images, rng).any() for _ in range(RUNS)]
    assert 0.01 < np.mean(runs) < 0.05 + TOLERANCE


def test_candidates_within_the_margin_do_not_let_others_pass():
    rng = np.random.default_rng(0)
    truth = [0.0] * 5 + [MARGIN] * 5
    runs = np.array([passed(truth, 4000, rng) for _ in range(RUNS)])
    assert runs[:, 5:].any(axis=1).mean() < 0.05 + TOLERANCE
    # They pass nearly always, and leave the others their full share of the error.
    assert runs[:, :5].mean() > 0.9
    assert runs[:, 5:].any(axis=1).mean() > 0.01


def test_candidates_that_are_the_same_count_once():
    lost = losses([0.004], 2000, np.random.default_rng(0))
    numbers = {"confidence": 0.95, "draws": 20_000, "seed": 1}
    one, twenty = (step_down(np.tile(lost, (n, 1)), MARGIN, **numbers) for n in (1, 20))
    assert twenty.p == pytest.approx(np.full(20, one.p[0]), abs=0.01)
    independent = losses([0.004] * 20, 2000, np.random.default_rng(0), alike=0)
    assert step_down(independent, MARGIN, **numbers).at_most[0] > 1.05 * one.at_most[0]


def test_a_single_candidate_is_tested_like_any_mean():
    rng = np.random.default_rng(0)
    lost = losses([0.004], 4000, rng)
    found = step_down(lost, MARGIN, confidence=0.95, draws=20_000, seed=1)
    error = lost.std() / np.sqrt(lost.size)
    assert found.p[0] == pytest.approx(norm.sf((MARGIN - lost.mean()) / error), abs=0.01)
    assert found.at_most[0] == pytest.approx(lost.mean() + 1.645 * error, rel=0.03)


def test_bounds_hold_for_all_candidates_at_once():
    rng = np.random.default_rng(0)
    truth = np.linspace(0.005, 0.03, 8)
    held = []
    for _ in range(RUNS):
        found = step_down(losses(truth, 2000, rng), MARGIN, confidence=0.95, draws=400, seed=1)
        held.append((truth <= found.at_most).all())
    assert 0.91 < np.mean(held) < 0.95 + TOLERANCE


def test_where_no_image_differs_there_is_still_an_error():
    few, many = (
        step_down(np.zeros((2, images)), MARGIN, confidence=0.95, draws=400, seed=1)
        for images in (50, 5000)
    )
    assert (few.p > 0.05).all()
    assert (many.p <= 0.05).all()


def test_worse_candidates_never_have_smaller_p():
    rng = np.random.default_rng(3)
    lost = losses(np.linspace(0, 0.02, 10), 2000, rng)
    found = step_down(lost, MARGIN, confidence=0.95, draws=400, seed=1)
    statistics = (MARGIN - lost.mean(axis=1)) / lost.std(axis=1)
    assert (np.diff(found.p[np.argsort(-statistics)]) >= 0).all()
