"""The claims with other neurons and read-outs, in the words of report and README."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from spikesweep.report.rows import Row, grouped
from spikesweep.report.ways import NEURONS, READ_OUTS
from spikesweep.study.findings.units import after_effect, written_effect, written_interval
from spikesweep.study.spikes_or_neuron.holds import (
    EITHER,
    LESS,
    MORE,
    NEITHER,
    ONLY_OTHER,
    ONLY_STUDIED,
    UNDECIDED,
)

# What is said of claims, best known first.
_SAID = {
    EITHER: "reproduced as well",
    ONLY_STUDIED: "no longer reproduced",
    LESS: "shown to hold less than as studied",
    MORE: "shown to hold more than as studied",
    ONLY_OTHER: "reproduced only so",
    NEITHER: "not reproduced either",
    UNDECIDED: "undecided",
}
# Of these it is told by how much.
_DIFFER = (ONLY_STUDIED, LESS, MORE, ONLY_OTHER)


@dataclass(frozen=True)
class Outcome:
    """What became of some claims in one way.

    claims: as a sentence lists them. verdicts: how many there are of claims on networks, of how
        many in this way. differs: whether they were shown to hold otherwise than as studied.
    """

    said: str
    claims: str
    verdicts: str
    differs: bool


def way_in_words(row: Mapping[str, Any]) -> str:
    """`signed integrate-and-fire neurons, read as the mean over all steps`."""
    return f"{NEURONS[row['neuron']]} neurons, read {READ_OUTS[row['read_out']]}"


def outcomes_by_way(
    rows: Iterable[Row], labels: Mapping[str, str]
) -> dict[str, dict[str, list[Outcome]]]:
    """What became of all claims, by the way as studied and each other way, both in words.

    rows: the table of `claims_by_way`. A claim is named with its networks where these differ, and
    with the difference of its effect where one was shown.
    """
    rows = list(rows)
    studied = next((way_in_words(row) for row in rows if row["studied"]), "")
    networks = {
        claim: len({row["network"] for row in of_claim})
        for claim, of_claim in grouped(rows, "claim").items()
    }
    found: dict[str, list[Outcome]] = {}
    for way, of_way in grouped(
        [row | {"way": way_in_words(row)} for row in rows if not row["studied"]], "way"
    ).items():
        found[way] = [
            Outcome(
                said,
                ", ".join(_named(chosen, networks, labels, with_difference=holds in _DIFFER)),
                f"{len(chosen)} of {len(of_way)}",
                holds in _DIFFER,
            )
            for holds, said in _SAID.items()
            if (chosen := [row for row in of_way if row["holds"] == holds])
        ]
    return {studied: found} if found else {}


def _named(
    rows: Iterable[Row],
    networks: Mapping[str, int],
    labels: Mapping[str, str],
    *,
    with_difference: bool,
) -> Iterator[str]:
    for claim, of_claim in grouped(rows, "claim").items():
        details = []
        if len(of_claim) < networks[claim]:
            details.append(
                ", ".join(labels.get(row["network"], row["network"]) for row in of_claim)
            )
        if with_difference and (difference := _difference(of_claim)):
            details.append(difference)
        yield f"{claim} ({': '.join(details)})" if details else claim


def _difference(rows: Iterable[Row]) -> str:
    """By how much the effect differs, on all these networks; nothing where that is not known."""
    known = [row for row in rows if row["difference"] is not None]
    if not known:
        return ""
    unit = known[0]["effect_unit"]
    found = sorted(row["difference"] for row in known)
    if len(found) == 1:
        return written_effect(found[0], unit)
    return f"{written_interval(found[0], found[-1], unit)}{after_effect(unit)}"
