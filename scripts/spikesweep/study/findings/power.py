"""What a run could have shown, and what it would take to decide."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spikesweep.statistics.power import Design, deciding_design, deciding_draws, smallest_effect
from spikesweep.study.findings.evidence import Evidence
from spikesweep.study.findings.units import written_distance
from spikesweep.words import counted, digits


def smallest_shown(evidence: Evidence, config: Mapping[str, Any]) -> float:
    """How far from its threshold an effect has to lie for this run to show it, in 4 of 5 runs.

    NaN if it is not known how the effect varies.
    """
    components = evidence.components()
    design = evidence.design(config["confidence"])
    return smallest_effect(components, design) if components else math.nan


def what_would_decide(
    evidence: Evidence, threshold: float, unit: str, config: Mapping[str, Any]
) -> str:
    """The draws, or seeds and images, that would decide about an inconclusive effect, if any would.

    config: confidence; affordable, the most seeds and images that a run could have.
    """
    components, design = evidence.components(), evidence.design(config["confidence"])
    if components is None:
        return "at least two seeds"
    distance = abs(evidence.effect(config["confidence"]).value - threshold)
    if smallest_effect(components, design) <= distance:
        return "other seeds or images: four of five runs of this size would show such an effect"
    # Draws need neither training nor images, so they come first.
    if design.seeds > 1 and (draws := deciding_draws(components, design, distance)):
        return f"about {digits(draws)} draws of the initial voltages"
    # More seeds would no longer speak of this network.
    most_seeds = 1 if design.seeds == 1 else config["affordable"]["seeds"]
    most_images = config["affordable"]["images"] if design.images else 0
    found = deciding_design(
        components, design, distance, most_seeds=most_seeds, most_images=most_images
    )
    if found:
        return _in_words(found, design)
    largest = replace(
        design, seeds=max(design.seeds, most_seeds), images=max(design.images, most_images)
    )
    least = written_distance(smallest_effect(components, largest), unit)
    return (
        f"no affordable number: the effect lies {written_distance(distance, unit)} from the "
        f"threshold, and {_size(largest)} show no less than {least}"
    )


def _in_words(found: Design, design: Design) -> str:
    if found.images == design.images:
        return f"about {counted(found.seeds, 'seed')}"
    if found.seeds == design.seeds:
        return f"about {_images(found)}"
    return f"about {_size(found)}"


def _size(design: Design) -> str:
    images = f" and {_images(design)}" if design.images else ""
    return f"{counted(design.seeds, 'seed')}{images}"


def _images(design: Design) -> str:
    """Two digits: how much images vary is not known better."""
    return f"{digits(design.images)} images"
