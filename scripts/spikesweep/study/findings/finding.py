"""A claim, the effect that decides it, and the verdict.

The rule is the same for every claim. Its effect is a number that the claim says is large. With
a threshold, the smallest effect that counts, and the effect's confidence interval, the claim is

- reproduced, if the whole interval lies at or above the threshold;
- not reproduced, if the whole interval lies below it;
- inconclusive otherwise, also if there is no interval;
- not run, if its study is not part of this run or does not concern any of its networks.

Intervals are two-sided: of 95 %, they let either verdict err in 2.5 % of studies at most. One seed
is judged by an interval over images and speaks of its own network only.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from spikesweep.statistics.effect import THIS_NETWORK, Effect
from spikesweep.study.findings.evidence import Evidence
from spikesweep.study.findings.power import smallest_shown, what_would_decide
from spikesweep.study.findings.units import written_effect

REPRODUCED = "reproduced"
NOT_REPRODUCED = "not reproduced"
INCONCLUSIVE = "inconclusive"
NOT_RUN = "not run"
VERDICTS = (REPRODUCED, NOT_REPRODUCED, INCONCLUSIVE, NOT_RUN)
_BOUND = "; upper bound for "
# Whose claim it is. Ours ask the original study's more strictly, at equal cost, or further.
ORIGINAL = "original"
OURS = "ours"


@dataclass(frozen=True)
class Finding:
    """One row of the table.

    origin: whose claim it is, ORIGINAL or OURS.
    network: empty if the row is about all networks.
    condition: where an effect was measured that does not vote; empty in rows that do.
    scope: what the verdict speaks of, see `Effect.scope`.
    smallest_shown: how far an effect has to lie from the threshold for this run to show it, with
        80 % power. to_decide: what it would take, where the verdict is inconclusive.
    images: how many the verdict rests on, of each seed.
    note: what else a reader should know.
    evidence: what it was judged by; no column of the table.
    parts: how many parts the claim has, any of which may refute it; no column of the table.
    """

    claim: str
    statement: str
    origin: str
    network: str
    condition: str
    verdict: str
    scope: str
    effect: float
    effect_low: float
    effect_high: float
    effect_unit: str
    threshold: float
    smallest_shown: float
    to_decide: str
    seeds: int
    images: int
    method: str
    rule: str
    note: str
    figure: str
    csv: str = ""
    evidence: Evidence | None = field(default=None, repr=False, compare=False)
    parts: int = field(default=1, repr=False, compare=False)

    def row(self) -> dict[str, Any]:
        """The columns of the table."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.repr}


