"""Intervals for a mean over trained networks and test images that all of them see.

Seeds and images are two crossed random factors with one observation each: another run would train
other networks and show them other images. With S seeds, N images and the mean squares of a
two-way analysis of variance without replication, the variance of the grand mean is estimated by

    (MS_seeds + MS_images - MS_residual) / (S N)  =  v_seeds + v_images,

where v_seeds = MS_seeds / (S N), the variance of the seeds' means over S, holds what differs
between seeds, and v_images = max(0, MS_images - MS_residual) / (S N) what the seeds share (Searle,
Casella and McCulloch 1992, Variance Components, chapter 4). The first has S - 1 degrees of
freedom, the second about N - 1. How wide the interval must be is a Behrens-Fisher problem, to
which Cochran gave a simple answer: the critical value is the mean of both Student's t, weighted
by the variances (Cochran 1964, Biometrics 20, 191-195),

    half width = (t(S-1) v_seeds + t(N-1) v_images) / sqrt(v_seeds + v_images).

Why this one: how often a nominal 95 % interval holds the truth, in per cent, for any ratio of the
two variances (normal effects, many images):

    seeds                                          2            3            5            8
    Satterthwaite's degrees of freedom     87.4-95.1    92.2-95.0    94.2-95.0    94.7-95.0
    Cochran's weighted t (used here)       94.0-97.8    95.0-97.1    95.0-96.3    95.0-95.9
    generalised (fiducial) interval        95.0-98.8    95.0-97.6    95.0-96.4    95.0-95.9

Cochran's is also the narrower of the two that hold the truth often enough: by up to a quarter with
two seeds. With two seeds none stays between 93 and 97 % for every ratio: one degree of freedom
tells little about a variance.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t

from spikesweep.statistics.effect import Effect


def crossed_effect(
    differences: NDArray[np.float64], *, confidence: float, choices: int = 1
) -> Effect:
    """The mean difference, with an interval over networks and images.

    differences: (seeds, images): what one setting got right less what another did, of the same
        network and image. It may be a mean over settings; then it lies between -1 and 1.
    choices: number of candidates of which the settings were chosen on the same images, but on
        other seeds: the interval over images then holds for all candidates at once (Bonferroni),
        and seeds need no correction.

    Two more images count, one that is won and one that is lost, as in `paired_loss`: the interval
    has a width even if no image differs. A single seed gives an interval over images only, which
    speaks of that network alone (`Effect.scope`).
    """
    differences = np.asarray(differences, float)
    seeds, images = differences.shape
    parts = variance_of_mean(differences)
    half = float(
        half_width(
            parts.seeds,
            parts.images,
            critical_value(confidence, seeds - 1),
            critical_value(1 - (1 - confidence) / choices, images - 1),
        )
    )
    value = float(differences.mean())
    middle = value * images / (images + 2)
    # No difference of accuracies lies beyond: two seeds that differ can say less than nothing.
    low, high = np.clip([middle - half, middle + half], -1.0, 1.0)
    return Effect(value, float(low), float(high), seeds, _method(seeds, choices))


@dataclass(frozen=True)
class VarianceOfMean:
    """Variance of a grand mean: what differs between seeds, and what all seeds share."""

    seeds: float
    images: float


def half_width(
    seeds: ArrayLike, images: ArrayLike, of_seeds: float, of_images: float
) -> NDArray[np.float64]:
    """Half of Cochran's interval.

    seeds, images: both parts of a `VarianceOfMean`; of_seeds, of_images: their critical values.
    """
    seeds, images = np.asarray(seeds, float), np.asarray(images, float)
    # A part that has no critical value, such as that of a single seed, is zero and has no weight.
    weighted = seeds * np.nan_to_num(of_seeds) + images * np.nan_to_num(of_images)
    total = seeds + images
    return np.divide(weighted, np.sqrt(total), out=np.zeros_like(total), where=total > 0)


def variance_of_mean(differences: NDArray[np.float64]) -> VarianceOfMean:
    """Estimate the variance of the mean over (seeds, images)."""
    seeds, images = differences.shape
    of_image = differences.mean(axis=0)
    shared, between = float(of_image.var(ddof=1)), 0.0
    added = of_two_more(images, shared, float(differences.var(axis=1, ddof=1).mean()))
    if seeds > 1:
        of_seed = differences.mean(axis=1)
        between = float(of_seed.var(ddof=1)) / seeds
        without = differences - of_seed[:, None] - of_image + differences.mean()
        residual = float((without**2).sum()) / (seeds - 1) / (images - 1)
        shared = max(0.0, shared - residual / seeds)
    return VarianceOfMean(between, shared / images + added)


def of_two_more(images: int, of_mean: float, of_single: float) -> float:
    """The variance that two more images add to that of the mean.

    of_mean: variance between images, of the mean over seeds; of_single: that of a single seed. The
    two images are as much shared by the seeds as the others are; with none shared, each counts a
    share of 1 / seeds.
    """
    return 2 / (images + 2) ** 2 * (of_mean / of_single if of_single else 1.0)


@cache
def critical_value(confidence: float, freedom: int) -> float:
    """Two-sided critical value of Student's t; NaN without degrees of freedom."""
    return float(t.ppf((1 + confidence) / 2, freedom)) if freedom > 0 else math.nan


def _method(seeds: int, choices: int) -> str:
    paired = "paired by image, " + (
        "crossed with seeds (Cochran's weighted t)"
        if seeds > 1
        else "one seed, so of this network only"
    )
    return paired + (f"; Bonferroni over images: {choices} choices" if choices > 1 else "")
