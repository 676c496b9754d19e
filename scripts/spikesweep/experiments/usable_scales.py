"""At which scale of all layers a network is how good."""

import logging
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.sweep import grid, sweep

logger = logging.getLogger(__name__)

# Scales of all layers that are tried, an octave apart: beyond, neurons fire in every step. The
# second half, which takes longest, only if a network is not good enough before.
_TRIED = tuple(2.0**octave for octave in range(11))
_TRIED_FIRST = 8

# Images on which they are tried: with few, the scales of the seeds differ by chance, and so do the
# gains that are compared there.
_TRIED_ON = 1000


def operating_scales(
    experiment: Experiment, synapse_s: float | None, shares: Iterable[float], name: str
) -> dict[float, float]:
    """The scale of all layers at which a network reaches each share of the ANN's accuracy.

    Shares that it does not reach at any scale, and those that are no better than chance, are left
    out, with a line in the log. Scales are found on some of the experiment's images: they say where
    subsets of layers are compared, and do not favour any of these.
    """
    shares = list(shares)
    few = experiment.thinned(_TRIED_ON)
    target = float((few.sample.ann_classes == few.sample.labels).mean())
    accuracy = _accuracy(few, synapse_s, _TRIED[:_TRIED_FIRST], name)
    if max(accuracy) < max(shares) * target:
        accuracy += _accuracy(few, synapse_s, _TRIED[_TRIED_FIRST:], name)
    found = {}
    for share in above_chance(shares, target, few, name):
        scale = scale_reaching(_TRIED[: len(accuracy)], np.array(accuracy), share * target)
        if scale is None:
            logger.warning(
                "%s does not reach %g of the ANN's accuracy at any scale up to %g: no layers are "
                "scaled there",
                name,
                share,
                _TRIED[-1],
            )
        else:
            found[share] = scale
    logger.info("%s: scales of all layers %s", name, found)
    return found


def above_chance(
    shares: Iterable[float], target: float, experiment: Experiment, name: str
) -> list[float]:
    """The shares of the target, an accuracy, that one answer to all images does not reach."""
    shares, chance = list(shares), experiment.sample.chance()
    above = [share for share in shares if share * target > chance]
    for share in shares:
        if share not in above:
            logger.warning(
                "%s: %g of the ANN's accuracy is no more than one class for all images would have "
                "(%.3g), where nothing compares: left out",
                *(name, share, chance),
            )
    return above


def _accuracy(
    few: Experiment, synapse_s: float | None, scales: Iterable[float], name: str
) -> list[float]:
    rows = sweep(few, grid([synapse_s], scales), f"{name}, scale of all layers").settings
    return [float(accuracy) for accuracy in rows["accuracy"]]


def scale_reaching(
    scales: Sequence[float], accuracy: NDArray[np.float64], target: float
) -> float | None:
    """The scale at which the accuracy reaches the target; None if it does not.

    scales: ascending; accuracy: (scales,). Between two scales the accuracy is linear in the
    logarithm of the scale; where it falls with the scale, which is noise, the two are averaged
    (isotonic regression). Two digits, as a config would have them.
    """
    rising = isotonic_regression(accuracy).x
    if rising[-1] < target:
        return None
    after = int(np.argmax(rising >= target))
    if after == 0:
        return float(scales[0])
    between = slice(after - 1, after + 1)
    log_scale = np.interp(target, rising[between], np.log(scales[between]))
    return float(f"{np.exp(log_scale):.2g}")
