"""The table of all findings, and the one that says how sure they are."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.experiments.answered import answered
from spikesweep.study.findings.few_steps import few_steps
from spikesweep.study.findings.finding import Finding
from spikesweep.study.findings.judges import on_layers, on_rates, on_sweeps
from spikesweep.study.findings.pruning import pruning
from spikesweep.study.findings.residual_networks import residual_networks
from spikesweep.study.findings.settled_synapse import settled_synapse
from spikesweep.study.findings.source import Source
from spikesweep.study.findings.uncertainty import uncertainty
from spikesweep.tables import write_csv

_CSV = Sequence[str | Path]


def judge_findings(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the verdict on each claim, on all networks first, then on each network.

    inputs: sweeps, settling, standard, layers, rates: the tables of a study, of all networks and
        seeds, and sweep_answers, settling_answers, standard_answers, layer_answers, rate_answers,
        the answers beside them, in the same order; pruning, matched: more tables. Empty lists for
        studies that did not run.
    outputs: findings; uncertainty, see that module.
    config: confidence; margins, the smallest effects that count; operating_range;
        accuracy_margin; affordable; networks, with the kind of each.
    """
    findings = [
        *_on_pruning(inputs["pruning"], config),
        *_on_sweeps(inputs["sweeps"], inputs["sweep_answers"], config),
        *_on_settling(inputs["settling"], inputs["settling_answers"], config),
        *_on_standard(inputs["standard"], inputs["standard_answers"], config),
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
    return Source(paths).named(on_sweeps(answered(paths, answers), config))


def _on_settling(paths: _CSV, answers: _CSV, config: Mapping[str, Any]) -> list[Finding]:
    return Source(paths).named(settled_synapse(paths, answers, config))


def _on_standard(paths: _CSV, answers: _CSV, config: Mapping[str, Any]) -> list[Finding]:
    return Source(paths).named(few_steps(answered(paths, answers), config))


def _on_layers(
    paths: _CSV, answers: _CSV, matched: _CSV, config: Mapping[str, Any]
) -> list[Finding]:
    studies = answered(paths, answers) if paths else None
    found = on_layers(studies, Source(matched).table, config)
    return Source([*paths, *matched]).named(found)


def _on_rates(paths: _CSV, answers: _CSV, config: Mapping[str, Any]) -> list[Finding]:
    return Source(paths).named(on_rates(answered(paths, answers), config))