@dataclass(frozen=True)
class Claim:
    """What was claimed, and the effect that decides it.

    name: the short name used in tables.
    statement: the claim as one sentence.
    origin: ORIGINAL or OURS.
    effect: what the effect is, in words.
    unit: one of the units of `units`.
    threshold: smallest effect that counts.
    figure: name of the figure that shows the effect, with {network} if each network has its own.
    """

    name: str
    statement: str
    origin: str
    effect: str
    unit: str
    threshold: float
    figure: str

    def judge(
        self,
        evidence: Evidence,
        config: Mapping[str, Any],
        *,
        note: str = "",
        condition: str = "",
        doubted: bool = False,
    ) -> Finding:
        """Judge one network by the rule; an effect that another test contradicts is inconclusive.

        config: confidence; affordable, the most seeds and images that a run could have.
        """
        effect = evidence.effect(config["confidence"])
        verdict = verdict_of(effect.low, effect.high, self.threshold)
        finding = self._row(effect, INCONCLUSIVE if doubted else verdict, evidence.network)
        decided = verdict != INCONCLUSIVE
        judged = replace(
            finding,
            condition=condition,
            images=evidence.images,
            smallest_shown=smallest_shown(evidence, config),
            note=note,
            evidence=evidence,
        )
        if decided:
            return replace(judged, to_decide="more seeds: two tests disagree" if doubted else "")
        return replace(judged, to_decide=_to_decide(judged, config))

    def not_run(self, reason: str, network: str = "") -> Finding:
        """Say why there is no verdict."""
        nothing = Effect(math.nan, math.nan, math.nan, 0, "")
        finding = self._row(nothing, NOT_RUN, network)
        return replace(finding, rule=f"Not run: {reason}.", figure="", scope="")

    def of_every_network(
        self, findings: Iterable[Finding], otherwise: str, config: Mapping[str, Any]
    ) -> list[Finding]:
        """The verdict on all networks, then those on each.

        The claim is about every network, so the weakest one decides. All must reproduce it, which
        needs no correction for their number (intersection-union test, Berger 1982, Technometrics
        24, 295-300). Any one may refute it, so the upper bound of each must hold for all of them at
        once (Bonferroni). A network of one seed says nothing about others like it: it has no vote
        beside networks of more, and with verdicts of such networks alone, the claim stays
        inconclusive.
        `otherwise` says why the claim was not run if no network gave a verdict.
        """
        findings = list(findings)
        judged = [row for row in findings if row.verdict != NOT_RUN and not row.condition]
        if not judged:
            return [self.not_run(otherwise), *findings]
        alone = [row for row in judged if row.scope == THIS_NETWORK]
        voting = [row for row in judged if row not in alone] or judged
        together = [_one_of(len(voting), row, config) for row in voting]
        weakest = min(together, key=strength)
        rule = f"As on {weakest.network}, the weakest: the claim speaks of each. {weakest.rule}"
        if weakest.scope == THIS_NETWORK:
            rule += " It has one seed, which says nothing about other networks like it."
        elif alone:
            named = " and ".join(row.network for row in alone)
            rule += f" No vote, as one seed says nothing about networks like it: {named}."
        return [replace(weakest, network="", figure="findings", rule=rule), *findings]

    def _row(self, effect: Effect, verdict: str, network: str) -> Finding:
        return Finding(
            claim=self.name,
            statement=self.statement,
            origin=self.origin,
            network=network,
            condition="",
            verdict=verdict,
            scope=effect.scope,
            effect=effect.value,
            effect_low=effect.low,
            effect_high=effect.high,
            effect_unit=self.unit,
            threshold=self.threshold,
            smallest_shown=math.nan,
            to_decide="",
            seeds=effect.seeds,
            images=0,
            method=effect.method,
            rule=self._rule(),
            note="",
            figure=self.figure.format(network=network),
        )

    def _rule(self) -> str:
        return (
            f"Effect: {self.effect}. Reproduced if its interval lies at or above "
            f"{written_effect(self.threshold, self.unit)}, not reproduced if below, otherwise "
            "inconclusive."
        )


def verdict_of(low: float, high: float, threshold: float) -> str:
    """The verdict that follows from the interval; inconclusive if a bound is NaN."""
    if low >= threshold:
        return REPRODUCED
    if high < threshold:
        return NOT_REPRODUCED
    return INCONCLUSIVE


def strength(finding: Finding) -> tuple[int, float]:
    """Sort key: how strongly a finding supports its claim."""
    # Without an effect, there is no support.
    effect = -math.inf if math.isnan(finding.effect) else finding.effect - finding.threshold
    return (NOT_REPRODUCED, INCONCLUSIVE, REPRODUCED).index(finding.verdict), effect


def one_part_of(parts: int, finding: Finding, config: Mapping[str, Any]) -> Finding:
    """The finding as it counts for a claim of so many parts about one network.

    All must reproduce it, any may refute it; see `Claim.of_every_network`.
    """
    return _refuting(replace(finding, parts=parts), parts, f"{parts} parts", config)


def _one_of(networks: int, finding: Finding, config: Mapping[str, Any]) -> Finding:
    """The finding as it counts for a claim about so many networks, any of which may refute it."""
    if finding.scope == THIS_NETWORK:
        return replace(finding, verdict=INCONCLUSIVE, to_decide="at least two seeds")
    if networks == 1:
        return finding
    named = f"{networks} networks"
    if finding.parts > 1:
        named += f" and {finding.parts} parts of the claim"
    return _refuting(finding, networks * finding.parts, named, config)


def _refuting(finding: Finding, bounds: int, named: str, config: Mapping[str, Any]) -> Finding:
    """The finding, with an upper bound that is one of so many, any of which may refute the claim.

    named: what the bound holds for, all at once.
    """
    if not finding.evidence:
        return finding
    stricter = {**config, "confidence": 1 - (1 - config["confidence"]) / bounds}
    high = finding.evidence.effect(stricter["confidence"]).high
    method = f"{finding.method.split(_BOUND)[0]}{_BOUND}{named} at once (Bonferroni)"
    together = replace(finding, effect_high=high, method=method)
    if finding.verdict != NOT_REPRODUCED or high < finding.threshold:
        return together
    return replace(together, verdict=INCONCLUSIVE, to_decide=_to_decide(finding, stricter))


def _to_decide(finding: Finding, config: Mapping[str, Any]) -> str:
    assert finding.evidence
    return what_would_decide(finding.evidence, finding.threshold, finding.effect_unit, config)
