"""Uncertainty of a share of images."""

from statsmodels.stats.proportion import proportion_confint

CONFIDENCE = 0.95


def accuracy_interval(correct: int, images: int) -> tuple[float, float, float]:
    """Accuracy with its Wilson 95 % interval: (accuracy, low, high), each in [0, 1].

    It covers the choice of test images, not the choice of seeds. Source: Wilson (1927),
    J. Am. Stat. Assoc. 22, 209-212, as statsmodels computes it.
    """
    low, high = proportion_confint(correct, images, alpha=1 - CONFIDENCE, method="wilson")
    return correct / images, float(low), float(high)
