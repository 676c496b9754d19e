"""What the findings say about networks of a kind that no claim covers."""

from collections.abc import Mapping

from spikesweep.networks.kinds import OTHER
from spikesweep.study.findings.finding import Claim, Finding


def not_run_on_other_kinds(claim: Claim, networks: Mapping[str, str]) -> list[Finding]:
    """Why a claim about one kind of network was not run on each network of the kind `other`.

    networks: kind of each, see `spikesweep.networks.kinds`.
    """
    reason = f"its kind is {OTHER!r}, which no claim is about"
    return [claim.not_run(reason, network) for network in _of_other_kind(networks)]


def with_other_kinds(reason: str, networks: Mapping[str, str]) -> str:
    """Why a claim was run on no network, with the names of those of the kind `other`."""
    others = _of_other_kind(networks)
    return f"{reason}; of the kind {OTHER!r}: {', '.join(others)}" if others else reason


def _of_other_kind(networks: Mapping[str, str]) -> list[str]:
    return [network for network, kind in networks.items() if kind == OTHER]
