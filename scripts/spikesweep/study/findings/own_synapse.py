"""Claim: the optimal synapse differs between architectures, so each needs its own.

Effect: accuracy of a network with its own best synapse minus that with the synapse that is best
for the other networks on average, averaged over all scales that were swept. Its own is chosen on
its other seeds, and the interval over images allows for all synapses.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.statistics.differences import accuracy_difference
from spikesweep.study.findings.finding import ACCURACY, Claim, Finding
from spikesweep.study.findings.synapses import accuracies_at, best_elsewhere, by_network, seeds_of


def own_synapse(sweeps: pd.DataFrame, config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each network of the sweep."""
    claim = Claim(
        name="own synapse",
        statement="Each architecture needs a synapse of its own",
        effect=(
            "accuracy with its own best synapse (chosen on the other seeds) less that with the "
            "best synapse of the other networks, averaged over all scales"
        ),
        unit=ACCURACY,
        threshold=config["margins"]["accuracy"],
        figure="sweep_heatmap/{network}",
    )
    networks = list(by_network(sweeps))
    if len(networks) < 2 or len(networks[0][1]) < 2:
        return [claim.not_run("it takes two networks and two synapses")]
    curves = pd.DataFrame({network: grid.mean(axis=1) for network, grid, _ in networks})
    findings = []
    for network, grid, images in networks:
        others_best = curves.drop(columns=network).mean(axis=1).idxmax()
        effect = accuracy_difference(
            accuracies_at(grid, best_elsewhere(grid)),
            accuracies_at(grid, [others_best] * len(seeds_of(grid))),
            images=images,
            confidence=config["confidence"],
            choices=len(grid),
        )
        findings.append(claim.judge(effect, network))
    return claim.of_every_network(findings, "")
