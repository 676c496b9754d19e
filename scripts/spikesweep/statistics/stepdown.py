"""Which of many candidates lose at most a margin, so that all that is said holds at once.

Each candidate is tested against the margin, and the errors of all tests together are controlled:
in at most one of twenty runs (95 % confidence) is any candidate that loses more than the margin
shown to be within it. Candidates see the same images, so their losses are strongly correlated, and
the price for their number is small: the largest test statistic is drawn from a normal distribution
with these correlations (as a multiplier bootstrap would, without its cost), and candidates
that pass no longer count against the others (step-down). Source: Romano and Wolf (2005),
Econometrica 73, 1237-1282.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class StepDown:
    """p: adjusted p-values, (candidates,); at_most: upper bounds that hold for all at once."""

    p: np.ndarray
    at_most: np.ndarray


def step_down(
    lost: np.ndarray, margin: float, *, confidence: float, draws: int, seed: int
) -> StepDown:
    """Test whether each candidate loses at most the margin.

    lost: (candidates, images), what each image loses, from -1 to 1.

    A candidate is within the margin if its p is at most 1 - confidence. As in `paired_loss`, two
    more images count, one won and one lost, so that a loss that no image shows has an error, too.
    """
    candidates, images = lost.shape
    more = np.tile([1.0, -1.0], (candidates, 1))
    seen = np.hstack([lost, more])
    means = seen.mean(axis=1)
    deviations = seen - means[:, None]
    errors = deviations.std(axis=1, ddof=1) / np.sqrt(images + 2)
    statistics = (margin - means) / errors
    drawn = _drawn(deviations, draws, seed)
    order = np.argsort(-statistics, kind="stable")
    # Of the candidates that have not passed yet, the largest statistic of each draw.
    largest = np.maximum.accumulate(drawn[:, order[::-1]], axis=1)[:, ::-1]
    reached = (largest >= statistics[order]).sum(axis=0)
    p = np.empty(candidates)
    p[order] = np.maximum.accumulate((1 + reached) / (1 + draws))
    return StepDown(p, means + np.quantile(largest[:, 0], confidence) * errors)


def _drawn(deviations: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """(draws, candidates): statistics as they vary if every candidate loses just the margin."""
    values, vectors = np.linalg.eigh(np.corrcoef(deviations).reshape(len(deviations), -1))
    root = vectors * np.sqrt(np.maximum(values, 0))
    return np.random.default_rng(seed).standard_normal((draws, len(root))) @ root.T
