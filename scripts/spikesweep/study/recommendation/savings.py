"""What one scale per layer saves against one scale for all, at the same loss of accuracy.

Two settings that pass a test differ in cost for reasons that have nothing to do with their kind:
how far apart the settings that were judged are, and which of them passed by luck. So costs are
compared at the same loss: between the settings that were judged, the logarithm of the cost is
taken as linear in the loss, which never rises with the cost (isotonic regression).

The interval is from a bootstrap of the images, all settings seeing the same ones; it is about these
trained networks. The settings were chosen on other images.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

# Resamples that are computed at once, so that memory stays small.
_AT_ONCE = 100


@dataclass(frozen=True)
class Costs:
    """Candidates of one kind: synops (candidates,), and lost (candidates, images) -1, 0 or 1."""

    synops: np.ndarray
    lost: np.ndarray


@dataclass(frozen=True)
class Saving:
    """Share of the synops that the first kind saves, and what both kinds cost.

    `low` or `high` is NaN where the costs of a kind end before the loss is reached in too many
    resamples, and all are NaN where they do in the sample itself.
    """

    by_layer: float
    uniform: float
    saved: float
    low: float
    high: float

    def words(self) -> str:
        """Whether anything was shown."""
        if math.isnan(self.saved):
            return "not comparable"
        if self.low > 0:
            return "saves"
        return "costs more" if self.high < 0 else "no difference shown"


def saving_at(
    loss: float, by_layer: Costs, uniform: Costs, *, confidence: float, resamples: int, seed: int
) -> Saving:
    """Compare the costs at which both kinds lose so much, see `Saving`.

    resamples, seed: of the bootstrap; bounds are its percentiles.
    """
    ours, theirs = (log_cost(kind, kind.lost.mean(axis=1), loss) for kind in (by_layer, uniform))
    if not np.isfinite([ours, theirs]).all():
        return Saving(*[math.nan] * 5)
    drawn = _resampled(loss, by_layer, uniform, resamples, seed)
    tail = (1 - confidence) / 2
    # Where both kinds end before the loss is reached, either may be the cheaper one.
    low = np.quantile(np.where(np.isnan(drawn), -np.inf, drawn), tail, method="lower")
    high = np.quantile(np.where(np.isnan(drawn), np.inf, drawn), 1 - tail, method="higher")
    bounds = [float(1 - np.exp(bound)) if np.isfinite(bound) else math.nan for bound in (high, low)]
    return Saving(
        float(np.exp(ours)), float(np.exp(theirs)), float(1 - np.exp(ours - theirs)), *bounds
    )


def _resampled(
    loss: float, by_layer: Costs, uniform: Costs, resamples: int, seed: int
) -> np.ndarray:
    """Logarithm of the ratio of costs in each resample of the images."""
    images = by_layer.lost.shape[1]
    rng = np.random.default_rng(seed)
    ratios = []
    for first in range(0, resamples, _AT_ONCE):
        many = min(_AT_ONCE, resamples - first)
        counts = rng.multinomial(images, np.full(images, 1 / images), size=many)
        losses = [counts @ kind.lost.T / images for kind in (by_layer, uniform)]
        for ours, theirs in zip(*losses, strict=True):
            with np.errstate(invalid="ignore"):
                ratios.append(log_cost(by_layer, ours, loss) - log_cost(uniform, theirs, loss))
    return np.array(ratios)


def log_cost(kind: Costs, losses: np.ndarray, loss: float) -> float:
    """Logarithm of the cost at which a kind loses so much.

    -inf if even the cheapest candidate loses no more, inf if all lose more.
    """
    order = np.argsort(kind.synops, kind="stable")
    costs = np.log(np.maximum(kind.synops[order], 1))
    falling = isotonic_regression(losses[order], increasing=False).x
    enough = np.flatnonzero(falling <= loss)
    if len(enough) == 0:
        return np.inf
    place = enough[0]
    if place == 0:
        return -np.inf
    share = (falling[place - 1] - loss) / (falling[place - 1] - falling[place])
    return float(costs[place - 1] + share * (costs[place] - costs[place - 1]))
