"""Where the uncertainty of each finding comes from, and what the run could show despite it."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from spikesweep.statistics.components import Components
from spikesweep.statistics.power import Design
from spikesweep.study.findings.finding import Finding
from spikesweep.study.findings.numbered import claim_numbers

COLUMNS = (
    *("number", "claim", "network", "effect_unit", "seeds", "voltage_draws", "images"),
    *("sd_seeds", "sd_voltages", "sd_images", "sd_residual"),
    *("se_seeds", "se_voltages", "se_images"),
    *("threshold", "distance", "smallest_shown", "verdict"),
)


def uncertainty(findings: Iterable[Finding], config: Mapping[str, Any]) -> pd.DataFrame:
    """One row for each finding on one network that votes and whose spread is known.

    number: of the claim, as in the table of findings.
    sd_seeds, sd_voltages, sd_images, sd_residual: standard deviations of the effect between
        trained networks, between draws of the initial voltages of one of them, between images, and
        what is left (see `variance_components`), in the unit of the effect.
    se_seeds, se_voltages, se_images: what each contributes to the standard error of the effect of
        this run; their squares add up. What is left counts with the images.
    distance: of the effect from its threshold; smallest_shown: the smallest one that this run shows
        in 4 of 5 cases.
    """
    findings = list(findings)
    numbers = claim_numbers(finding.claim for finding in findings)
    rows = []
    for finding in findings:
        if not (finding.network and finding.evidence) or finding.condition:
            continue
        components = finding.evidence.components()
        if components is None:
            continue
        design = finding.evidence.design(config["confidence"])
        rows.append({"number": numbers[finding.claim], **_row(finding, components, design)})
    return pd.DataFrame(rows, columns=list(COLUMNS)).drop_duplicates(["claim", "network"])


def _row(finding: Finding, components: Components, design: Design) -> dict[str, Any]:
    of_seeds = components.seed / design.seeds
    of_voltages = components.voltage / design.seeds / components.draws
    # An effect with a single value per seed has no images of its own.
    of_images = (components.image + components.residual / design.seeds) / max(design.images, 1)
    return {
        "claim": finding.claim,
        "network": finding.network,
        "effect_unit": finding.effect_unit,
        "seeds": design.seeds,
        "voltage_draws": components.draws,
        "images": design.images,
        "sd_seeds": math.sqrt(components.seed),
        "sd_voltages": math.sqrt(components.voltage),
        "sd_images": math.sqrt(components.image),
        "sd_residual": math.sqrt(components.residual),
        "se_seeds": math.sqrt(of_seeds),
        "se_voltages": math.sqrt(of_voltages),
        "se_images": math.sqrt(of_images),
        "threshold": finding.threshold,
        "distance": finding.effect - finding.threshold,
        "smallest_shown": finding.smallest_shown,
        "verdict": finding.verdict,
    }
