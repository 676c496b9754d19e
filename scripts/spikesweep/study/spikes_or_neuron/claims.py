"""Each claim with the neuron of the study and with another one: what it is a property of."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from spikesweep.experiments.answered import Answered, answered
from spikesweep.study.findings.finding import NOT_RUN, Finding
from spikesweep.study.findings.judges import on_layers, on_rates, on_sweeps
from spikesweep.study.layer_scaling.budgets import matched_budgets
from spikesweep.study.spikes_or_neuron.difference import Measured, difference
from spikesweep.study.spikes_or_neuron.holds import holds
from spikesweep.study.spikes_or_neuron.run import REPEATED, WAY
from spikesweep.study.spikes_or_neuron.ways import STUDIED, Way
from spikesweep.tables import write_csv

_OF_FINDING = (
    *("claim", "statement", "network", "verdict", "seeds"),
    *("effect", "effect_low", "effect_high", "effect_unit", "threshold", "method", "rule", "note"),
)
COLUMNS = (
    *("claim", "statement", "network", *WAY, "studied", "verdict", "holds", "seeds", "images"),
    *("effect", "effect_low", "effect_high", "effect_unit", "threshold"),
    *("difference", "difference_low", "difference_high", "paired_images", "method", "rule", "note"),
)
_Judge = Callable[[Sequence[Answered]], list[Finding]]


def compare_claims(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the result of `claims_by_way`.

    inputs: for each of REPEATED, the tables of its study and those of `run`, of all networks and
        seeds: <study>, <study>_answers, other_<study>, other_<study>_answers. outputs: claims.
    config: as for `judge_findings`, and neuron, that of the conversion.
    """
    studied = {
        study: list(answered(inputs[study], inputs[f"{study}_answers"])) for study in REPEATED
    }
    other = {
        study: list(answered(inputs[f"other_{study}"], inputs[f"other_{study}_answers"]))
        for study in REPEATED
    }
    write_csv(claims_by_way(studied, other, config), outputs["claims"])


def claims_by_way(
    studied: Mapping[str, Sequence[Answered]],
    other: Mapping[str, Sequence[Answered]],
    config: Mapping[str, Any],
) -> pd.DataFrame:
    """One row per claim, network and way in which the network answers, as studied first.

    studied, other: by REPEATED, the networks as converted, and in other ways (columns WAY).

    studied: whether the way is that of the study; then effect and verdict are those of the
        findings. verdict: by the same rule and threshold.
    holds: whether the claim is reproduced either way, only as studied, only in this way or neither
        way. Where one of both verdicts is inconclusive, whether it is shown to hold more or less
        than as studied, by the interval of the difference, or else undecided. Empty in rows as
        studied.
    difference: of the effects, this way less as studied, on the images that both saw
        (paired_images), paired by image and crossed with seeds, or by seed alone (no images); with
        its interval. Empty where other seeds were judged.
    """
    judges: dict[str, _Judge] = {
        "sweep": lambda studies: on_sweeps(studies, config),
        "layers": lambda studies: on_layers(studies, _budgets(studies), config) if studies else [],
        "rates": lambda studies: on_rates(studies, config) if studies else [],
    }
    rows = [
        row
        for study, judge in judges.items()
        for row in _rows(studied[study], other[study], judge, config)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _budgets(studies: Sequence[Answered]) -> pd.DataFrame:
    tables = [table for study in studies for table in study.tables]
    return matched_budgets(pd.concat(tables, ignore_index=True)) if tables else pd.DataFrame()


def _rows(
    studied: Sequence[Answered],
    other: Sequence[Answered],
    judge: _Judge,
    config: Mapping[str, Any],
) -> Iterator[dict[str, Any]]:
    """Rows of one study's claims. Without other ways there is nothing to compare."""
    own = Way(config["neuron"], STUDIED)
    by_way = {own: _Judged.of(judge, studied)}
    for way in dict.fromkeys(way for one in other for way in _ways(one)):
        of_way = [_in_way(one, way) for one in other if way in _ways(one)]
        by_way[way] = _Judged.of(judge, of_way)
    if len(by_way) == 1:
        return
    for claim, network in by_way[own].findings:
        if all(_not_run(judged, claim, network) for judged in by_way.values()):
            continue
        for way, judged in by_way.items():
            if (claim, network) in judged.findings:
                row = _row(judged, by_way[own], claim, network, config["confidence"])
                yield row | {
                    "neuron": way.neuron,
                    "read_out": way.read_out,
                    "studied": way == own,
                }


@dataclass(frozen=True, eq=False)
class _Judged:
    """The findings that vote, by claim and network; and what was studied of each network."""

    findings: Mapping[tuple[str, str], Finding]
    studies: Mapping[str, Answered]

    @classmethod
    def of(cls, judge: _Judge, studies: Sequence[Answered]) -> "_Judged":
        """Those of some networks."""
        by_network = {study.network: study for study in studies}
        findings = {
            (finding.claim, finding.network): finding
            for finding in judge(studies)
            if finding.network in by_network and not finding.condition
        }
        return cls(findings, by_network)

    def measured(self, claim: str, network: str) -> Measured:
        """One of the findings, with what it was measured on."""
        study = self.studies[network]
        seeds = tuple(int(table["seed"].iloc[0]) for table in study.tables)
        return Measured(self.findings[claim, network], seeds, study.images)


def _not_run(judged: _Judged, claim: str, network: str) -> bool:
    finding = judged.findings.get((claim, network))
    return finding is None or finding.verdict == NOT_RUN


def _ways(study: Answered) -> list[Way]:
    """Those that every seed has."""
    of_seeds = [
        [Way(*pair) for pair in table[list(WAY)].drop_duplicates().itertuples(index=False)]
        for table in study.tables
    ]
    return [way for way in of_seeds[0] if all(way in of_seed for of_seed in of_seeds)]


def _in_way(study: Answered, way: Way) -> Answered:
    """The rows of one way, with their answers."""
    chosen = [
        ((table["neuron"] == way.neuron) & (table["read_out"] == way.read_out)).to_numpy()
        for table in study.tables
    ]
    return replace(
        study,
        tables=tuple(
            table[rows].drop(columns=list(WAY)).reset_index(drop=True)
            for table, rows in zip(study.tables, chosen, strict=True)
        ),
        correct=tuple(bits[rows] for bits, rows in zip(study.correct, chosen, strict=True)),
    )


def _row(
    judged: _Judged, studied: _Judged, claim: str, network: str, confidence: float
) -> dict[str, Any]:
    one, reference = (found.measured(claim, network) for found in (judged, studied))
    finding = one.finding
    row: dict[str, Any] = {
        **{name: getattr(finding, name) for name in _OF_FINDING},
        "images": len(one.images),
    }
    if judged is studied:
        return row
    apart = difference(one, reference, confidence)
    interval = (apart.get(f"difference_{bound}", math.nan) for bound in ("low", "high"))
    return row | {"holds": holds(reference.finding.verdict, finding.verdict, *interval)} | apart
