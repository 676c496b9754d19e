"""What a design of seeds and images can show, given how much these vary."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import chi2, norm

from spikesweep.statistics.components import Components
from spikesweep.statistics.crossed import VarianceOfMean, critical_value, half_width, of_two_more

# The power that `smallest_effect` asks for: conventional since Cohen (1988), Statistical Power
# Analysis for the Behavioral Sciences, chapter 2.
POWER = 0.8
# Quadrature over the variance that a few seeds happen to show.
_NODES = (np.arange(400) + 0.5) / 400


@dataclass(frozen=True)
class Design:
    """How many seeds and images an experiment has, and the interval that judges it.

    images: 0 if each seed has a single value, and the interval is Student's.
    """

    seeds: int
    images: int
    confidence: float
    choices: int = 1


def smallest_effect(components: Components, design: Design, power: float = POWER) -> float:
    """The smallest distance from a threshold that the design shows with this power.

    An effect is shown if the whole interval of `crossed_effect` lies on its side of the threshold.
    A design of one seed is judged for that network alone, so its seeds do not vary.
    """
    parts = _variances(components, design)
    scale = math.sqrt(parts.seeds + parts.images)
    halves = _half_widths(parts, _added(components, design), design)
    if scale == 0:
        return float(halves.max())

    def lacking(distance: float) -> float:
        return float(norm.cdf((distance - halves) / scale).mean()) - power

    return float(brentq(lacking, 0.0, float(halves.max()) + 10 * scale, xtol=1e-7))


def deciding_design(
    components: Components, design: Design, distance: float, *, most_seeds: int, most_images: int
) -> Design | None:
    """The smallest larger design that shows an effect this far from the threshold.

    More images are tried first, as they need no training; then more seeds; then both, with as few
    seeds as possible. None if even `most_seeds` and `most_images` do not show it.
    """
    seeds, images = max(most_seeds, design.seeds), max(most_images, design.images)
    for largest in (
        replace(design, images=images),
        replace(design, seeds=seeds),
        replace(design, seeds=seeds, images=images),
    ):
        if smallest_effect(components, largest) <= distance:
            fewer_seeds = _fewest(components, largest, "seeds", design.seeds, distance)
            return _fewest(components, fewer_seeds, "images", design.images, distance)
    return None


def deciding_draws(components: Components, design: Design, distance: float) -> int | None:
    """The fewest draws of the initial voltages with which the same seeds and images show an effect.

    None if even as many draws as pairs of images, which still tell them from images, do not.
    """

    def shows(draws: int) -> bool:
        return smallest_effect(replace(components, draws=draws), design) <= distance

    return _least(components.draws, design.images // 2, shows)


def _fewest(
    components: Components, largest: Design, what: str, lowest: int, distance: float
) -> Design:
    """The design that shows the effect with the fewest seeds or images."""

    def shows(number: int) -> bool:
        return smallest_effect(components, replace(largest, **{what: number})) <= distance

    highest = getattr(largest, what)
    return replace(largest, **{what: _least(lowest, highest, shows) or highest})


def _least(low: int, high: int, enough: Callable[[int], bool]) -> int | None:
    """The least number from low to high that is enough, found by bisection; None if none is."""
    if low > high or not enough(high):
        return None
    while low < high:
        middle = (low + high) // 2
        if enough(middle):
            high = middle
        else:
            low = middle + 1
    return high


def _variances(components: Components, design: Design) -> VarianceOfMean:
    if design.images == 0:
        return VarianceOfMean(components.seed / design.seeds, 0.0)
    images, residual = components.image / design.images, components.residual / design.images
    if design.seeds == 1:
        return VarianceOfMean(0.0, images + residual)
    of_seed = components.seed + components.voltage / components.draws + residual
    return VarianceOfMean(of_seed / design.seeds, images)


def _added(components: Components, design: Design) -> float:
    """What the interval's two more images add."""
    if design.images == 0:
        return 0.0
    of_mean = components.image + components.residual / design.seeds
    return of_two_more(design.images, of_mean, components.image + components.residual)


def _half_widths(parts: VarianceOfMean, added: float, design: Design) -> NDArray[np.float64]:
    """Half widths of the interval for the variances between seeds that a run may show."""
    freedom = design.seeds - 1
    return half_width(
        parts.seeds * _shown(freedom),
        parts.images + added,
        critical_value(design.confidence, freedom),
        critical_value(1 - (1 - design.confidence) / design.choices, design.images - 1),
    )


@cache
def _shown(freedom: int) -> NDArray[np.float64]:
    """Variances that samples of a variance of 1 show, each as likely as the others."""
    return chi2.ppf(_NODES, freedom) / freedom if freedom else np.ones(1)
