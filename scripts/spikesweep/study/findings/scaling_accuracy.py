"""Claim: scaling the firing rates raises a spiking network's accuracy.

Effect: accuracy at the largest scale minus that at the smallest, at the best synapse, which is
chosen on the other seeds. Two ends do not make a trend: if there are at least two seeds and
three scales, Page's test must find that accuracy rises along all scales (Page 1963, J. Am. Stat.
Assoc. 58, 216-230; each seed ranks the scales, so seeds of different quality compare).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import page_trend_test

from spikesweep.statistics.differences import accuracy_difference
from spikesweep.study.findings.finding import ACCURACY, Claim, Finding
from spikesweep.study.findings.synapses import accuracies_at, best_elsewhere, by_network


def scaling_accuracy(sweeps: pd.DataFrame, config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each network of the sweep."""
    claim = Claim(
        name="scaling raises accuracy",
        statement="Scaling the firing rates raises accuracy",
        effect=(
            "accuracy at the largest scale less that at the smallest, at the best synapse (chosen "
            "on the other seeds); inconclusive, too, where a test finds no trend along the scales"
        ),
        unit=ACCURACY,
        threshold=config["margins"]["accuracy"],
        figure="accuracy_and_cost/{network}",
    )
    one_scale = "only one scale was swept"
    findings = []
    for network, grid, images in by_network(sweeps):
        by_scale = accuracies_at(grid, best_elsewhere(grid))
        if by_scale.shape[1] < 2:
            findings.append(claim.not_run(one_scale, network))
            continue
        effect = accuracy_difference(
            by_scale[:, [-1]],
            by_scale[:, [0]],
            images=images,
            confidence=config["confidence"],
            choices=len(grid),
        )
        doubted = False
        if _has_trend_test(by_scale):
            effect = replace(effect, method=f"{effect.method}; Page's trend test (scipy)")
            no_trend = page_trend_test(by_scale).pvalue > 1 - config["confidence"]
            doubted = effect.value > 0 and no_trend
        findings.append(claim.judge(effect, network, doubted=doubted))
    return claim.of_every_network(findings, one_scale)


def _has_trend_test(by_scale: NDArray[np.float64]) -> bool:
    seeds, scales = by_scale.shape
    return seeds >= 2 and scales >= 3
