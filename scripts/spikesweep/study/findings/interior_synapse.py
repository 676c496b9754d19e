"""Claim: each architecture has an optimal synapse in the interior of the tested range.

Effect: accuracy of the best interior synapse minus that of the better end (the shortest or the
longest synapse), averaged over all scales that were swept. Which interior synapse and which end
are compared is chosen on the other seeds, and the interval over images allows for all pairs.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.statistics.differences import accuracy_difference
from spikesweep.study.findings.finding import ACCURACY, Claim, Finding
from spikesweep.study.findings.synapses import accuracies_at, best_elsewhere, by_network


def interior_synapse(sweeps: pd.DataFrame, config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each network of the sweep."""
    claim = Claim(
        name="interior synapse",
        statement="Each architecture has an optimal synapse between the shortest and the longest",
        effect=(
            "accuracy of the best interior synapse less that of the better end, averaged over "
            "all scales; both chosen on the other seeds"
        ),
        unit=ACCURACY,
        threshold=config["margins"]["accuracy"],
        figure="sweep_heatmap/{network}",
    )
    too_few = "fewer than three synapses were swept"
    findings = []
    for network, grid, images in by_network(sweeps):
        interior, ends = grid.iloc[1:-1], grid.iloc[[0, -1]]
        if interior.empty:
            findings.append(claim.not_run(too_few, network))
            continue
        effect = accuracy_difference(
            accuracies_at(grid, best_elsewhere(interior)),
            accuracies_at(grid, best_elsewhere(ends)),
            images=images,
            confidence=config["confidence"],
            choices=len(interior) * len(ends),
        )
        findings.append(claim.judge(effect, network))
    return claim.of_every_network(findings, too_few)
