"""How much accuracy a setting loses, with intervals for paired images."""

from dataclasses import dataclass

import numpy as np
from statsmodels.stats.weightstats import DescrStatsW


@dataclass(frozen=True)
class Loss:
    """Accuracy lost, with its interval from `low` to `high`."""

    loss: float
    low: float
    high: float


def paired_loss(before: np.ndarray, after: np.ndarray, confidence: float) -> Loss:
    """Accuracy lost from `before` to `after`.

    before, after: (images,) whether an image is recognised, or by what share of the networks.

    The bounds are Wald's, with one more image for either kind of change: as good as score
    intervals, and of nonzero width even if no image changes. Source: Bonett and Price (2012),
    J. Educ. Behav. Stat. 37, 479-488. They cover the choice of images, not that of seeds.
    """
    lost = before.astype(float) - after
    described = DescrStatsW(np.append(lost, [1.0, -1.0]))
    low, high = described.zconfint_mean(alpha=1 - confidence)
    return Loss(float(lost.mean()), float(low), float(high))
