"""By how much a claim's effect differs between two ways in which the same networks answer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesweep.statistics.crossed import crossed_effect
from spikesweep.statistics.intervals import mean_interval
from spikesweep.study.findings.evidence import Paired, PerSeed
from spikesweep.study.findings.finding import Finding


@dataclass(frozen=True, eq=False)
class Measured:
    """A finding with its networks' seeds and the images that they saw, (images,)."""

    finding: Finding
    seeds: tuple[int, ...]
    images: NDArray[np.int64]


def difference(one: Measured, reference: Measured, confidence: float) -> dict[str, Any]:
    """The effect of one less that of the reference, with its interval: columns of the table.

    Of the same seeds, each with its own weights in both ways, and of the images that both saw.
    Nothing if a finding was judged on other seeds, such as those that reach an operating point.
    """
    if one.seeds != reference.seeds:
        return {}
    seeds = len(one.seeds)
    match one.finding.evidence, reference.finding.evidence:
        case Paired() as here, Paired() as there:
            if not len(here.differences) == len(there.differences) == seeds:
                return {}
            common, *places = np.intersect1d(one.images, reference.images, return_indices=True)
            if len(common) < 2:
                return {}
            apart = here.differences[:, places[0]] - there.differences[:, places[1]]
            # A choice among many candidates, made in either way, is allowed for in both.
            choices = max(here.choices, there.choices)
            effect = crossed_effect(apart, confidence=confidence, choices=choices)
            return _columns(effect.value, effect.low, effect.high, len(common))
        case PerSeed() as here, PerSeed() as there:
            if not len(here.values) == len(there.values) == seeds:
                return {}
            return _columns(*mean_interval(here.values - there.values, confidence), 0)
    return {}


def _columns(value: float, low: float, high: float, images: int) -> dict[str, Any]:
    """images: 0 if the effects have no single images to pair."""
    return {
        "difference": value,
        "difference_low": low,
        "difference_high": high,
        "paired_images": images,
    }
