"""At which firing rates layers are compared: where the network is usable, but not at its best.

Near chance every gain is noise, and where no spike is missing there is nothing to gain. What a
layer gains is therefore compared at stated shares of the ANN's accuracy.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.sweep import sweep
from spikesweep.experiments.usable_scales import above_chance, scale_reaching
from spikesweep.simulation.setting import Setting
from spikesweep.study.rate_transfer.variants import Scales, variants

logger = logging.getLogger(__name__)

# Mean rates that are tried, an octave apart; beyond, neurons fire in every step.
_TRIED_HZ = tuple(2.0**octave for octave in range(-1, 10))


@dataclass(frozen=True)
class Level:
    """A variant of a network, at the mean rate at which it reaches a share of the ANN's accuracy.

    scales: of its layers. mean_rate_hz: geometric mean of the layers' mean rates, except for
        that of a slow layer.
    """

    operating_point: float
    variant: str
    mean_rate_hz: float
    scales: Scales


def levels(
    experiment: Experiment,
    outputs: Mapping[str, float],
    config: Mapping[str, Any],
    name: str,
    *,
    tried_on: int = 200,
) -> list[Level]:
    """Each variant of a network at each operating point.

    outputs: mean output of each layer as rates; none is zero.
    config: synapse_s, operating_points (shares of the ANN's accuracy), slow_factor.
    name: of the network, for the log.
    tried_on: rates are tried on so many images, which is enough to tell about where an accuracy
        is reached.

    A point that is no better than chance, or that a variant reaches at no rate, is left out, with a
    line in the log. Rates are found on some of the experiment's images: they say where layers are
    compared, and favour none.
    """
    few = experiment.thinned(tried_on)
    tried, target = _tried(few, outputs, config, name)
    found = []
    for point in above_chance(config["operating_points"], target, few, name):
        for variant, accuracy in tried.items():
            rates = _TRIED_HZ[: len(accuracy)]
            rate = scale_reaching(rates, np.array(accuracy), point * target)
            if rate is None:
                logger.warning(
                    "%s, %s: does not reach %g of the ANN's accuracy at any mean rate up to %g Hz; "
                    "its layers are not compared there",
                    *(name, variant, point, rates[-1]),
                )
            else:
                scales = variants(outputs, rate, config["slow_factor"])[variant]
                found.append(Level(point, variant, rate, scales))
    return found


def _tried(
    few: Experiment, outputs: Mapping[str, float], config: Mapping[str, Any], name: str
) -> tuple[dict[str, list[float]], float]:
    """The accuracy of each variant at each of the first rates, and the accuracy of the ANN.

    Rates ascend until a variant has reached all operating points: high rates take long.
    """
    target = float((few.sample.ann_classes == few.sample.labels).mean())
    enough = max(config["operating_points"]) * target
    found: dict[str, list[float]] = {}
    for rate in _TRIED_HZ:
        settings = {
            variant: Setting.per_layer(config["synapse_s"], scales)
            for variant, scales in variants(outputs, rate, config["slow_factor"]).items()
            if max(found.get(variant, [0.0])) < enough
        }
        if not settings:
            break
        distinct = list(dict.fromkeys(settings.values()))
        rows = sweep(few, distinct, f"{name}, mean rate {rate:g} Hz").settings
        accuracy = dict(zip(distinct, rows["accuracy"], strict=True))
        for variant, setting in settings.items():
            found.setdefault(variant, []).append(float(accuracy[setting]))
    return found, target
