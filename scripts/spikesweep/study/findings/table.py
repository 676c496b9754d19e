"""The table of all findings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.files import write_csv
from spikesweep.study.findings.finding import NOT_RUN, Finding
from spikesweep.study.findings.interior_synapse import interior_synapse
from spikesweep.study.findings.layer_position import CLAIMED_HALVES, SAME_SPIKES, layer_position
from spikesweep.study.findings.low_rate_layers import low_rate_layers
from spikesweep.study.findings.own_synapse import own_synapse
from spikesweep.study.findings.pruning import pruning
from spikesweep.study.findings.residual_networks import residual_networks
from spikesweep.study.findings.scaling_accuracy import scaling_accuracy
from spikesweep.study.findings.scaling_cost import scaling_cost
from spikesweep.study.layer_scaling.gains import SAME_FACTOR, layer_gains


def judge_findings(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the verdict on each claim, on all networks first, then on each network.

    inputs: sweeps, pruning, layers, matched, benefit: each the tables of a study, of all networks
        and seeds; empty lists for studies that did not run. outputs: findings.
    config: confidence; margins, the smallest effects that count; networks, with the
        kind of each.
    """
    sweeps, knee, layers, matched, benefit = (
        _Source(inputs[study]) for study in ("sweeps", "pruning", "layers", "matched", "benefit")
    )
    on_synapse = sweeps.named(interior_synapse(sweeps.table, config))
    on_scaling = sweeps.named(scaling_accuracy(sweeps.table, config))
    gains = pd.DataFrame() if layers.table.empty else layer_gains(layers.table, matched.table)
    findings = [
        *knee.named(pruning(knee.table)),
        *on_synapse,
        *sweeps.named(own_synapse(sweeps.table, config)),
        *on_scaling,
        *sweeps.named(scaling_cost(sweeps.table, config)),
        *(
            finding
            for claimed in CLAIMED_HALVES
            for source, comparison in ((layers, SAME_FACTOR), (matched, SAME_SPIKES))
            for finding in source.named(layer_position(gains, claimed, comparison, config))
        ),
        *benefit.named(low_rate_layers(benefit.table, config)),
        *residual_networks(on_synapse, on_scaling, config["networks"]),
    ]
    write_csv(pd.DataFrame([asdict(finding) for finding in findings]), outputs["findings"])


class _Source:
    """The tables of one study, joined, and which of them are about which network."""

    def __init__(self, paths: Iterable[str | Path]) -> None:
        tables = {str(path): pd.read_csv(path) for path in paths}
        # An empty table has no column types and would change those of the others.
        filled = [table for table in tables.values() if len(table)] or list(tables.values())
        self.table = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
        self.networks = {path: set(table.get("network", ())) for path, table in tables.items()}

    def named(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings, each with the files that it is drawn from."""
        findings = list(findings)
        judged = [finding.network for finding in findings if finding.network]
        return [
            replace(finding, csv=self._files([finding.network] if finding.network else judged))
            if finding.verdict != NOT_RUN
            else finding
            for finding in findings
        ]

    def _files(self, networks: Iterable[str]) -> str:
        """Files of these networks, with a star for seeds; all files, if none is about a network."""
        names = [path for path, found in self.networks.items() if not found or found & {*networks}]
        return ", ".join(
            dict.fromkeys(re.sub(r"seed\d+(?=\.csv$)", "seed*", name) for name in names)
        )
