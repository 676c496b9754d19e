"""Effects with honest intervals, from few seeds and shared images.

An accuracy is uncertain for two reasons: another seed would give another network, and other test
images another sample. All settings and seeds of a network see the same images, so averaging over
seeds does not reduce the uncertainty due to the choice of images. Tables hold accuracies, not
single images, so the two cannot be resampled together. Each gives its own interval, and the
effect's interval spans both.

- Seeds: Student's t on the differences of each seed, which pairs values of the same seed.
- Images: Newcombe's interval for the difference of two shares, from Wilson's, which holds near 0
  and 1 where accuracies lie (Newcombe 1998, Statistics in Medicine 17, 873-890). It treats the two
  samples as independent; on the same images the difference varies less, so it is too wide
  rather than too narrow.
"""

import numpy as np
from numpy.typing import NDArray
from statsmodels.stats.proportion import confint_proportions_2indep

from spikesweep.statistics.effect import Effect
from spikesweep.statistics.intervals import mean_interval

Array = NDArray[np.float64]


def accuracy_difference(
    first: Array, second: Array, *, images: int, confidence: float, choices: int = 1
) -> Effect:
    """How much more accurate `first` is than `second`, on the same images.

    first, second: accuracies, shape (seeds, points): a difference at each point, such as a
        scale, and the effect is the mean over seeds and points.
    choices: number of candidates of which `first` and `second` were chosen on the same images;
        the interval over images holds for all of them at once (Bonferroni). Choices must have
        been made on other seeds, where there are any.
    """
    per_seed = (first - second).mean(axis=1)
    image_confidence = 1 - (1 - confidence) / choices
    intervals = [_over_images(first, second, images, image_confidence)]
    method = "Newcombe over images"
    if choices > 1:
        method += f" (Bonferroni: {choices} choices)"
    if len(per_seed) > 1:
        intervals.append(mean_interval(per_seed, confidence)[1:])
        method += " and Student's t over seeds, both spanned"
    low, high = spanning(intervals)
    return Effect(float(per_seed.mean()), low, high, len(per_seed), f"{method}; statsmodels")


def spanning(intervals: list[tuple[float, float]]) -> tuple[float, float]:
    """The interval from the lowest to the highest bound."""
    lows, highs = zip(*intervals, strict=True)
    return min(lows), max(highs)


def _over_images(
    first: Array, second: Array, images: int, confidence: float
) -> tuple[float, float]:
    """Newcombe's interval at each point, for the means over seeds; its bounds averaged.

    The mean of the bounds bounds the mean, however the points are correlated.
    """
    bounds = [
        confint_proportions_2indep(
            images * one, images, images * other, images, method="newcomb", alpha=1 - confidence
        )
        for one, other in zip(first.mean(axis=0), second.mean(axis=0), strict=True)
    ]
    low, high = np.mean(bounds, axis=0)
    return float(low), float(high)
