"""Claim: each architecture has an optimal synapse in the interior of the tested range.

Effect: accuracy of the best interior synapse minus that of the better end (the shortest or the
longest synapse), averaged over the network's operating range. Which interior synapse and which end
are compared is chosen on the other seeds, and the interval over images allows for all pairs.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from spikesweep.study.findings.evidence import Paired
from spikesweep.study.findings.finding import ORIGINAL, Claim, Finding
from spikesweep.study.findings.sweep_grid import SweepGrid, best_elsewhere
from spikesweep.study.findings.synapse_words import NO_RANGE, compared_at
from spikesweep.study.findings.units import ACCURACY


def interior_synapse(grids: Iterable[SweepGrid], config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each network of the sweep."""
    claim = Claim(
        name="interior synapse",
        statement=(
            "Each architecture has an optimal synapse between the shortest and the longest, for "
            "images that are shown as long as in the sweep"
        ),
        origin=ORIGINAL,
        effect=(
            "accuracy of the best interior synapse less that of the better end, both chosen on "
            f"the other seeds, {compared_at(config)}"
        ),
        unit=ACCURACY,
        threshold=config["margins"]["accuracy"],
        figure="sweep_heatmap/{network}",
    )
    too_few = "fewer than three synapses were swept"
    findings = [_judged(claim, grid, too_few, config) for grid in grids]
    return claim.of_every_network(findings, f"{too_few}, or {NO_RANGE}", config)


def _judged(claim: Claim, grid: SweepGrid, too_few: str, config: Mapping[str, Any]) -> Finding:
    interior, ends = range(1, len(grid.synapses) - 1), (0, len(grid.synapses) - 1)
    if not interior:
        return claim.not_run(too_few, grid.network)
    if not grid.operating_range:
        return claim.not_run(NO_RANGE, grid.network)
    best, end = (best_elsewhere(grid.curves, among) for among in (interior, ends))
    differences = grid.answers_at(best) - grid.answers_at(end)
    choices = len(interior) * len(ends)
    return claim.judge(Paired(grid.network, differences, grid.draws, choices), config)
