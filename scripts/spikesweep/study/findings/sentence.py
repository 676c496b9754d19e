"""A finding in words."""

from collections.abc import Mapping
from typing import Any

from spikesweep.statistics.effect import THIS_NETWORK
from spikesweep.study.findings.finding import NOT_RUN
from spikesweep.study.findings.units import written
from spikesweep.words import counted


def sentence(finding: Mapping[str, Any], network_label: str = "") -> str:
    """One plain sentence: verdict, claim, and the effect with its interval and seeds.

    finding: a row of the table, empty cells None. network_label: the network's label, if the row is
    about one.
    """
    of_what = ", ".join(filter(None, (network_label, finding.get("condition"))))
    where = f" ({of_what})" if of_what else ""
    verdict = finding["verdict"].capitalize()
    if verdict.lower() == NOT_RUN:
        return f"{verdict}: {finding['statement']}{where}."
    effect, interval = written(finding)
    count = counted(int(finding["seeds"]), "seed")
    if finding.get("scope") == THIS_NETWORK:
        count += ", which speaks of this network alone"
    return f"{verdict}: {finding['statement']}{where}: {effect} ({interval}, {count})."
