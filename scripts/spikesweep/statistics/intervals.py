"""Uncertainty of a share of images, and of a mean over seeds."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

# For `accuracy_low` and `accuracy_high` of each accuracy that a training or a sweep writes. They
# follow from the accuracy and the number of images by a formula; if they depended on
# `statistics.confidence`, each change of it would train and simulate everything again.
CONFIDENCE_OF_ACCURACIES = 0.95


def accuracy_interval(correct: int, images: int, confidence: float) -> tuple[float, float, float]:
    """Accuracy with its Wilson interval: (accuracy, low, high), each in [0, 1].

    It covers the choice of test images, not the choice of seeds. Source: Wilson (1927),
    J. Am. Stat. Assoc. 22, 209-212.

    Written out, since statsmodels, which has it too, takes most of the time in which a job of
    simulation starts. A test holds it against statsmodels.
    """
    share, squared = correct / images, float(ndtri((1 - confidence) / 2)) ** 2
    middle = (share + squared / (2 * images)) / (1 + squared / images)
    spread = np.sqrt(squared * (share * (1 - share) / images + squared / (4 * images**2)))
    reach = spread / (1 + squared / images)
    low, high = np.clip([middle - reach, middle + reach], 0, 1)
    return share, float(low), float(high)


def mean_interval(values: ArrayLike, confidence: float) -> tuple[float, float, float]:
    """Mean with Student's t interval, values being a sample: (mean, low, high).

    A single value has no interval, and an empty sample no mean: these are NaN.
    """
    # Slow to start, and needed by tables alone.
    from statsmodels.stats.weightstats import DescrStatsW

    values = np.asarray(values, float)
    if len(values) < 2:
        return (float(values[0]) if len(values) else np.nan), np.nan, np.nan
    low, high = DescrStatsW(values).tconfint_mean(alpha=1 - confidence)
    return float(values.mean()), float(low), float(high)


def geometric_interval(values: ArrayLike, confidence: float) -> tuple[float, float, float]:
    """Geometric mean with Student's t interval of the logarithms: (mean, low, high).

    NaN if any value is NaN, since the mean of the others would be that of another sample. Of a
    sample that holds a zero the mean is zero, and it has no interval.
    """
    values = np.asarray(values, float)
    if np.isnan(values).any():
        return np.nan, np.nan, np.nan
    if (values == 0).any():
        return 0.0, np.nan, np.nan
    mean, low, high = np.exp(mean_interval(np.log(values), confidence))
    return float(mean), float(low), float(high)
