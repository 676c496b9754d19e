"""Claim: scaling the firing rates costs computation.

Effect: exponent e of synops proportional to scale^e where the network is usable, at the scale that
gives the higher share of its operating range: 0 means no cost, 1 a proportional cost. At small
scales networks spend more spikes than their rates ask for, so a line through all scales would
describe none of them. The exponent is the slope of a monotone cubic through the logarithms (PCHIP:
Fritsch and Butland 1984, SIAM J. Sci. Stat. Comput. 5, 300-304), at the best synapse, which is
chosen on the other seeds. Tables hold the mean of synops over images, so the interval leaves out
the choice of images, which matters little with thousands of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from spikesweep.study.findings.evidence import PerSeed
from spikesweep.study.findings.finding import ORIGINAL, Claim, Finding
from spikesweep.study.findings.sweep_grid import SweepGrid, best_elsewhere
from spikesweep.study.findings.synapse_words import NO_RANGE
from spikesweep.study.findings.units import EXPONENT
from spikesweep.words import digits, number, points


def scaling_cost(grids: Iterable[SweepGrid], config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each network of the sweep."""
    share = points(config["operating_range"][1], "g")
    claim = Claim(
        name="scaling costs computation",
        statement="Scaling the firing rates costs synaptic operations",
        origin=ORIGINAL,
        effect=(
            "exponent e of synaptic operations growing as scale^e, at the scale at which the "
            f"network has {share} % of the ANN's accuracy"
        ),
        unit=EXPONENT,
        threshold=config["margins"]["cost_exponent"],
        figure="accuracy_and_cost/{network}",
    )
    one_scale = "spikes were counted at one scale only"
    findings = [_judged(claim, grid, one_scale, config) for grid in grids]
    return claim.of_every_network(findings, f"{one_scale}, or {NO_RANGE}", config)


def _judged(claim: Claim, grid: SweepGrid, one_scale: str, config: Mapping[str, Any]) -> Finding:
    if not grid.operating_range:
        return claim.not_run(NO_RANGE, grid.network)
    chosen = best_elsewhere(grid.curves)
    synops = grid.synops[np.arange(grid.seeds), chosen]
    # A scale at which a network is silent has no synops, whose logarithm is not finite.
    counted = (synops > 0).all(axis=0)
    if counted.sum() < 2:
        return claim.not_run(one_scale, grid.network)
    scales, synops = grid.scales[counted], synops[:, counted]
    operating = np.clip(grid.operating_range[1], scales[0], scales[-1])
    exponents = _exponents(scales, synops, float(operating))
    lowest, highest = (_exponents(scales, synops, at).mean() for at in scales[[0, -1]])
    note = (
        f"This is the exponent at scale {digits(float(operating))}; it is "
        f"{number(lowest, '.2f')} at scale {scales[0]:g} and {number(highest, '.2f')} at scale "
        f"{scales[-1]:g}."
    )
    return claim.judge(PerSeed(grid.network, exponents, grid.correct.shape[-1]), config, note=note)


def _exponents(scales: np.ndarray, synops: np.ndarray, scale: float) -> NDArray[np.float64]:
    """(seeds,) from synops of shape (seeds, scales)."""
    curve = PchipInterpolator(np.log(scales), np.log(synops), axis=1)
    return np.asarray(curve(np.log(scale), nu=1))
