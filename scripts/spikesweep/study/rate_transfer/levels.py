"""At which firing rates layers are compared: where the network is usable, but not at its best.

Near chance every gain is noise, and where no spike is missing there is nothing to gain. What a
layer gains is therefore compared at stated shares of the ANN's accuracy.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.sweep import sweep
from spikesweep.experiments.usable_scales import scale_reaching
from spikesweep.simulation.setting import Setting
from spikesweep.study.rate_transfer.variants import (
    Scales,
    altered_variants,
    slow_layer,
    trained_variant,
)

logger = logging.getLogger(__name__)

# Mean rates that are tried, an octave apart; beyond, neurons fire in every step.
_TRIED_HZ = tuple(2.0**octave for octave in range(-1, 10))
# They are tried on so many images: enough to tell where an accuracy of 80 % is reached.
_IMAGES = 300


@dataclass(frozen=True)
class Level:
    """Variants of a network whose layers are compared at one mean rate.

    operating_point: the share of the ANN's accuracy that the worst of them has reached, of those
        that decide: the network as trained, or the networks with a slow layer.
    """

    operating_point: float
    mean_rate_hz: float
    variants: Mapping[str, Scales]


def levels(
    experiment: Experiment, outputs: Mapping[str, float], config: Mapping[str, Any], name: str
) -> list[Level]:
    """The levels of a network, those as trained before those with other rates at each point.

    outputs: mean output of each layer as rates; none is zero.
    config: synapse_s, operating_points, slow_factor. name: of the network, for the log.

    A point that is not reached at any rate is left out, with a line in the log. Rates are found
    on some of the experiment's images: they say where layers are compared, and favour none.
    """
    kinds: dict[str, Callable[[float], dict[str, Scales]]] = {
        "as trained": lambda rate: trained_variant(outputs, rate),
        "with a slow layer": lambda rate: altered_variants(outputs, rate, config["slow_factor"]),
    }
    tried = {kind: [of_kind(rate) for rate in _TRIED_HZ] for kind, of_kind in kinds.items()}
    accuracy, target = _accuracies(experiment, tried, config["synapse_s"], name)
    found = []
    for point in config["operating_points"]:
        for kind, of_kind in kinds.items():
            rate = scale_reaching(_TRIED_HZ, accuracy[kind], point * target)
            if rate is None:
                logger.warning(
                    "%s %s does not reach %g of the ANN's accuracy at any mean rate up to %g Hz: "
                    "its layers are not compared there",
                    *(name, kind, point, _TRIED_HZ[-1]),
                )
            else:
                found.append(Level(point, rate, of_kind(rate)))
    return found


def _accuracies(
    experiment: Experiment,
    tried: Mapping[str, list[dict[str, Scales]]],
    synapse_s: float | None,
    name: str,
) -> tuple[dict[str, np.ndarray], float]:
    """The worst variant's accuracy at each rate that was tried, by kind; that of the ANN."""
    settings = {
        kind: [_deciding(variants, synapse_s) for variants in at_rates]
        for kind, at_rates in tried.items()
    }
    every = list(dict.fromkeys(s for kind in settings.values() for some in kind for s in some))
    rows = sweep(_thinned(experiment), every, f"{name}, mean rates").settings
    accuracy = dict(zip(every, rows["accuracy"], strict=True))
    worst = {
        kind: np.array([min(accuracy[setting] for setting in some) for some in at_rates])
        for kind, at_rates in settings.items()
    }
    return worst, float(rows["ann_accuracy"].iloc[0])


def _deciding(variants: Mapping[str, Scales], synapse_s: float | None) -> list[Setting]:
    slowed = {name: scales for name, scales in variants.items() if slow_layer(name)}
    return [Setting.per_layer(synapse_s, scales) for scales in (slowed or variants).values()]


def _thinned(experiment: Experiment) -> Experiment:
    """The experiment with evenly chosen images, so that all classes are among them."""
    sample = experiment.sample
    count = len(sample.labels)
    kept = np.linspace(0, count - 1, min(count, _IMAGES)).astype(int)
    return replace(
        experiment,
        sample=replace(
            sample,
            images=sample.images[kept],
            labels=sample.labels[kept],
            ann_classes=sample.ann_classes[kept],
            indices=sample.indices[kept],
        ),
    )
