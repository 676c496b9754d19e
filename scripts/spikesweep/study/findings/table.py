"""The table of all findings, and the one that says how sure they are."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.experiments.answered import answered
from spikesweep.files import write_csv
from spikesweep.study.findings.finding import Finding
from spikesweep.study.findings.interior_synapse import interior_synapse
from spikesweep.study.findings.layer_position import CLAIMED_HALVES, layer_position
from spikesweep.study.findings.layer_study import layer_studies
from spikesweep.study.findings.low_rate_layers import low_rate_layers
from spikesweep.study.findings.own_synapse import own_synapse
from spikesweep.study.findings.pruning import pruning
from spikesweep.study.findings.residual_networks import residual_networks
from spikesweep.study.findings.scaling_accuracy import scaling_accuracy
from spikesweep.study.findings.scaling_cost import scaling_cost
from spikesweep.study.findings.settled_synapse import settled_synapse
from spikesweep.study.findings.source import Source
from spikesweep.study.findings.sweep_grid import sweep_grids
from spikesweep.study.findings.uncertainty import uncertainty
from spikesweep.study.layer_scaling.gains import COMPARISONS

_CSV = Sequence[str | Path]


def judge_findings(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the verdict on each claim, on all networks first, then on each network.

    inputs: sweeps, settling, layers, rates: the tables of a study, of all networks and seeds, and
        sweep_answers, settling_answers, layer_answers, rate_answers, the answers beside them, in
        the same order; pruning, matched: more tables. Empty lists for studies that did not run.
    outputs: findings; uncertainty, see that module.
    config: confidence; margins, the smallest effects that count; operating_range;
        accuracy_margin; affordable; networks, with the kind of each.
    """
    findings = [
        *_on_pruning(inputs["pruning"], config),
        *_on_sweeps(inputs["sweeps"], inputs["sweep_answers"], config),
        *_on_settling(inputs["settling"], inputs["settling_answers"], config),
        *_on_layers(inputs["layers"], inputs["layer_answers"], inputs["matched"], config),
        *_on_rates(inputs["rates"], inputs["rate_answers"], config),
    ]
    # Claims about residual networks follow from two others, and are listed last.
    findings += residual_networks(
        [finding for finding in findings if finding.claim == "interior synapse"],
        [finding for finding in findings if finding.claim == "scaling raises accuracy"],
        config,
    )
    write_csv(pd.DataFrame([finding.row() for finding in findings]), outputs["findings"])
    write_csv(uncertainty(findings, config), outputs["uncertainty"])


def _on_pruning(paths: _CSV, config: Mapping[str, Any]) -> list[Finding]:
    source = Source(paths)
    return source.named(pruning(source.table, config))


def _on_sweeps(paths: _CSV, answers: _CSV, config: Mapping[str, Any]) -> list[Finding]:
    grids = sweep_grids(answered(paths, answers), tuple(config["operating_range"]))
    judges = (interior_synapse, own_synapse, scaling_accuracy, scaling_cost)
    return Source(paths).named(finding for judge in judges for finding in judge(grids, config))


def _on_settling(paths: _CSV, answers: _CSV, config: Mapping[str, Any]) -> list[Finding]:
    return Source(paths).named(settled_synapse(paths, answers, config))


def _on_layers(
    paths: _CSV, answers: _CSV, matched: _CSV, config: Mapping[str, Any]
) -> list[Finding]:
    studies = layer_studies(answered(paths, answers), Source(matched).table) if paths else None
    return Source([*paths, *matched]).named(
        finding
        for claimed in CLAIMED_HALVES
        for comparison in COMPARISONS
        for finding in layer_position(studies, claimed, comparison, config)
    )


def _on_rates(paths: _CSV, answers: _CSV, config: Mapping[str, Any]) -> list[Finding]:
    return Source(paths).named(low_rate_layers(list(answered(paths, answers)), config))
