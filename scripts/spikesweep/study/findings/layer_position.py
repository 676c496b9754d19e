"""Claims: late layers are the ones to scale in a dense network, early ones in a CNN.

The second is also judged on residual networks, which the original study left to future work: does
it hold where a shortcut passes by every other layer?

Effect: accuracy if the claimed half of the layers fires faster, minus that if the other half
does, averaged over the levels at which they are compared: factors, or budgets of spikes or synops
that both halves reach. At the same factor a half may win because it spends more; for the same
cost it wins because the cost is better spent.

What counts is where a network is usable. The layers that are not scaled are left at a base scale
that gives a share of the ANN's accuracy, the operating point. The verdict is that of the highest
operating point at which something is left to gain; a level at which both halves reach the ANN
does not vote. Lower operating points have rows of their own, and the note tells whether the effect
changes between the lowest and the one that decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from spikesweep.networks.kinds import CONVOLUTIONAL, DENSE, RESIDUAL
from spikesweep.study.findings.evidence import Array, Paired
from spikesweep.study.findings.finding import ORIGINAL, OURS, Claim, Finding
from spikesweep.study.findings.layer_study import LayerStudy
from spikesweep.study.findings.network_kinds import not_run_on_other_kinds, with_other_kinds
from spikesweep.study.findings.units import ACCURACY, written
from spikesweep.study.layer_scaling.gains import COMPARISONS, SAME_FACTOR
from spikesweep.words import percentage

SAME_SPIKES, SAME_SYNOPS = COMPARISONS[1:]
_WORDS = {
    SAME_FACTOR: "at the same factor",
    SAME_SPIKES: "for the same number of spikes",
    SAME_SYNOPS: "for the same number of synaptic operations",
}


@dataclass(frozen=True)
class ClaimedHalf:
    """Where scaling was claimed to help most, in networks of one kind.

    half: `early` or `late`.
    kind: one of `spikesweep.networks.kinds.KINDS`.
    short, networks: what such a network is called in the claim's name, and in its sentence.
    """

    half: str
    kind: str
    short: str
    networks: str


CLAIMED_HALVES = (
    ClaimedHalf("late", DENSE, "dense", "dense network"),
    ClaimedHalf("early", CONVOLUTIONAL, "CNN", "CNN"),
    ClaimedHalf("early", RESIDUAL, "residual", "residual network"),
)


def layer_position(
    studies: Mapping[str, LayerStudy] | None,
    claimed: ClaimedHalf,
    comparison: str,
    config: Mapping[str, Any],
) -> list[Finding]:
    """Judge the claim on each network of its kind.

    studies: the layer-scaling study, by network, without those that reach no operating point; None
        if it did not run. comparison: one of COMPARISONS.
    """
    other = {"late": "early", "early": "late"}[claimed.half]
    claim = Claim(
        name=f"{claimed.half} layers ({claimed.short}, {comparison})",
        statement=(
            f"In a {claimed.networks}, {claimed.half} layers are better to scale than {other} ones "
            f"{_WORDS[comparison]}"
        ),
        # It spoke of one factor, and of dense networks and CNNs.
        origin=ORIGINAL if comparison == SAME_FACTOR and claimed.kind != RESIDUAL else OURS,
        effect=(
            f"accuracy if the {claimed.half} half of the layers is scaled less that if the {other} "
            f"half is, {_WORDS[comparison]}, averaged over all levels that were tried and leave "
            "something to gain"
        ),
        unit=ACCURACY,
        threshold=config["margins"]["accuracy"],
        figure=(
            "subset_matrix/{network}" if comparison == SAME_FACTOR else "layer_budget/{network}"
        ),
    )
    if studies is None:
        return [claim.not_run("layer_scaling is not in study.parts")]
    of_kind = [network for network, kind in config["networks"].items() if kind == claimed.kind]
    findings = []
    for network in of_kind:
        if network in studies:
            ceiling = studies[network].ann_accuracy - config["margins"]["accuracy"]
            found = studies[network].differences(comparison, claimed.half, ceiling)
            findings += _judged(claim, studies[network], found, config)
        else:
            findings.append(claim.not_run("it reaches no operating point", network))
    findings += not_run_on_other_kinds(claim, config["networks"])
    lacking = "in which two layers compare"
    if of_kind and not any(network in studies for network in of_kind):
        lacking = "reaches an operating point"
    reason = f"no {claimed.networks} {lacking}"
    return claim.of_every_network(findings, with_other_kinds(reason, config["networks"]), config)


def _judged(
    claim: Claim,
    study: LayerStudy,
    found: Mapping[float, Mapping[int, Array]],
    config: Mapping[str, Any],
) -> list[Finding]:
    """The finding that votes, then one for each lower operating point. found: by that point."""
    if not found:
        reason = (
            "its two halves cannot be compared: one layer, no level that both reach, or nothing "
            "left to gain"
        )
        return [claim.not_run(reason, study.network)]
    *lower, usable = sorted(found)
    note = f"The other layers are at {_point(usable)}."
    if lower:
        note += _changed(study, found[usable], found[lower[0]], lower[0], config["confidence"])
    rows = [claim.judge(_evidence(study, found[usable]), config, note=note)]
    for point in reversed(lower):
        condition = f"at {_point(point)}"
        rows.append(claim.judge(_evidence(study, found[point]), config, condition=condition))
    return rows


def _evidence(study: LayerStudy, of_seeds: Mapping[int, Array]) -> Paired:
    return Paired(study.network, np.array(list(of_seeds.values())), study.draws)


def _changed(
    study: LayerStudy,
    usable: Mapping[int, Array],
    lowest: Mapping[int, Array],
    point: float,
    confidence: float,
) -> str:
    """Whether the effect depends on the operating point, as a sentence."""
    both = {seed: usable[seed] - lowest[seed] for seed in usable if seed in lowest}
    if not both:
        return ""
    change = _evidence(study, both).effect(confidence)
    beside_none = {"effect": change.value, "effect_low": change.low, "effect_high": change.high}
    effect, interval = written(beside_none | {"effect_unit": ACCURACY, "threshold": 0})
    differs = "differs" if change.low > 0 or change.high < 0 else "does not certainly differ"
    return f" The effect {differs} from that at {_point(point)}: by {effect} ({interval})."


def _point(share: float) -> str:
    return f"{percentage(share, 'g')} of the ANN's accuracy"
