"""Claims: late layers are the ones to scale in a dense network, early ones in a CNN.

Effect: accuracy if the layers of the claimed half of the network fire faster, minus that if those
of the other half do, averaged over all scales of the other layers and over all factors, or over
all budgets of spikes that both halves reach in every seed. At the same factor a half may win
because it spends more; at the same spikes it wins because they are spent better.

A half is the first or the last half of the spiking layers; if their number is odd, the middle one
is in neither. Its layers are scaled together, or, where the study did not do so, one by one, and
their gains are averaged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from spikesweep.networks.kinds import CONVOLUTIONAL, DENSE
from spikesweep.statistics.differences import accuracy_difference
from spikesweep.statistics.effect import Effect
from spikesweep.study.findings.finding import ACCURACY, Claim, Finding
from spikesweep.study.findings.network_kinds import not_run_on_other_kinds, with_other_kinds
from spikesweep.study.layer_scaling.gains import SAME_FACTOR, layers_of
from spikesweep.study.layer_scaling.subsets import subset_name

SAME_SPIKES = "same spikes"
_FIGURES = {SAME_FACTOR: "subset_matrix/{network}", SAME_SPIKES: "layer_budget/{network}"}
_WORDS = {SAME_FACTOR: "at the same factor", SAME_SPIKES: "for the same number of spikes"}


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
)


def layer_position(
    gains: pd.DataFrame, claimed: ClaimedHalf, comparison: str, config: Mapping[str, Any]
) -> list[Finding]:
    """Judge the claim on each network of its kind.

    gains: the result of `layer_gains` for the layer-scaling study; may be empty.
    comparison: SAME_FACTOR or SAME_SPIKES.
    """
    other = {"late": "early", "early": "late"}[claimed.half]
    claim = Claim(
        name=f"{claimed.half} layers ({claimed.short}, {comparison})",
        statement=(
            f"In a {claimed.networks}, {claimed.half} layers are better to scale than {other} ones "
            f"{_WORDS[comparison]}"
        ),
        effect=(
            f"accuracy if the {claimed.half} half of the layers is scaled less that if the {other} "
            f"half is, {_WORDS[comparison]}, averaged over all that were tried"
        ),
        unit=ACCURACY,
        threshold=config["margins"]["accuracy"],
        figure=_FIGURES[comparison],
    )
    if gains.empty:
        return [claim.not_run("layer_scaling is not in study.parts")]
    findings = []
    for network, kind in config["networks"].items():
        if kind != claimed.kind:
            continue
        chosen = gains[(gains["network"] == network) & (gains["comparison"] == comparison)]
        effect = _effect(chosen, claimed.half, config["confidence"])
        if effect is None:
            reason = "its two halves cannot be compared: one layer, or no level that both reach"
            findings.append(claim.not_run(reason, network))
        else:
            findings.append(claim.judge(effect, network))
    findings += not_run_on_other_kinds(claim, config["networks"])
    reason = f"no {claimed.networks} in which two layers compare"
    return claim.of_every_network(findings, with_other_kinds(reason, config["networks"]))


def _effect(gains: pd.DataFrame, half: str, confidence: float) -> Effect | None:
    if gains.empty or not (size := len(layers_of(gains)) // 2):
        return None
    layers = layers_of(gains)
    early, late = _accuracies(gains, layers[:size]).align(
        _accuracies(gains, layers[-size:]), join="inner"
    )
    # A level counts if every seed reaches it with both.
    both = early.notna().all() & late.notna().all()
    if not both.any():
        return None
    pair = (early.loc[:, both].to_numpy(), late.loc[:, both].to_numpy())
    first, second = pair if half == "early" else reversed(pair)
    images = int(gains["images"].min())
    return accuracy_difference(first, second, images=images, confidence=confidence)


def _accuracies(gains: pd.DataFrame, half: tuple[str, ...]) -> pd.DataFrame:
    """A row per seed; columns: base scale, level, and a layer's index if scaled one by one."""
    together = subset_name(half)
    names = [together] if together in set(gains["subset"]) else list(half)
    chosen = gains[gains["subset"].isin(names)]
    return chosen.assign(layer_index=chosen["subset"].map(names.index)).pivot(
        index="seed", columns=["operating_point", "level", "layer_index"], values="accuracy"
    )
