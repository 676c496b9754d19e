"""Claim, left to future work by the original study: converted residual networks behave alike.

A residual network behaves as the others do if it, too, has an optimal synapse in the interior
and gains from scaling. Effect: that of whichever of these two claims has less support on
the residual network, relative to its threshold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from spikesweep.networks.kinds import RESIDUAL
from spikesweep.study.findings.finding import NOT_RUN, OURS, Claim, Finding, one_part_of, strength
from spikesweep.study.findings.network_kinds import not_run_on_other_kinds, with_other_kinds
from spikesweep.study.findings.units import ACCURACY


def residual_networks(
    on_synapse: Iterable[Finding],
    on_scaling: Iterable[Finding],
    config: Mapping[str, Any],
) -> list[Finding]:
    """Judge the claim from the findings on the two other claims, for each network.

    config: networks, with the kind of each, see `spikesweep.networks.kinds`.
    """
    kinds = config["networks"]
    claim = Claim(
        name="residual networks",
        statement="A residual network, too, has an optimal synapse and gains from scaling",
        origin=OURS,
        effect="",
        unit=ACCURACY,
        threshold=0,
        figure="",
    )
    judged = []
    for synapse, scaling in product(on_synapse, on_scaling):
        if synapse.network != scaling.network or kinds.get(synapse.network) != RESIDUAL:
            continue
        # The claim has two halves, so both must have been judged.
        if NOT_RUN in (synapse.verdict, scaling.verdict):
            continue
        halves = [one_part_of(2, half, config) for half in (synapse, scaling)]
        row = min(halves, key=strength)
        rule = f"As the claim of the two that it supports less, {row.claim!r}. {row.rule}"
        judged.append(
            replace(row, claim=claim.name, statement=claim.statement, origin=OURS, rule=rule)
        )
    judged += not_run_on_other_kinds(claim, kinds)
    reason = "no residual network is studied, or on too few settings"
    return claim.of_every_network(judged, with_other_kinds(reason, kinds), config)
