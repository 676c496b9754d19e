"""Claim: the optimal synapse differs between architectures, so each needs its own.

Effect: accuracy of a network with its own best synapse minus that with the synapse that is best
for the other networks on average, averaged over its operating range. Its own is chosen on its
other seeds, and the interval over images allows for all synapses that the networks share.
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesweep.study.findings.evidence import Paired
from spikesweep.study.findings.finding import OURS, Claim, Finding
from spikesweep.study.findings.sweep_grid import Array, SweepGrid, best_elsewhere
from spikesweep.study.findings.synapse_words import NO_RANGE, compared_at
from spikesweep.study.findings.units import ACCURACY

_SAME = (
    "Its own best synapse is the one that is best for the others, so no answer differs: the effect "
    "is zero, and the interval that of so many images of which none differs."
)


def own_synapse(grids: Sequence[SweepGrid], config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each network of the sweep."""
    claim = Claim(
        name="own synapse",
        statement="Each architecture needs a synapse of its own",
        origin=OURS,
        effect=(
            "accuracy with its own best synapse (chosen on the other seeds) less that with the "
            f"best synapse of the other networks, {compared_at(config)}"
        ),
        unit=ACCURACY,
        threshold=config["margins"]["accuracy"],
        figure="sweep_heatmap/{network}",
    )
    usable = [grid for grid in grids if grid.operating_range]
    # A network may have a sweep of its own.
    shared = reduce(np.intersect1d, [grid.synapses for grid in usable] or [np.array([])])
    too_few = (
        "it takes two networks with an operating range, and two synapses that all of them have"
    )
    if len(usable) < 2 or len(shared) < 2:
        return [claim.not_run(too_few)]
    findings = []
    for grid in grids:
        if grid.operating_range:
            others = [other for other in usable if other is not grid]
            evidence = _evidence(grid, others, shared)
            note = "" if evidence.differences.any() else _SAME
            findings.append(claim.judge(evidence, config, note=note))
        else:
            findings.append(claim.not_run(NO_RANGE, grid.network))
    return claim.of_every_network(findings, too_few, config)


def _evidence(grid: SweepGrid, others: Sequence[SweepGrid], shared: Array) -> Paired:
    """All choose among the synapses that they share."""
    curves = [other.curves.mean(axis=0)[_places(other, shared)] for other in others]
    among = _places(grid, shared)
    theirs = int(among[np.mean(curves, axis=0).argmax()])
    own = best_elsewhere(grid.curves, among.tolist())
    differences = grid.answers_at(own) - grid.answers_at([theirs] * grid.seeds)
    return Paired(grid.network, differences, grid.draws, choices=len(shared))


def _places(grid: SweepGrid, synapses: Array) -> NDArray[np.intp]:
    """Where these synapses, ascending, are among those of a grid."""
    return np.flatnonzero(np.isin(grid.synapses, synapses))
