"""Claim: scaling the firing rates costs computation.

Effect: exponent e of synops proportional to scale^e, the slope of a line through the logarithms
(averaged over synapses); 0 means no cost, 1 a proportional cost. The interval spans that of the
line's fit (averaged over seeds) and Student's t over seeds. Tables hold the mean of synops over
images, so the interval leaves out the choice of images, which matters little
with thousands of them.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import linregress, t

from spikesweep.statistics.differences import spanning
from spikesweep.statistics.effect import Effect
from spikesweep.statistics.intervals import mean_interval
from spikesweep.study.findings.finding import EXPONENT, Claim, Finding


def scaling_cost(sweeps: pd.DataFrame, config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each network of the sweep."""
    claim = Claim(
        name="scaling costs computation",
        statement="Scaling the firing rates costs synaptic operations",
        effect="exponent e of synaptic operations growing as scale^e",
        unit=EXPONENT,
        threshold=config["margins"]["cost_exponent"],
        figure="accuracy_and_cost/{network}",
    )
    one_scale = "spikes were counted at one scale only"
    findings = []
    for network, rows in sweeps.groupby("network", sort=False):
        costs = rows.groupby(["seed", "scale_firing_rates"])["synops_per_image"].mean()
        # A scale at which the network is silent has no synops, whose logarithm is not finite.
        costs = costs[costs > 0].unstack("scale_firing_rates").dropna(axis=1)
        if costs.shape[1] < 2:
            findings.append(claim.not_run(one_scale, str(network)))
        else:
            findings.append(claim.judge(_exponent(costs, config["confidence"]), str(network)))
    return claim.of_every_network(findings, one_scale)


def _exponent(costs: pd.DataFrame, confidence: float) -> Effect:
    """From synops, a row per seed, a column per scale."""
    scales = np.log(costs.columns.to_numpy(float))
    fits = [linregress(scales, np.log(of_seed)) for of_seed in costs.to_numpy()]
    slopes = np.array([fit.slope for fit in fits])
    intervals, methods = [], []
    if len(scales) > 2:
        reach = t.ppf((1 + confidence) / 2, len(scales) - 2) * np.mean([fit.stderr for fit in fits])
        intervals.append((slopes.mean() - reach, slopes.mean() + reach))
        methods.append("linear regression of logarithms (scipy)")
    if len(slopes) > 1:
        intervals.append(mean_interval(slopes, confidence)[1:])
        methods.append("Student's t over seeds (statsmodels)")
    low, high = spanning(intervals) if intervals else (math.nan, math.nan)
    method = " and ".join(methods) or "no interval: two scales of one seed"
    return Effect(float(slopes.mean()), low, high, len(slopes), method)
