"""What a run found, in three lines: what the end of every run prints."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from spikesweep.report.rows import Row
from spikesweep.study.findings.finding import (
    INCONCLUSIVE,
    NOT_REPRODUCED,
    NOT_RUN,
    ORIGINAL,
    OURS,
    REPRODUCED,
)
from spikesweep.words import count, points, si, three_digits

_WHOSE = {ORIGINAL: "of the original study (A. Deutsch)", OURS: "of ours, which go further"}
# What follows a loss that is not shown to be accepted, by what became of the promise of its search.
_DOUBTS = {
    "not shown": ", not shown to be accurate enough",
    "uncertain": ", perhaps more than accepted",
    "broken": ", more than accepted",
}


def summary(
    key_numbers: Mapping[str, list[dict[str, Any]]],
    findings: Iterable[Row],
    labels: Mapping[str, str],
) -> str:
    """Three lines: spikes and what is lost, cost next to the ANN's, verdicts.

    key_numbers: of each network, the setting that answers best first. labels: of the networks of
    the study, in their order.
    """
    first = {label: key_numbers[network][0] for network, label in labels.items()}
    return "".join(
        f"{line}\n"
        for line in (
            f"Per image: {_each(first, _spikes)}.",
            f"Operations next to the ANN's: {_each(first, _operations)}.",
            f"{_verdicts(findings)}.",
        )
    )


def _each(rows: Mapping[str, dict[str, Any]], said: Any) -> str:
    return "; ".join(f"{label}: {said(row)}" for label, row in rows.items())


def _spikes(row: Mapping[str, Any]) -> str:
    loss = row["loss"]
    lost = f"{points(abs(loss))} points {'lost' if loss >= 0 else 'gained'}"
    doubt = _DOUBTS.get(row["promise"], "") if row["enough"] else _DOUBTS["not shown"]
    return f"{count(row['spikes_per_image'])} spikes, {lost}{doubt}"


def _operations(row: Mapping[str, Any]) -> str:
    return f"{three_digits(row['operations_over_ann'])} times ({si(row['operations_per_image'])})"


def _verdicts(findings: Iterable[Row]) -> str:
    """`Of 6 claims of the original study (…): 2 reproduced, …. Of 5 of ours, …`; no zeros."""
    judged = [row for row in findings if row["network"] is None and row["verdict"] != NOT_RUN]
    told: list[str] = []
    for origin, whose in _WHOSE.items():
        found = Counter(row["verdict"] for row in judged if row["origin"] == origin)
        if found:
            parts = [
                f"{found[verdict]} {verdict}"
                for verdict in (REPRODUCED, NOT_REPRODUCED, INCONCLUSIVE)
                if found[verdict]
            ]
            claims = "" if told else f" claim{'' if found.total() == 1 else 's'}"
            told.append(f"Of {found.total()}{claims} {whose}: {', '.join(parts)}")
    return ". ".join(told) or "No claims were judged"
