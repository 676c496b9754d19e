"""A claim, the effect that decides it, and the verdict.

The rule is the same for every claim. Its effect is a number that the claim says is large. With
a threshold, the smallest effect that counts, and the effect's confidence interval, the claim is

- reproduced, if the whole interval lies at or above the threshold;
- not reproduced, if the whole interval lies below it;
- inconclusive otherwise, also if there is no interval;
- not run, if its study is not part of this run or does not concern any of its networks.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from spikesweep.statistics.effect import Effect

REPRODUCED = "reproduced"
NOT_REPRODUCED = "not reproduced"
INCONCLUSIVE = "inconclusive"
NOT_RUN = "not run"
VERDICTS = (REPRODUCED, NOT_REPRODUCED, INCONCLUSIVE, NOT_RUN)

# Units of effects; `sentence` and the figure know how each is written.
ACCURACY = "accuracy difference"
SPARSITY = "share of weights"
EXPONENT = "exponent"
CORRELATION = "negated rank correlation"


@dataclass(frozen=True)
class Finding:
    """One row of the table. `network` is empty if the row is about all networks."""

    claim: str
    statement: str
    network: str
    verdict: str
    effect: float
    effect_low: float
    effect_high: float
    effect_unit: str
    threshold: float
    seeds: int
    method: str
    rule: str
    figure: str
    csv: str = ""


@dataclass(frozen=True)
class Claim:
    """What was claimed, and the effect that decides it.

    name: the short name used in tables.
    statement: the claim as one sentence.
    effect: what the effect is, in words.
    unit: one of the units above.
    threshold: smallest effect that counts.
    figure: name of the figure that shows the effect, with {network} if each network has its own.
    """

    name: str
    statement: str
    effect: str
    unit: str
    threshold: float
    figure: str

    def judge(self, effect: Effect, network: str = "", *, doubted: bool = False) -> Finding:
        """Judge by the rule; an effect that another test contradicts is inconclusive."""
        verdict = verdict_of(effect.low, effect.high, self.threshold)
        return Finding(
            claim=self.name,
            statement=self.statement,
            network=network,
            verdict=INCONCLUSIVE if doubted else verdict,
            effect=effect.value,
            effect_low=effect.low,
            effect_high=effect.high,
            effect_unit=self.unit,
            threshold=self.threshold,
            seeds=effect.seeds,
            method=effect.method,
            rule=self._rule(),
            figure=self.figure.format(network=network),
        )

    def not_run(self, reason: str, network: str = "") -> Finding:
        """Say why there is no verdict."""
        nothing = Effect(math.nan, math.nan, math.nan, 0, "")
        finding = self.judge(nothing, network)
        return replace(finding, verdict=NOT_RUN, rule=f"Not run: {reason}.", figure="")

    def of_every_network(self, findings: Iterable[Finding], otherwise: str) -> list[Finding]:
        """The verdict on all networks, then those on each.

        The claim is about every network, so the weakest one decides: all must reproduce it, and
        one that does not refutes it. Demanding it of all of them needs no correction for their
        number (intersection-union test, Berger 1982, Technometrics 24, 295-300).
        `otherwise` says why the claim was not run if no network gave a verdict.
        """
        findings = list(findings)
        judged = [finding for finding in findings if finding.verdict != NOT_RUN]
        if not judged:
            return [self.not_run(otherwise)]
        weakest = min(judged, key=strength)
        rule = f"As on {weakest.network}, the weakest: the claim speaks of each. {weakest.rule}"
        return [replace(weakest, network="", figure="findings", rule=rule), *findings]

    def _rule(self) -> str:
        return (
            f"Effect: {self.effect}. Reproduced if its interval lies at or above "
            f"{self.threshold:g}, not reproduced if below, otherwise inconclusive."
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
    return (NOT_REPRODUCED, INCONCLUSIVE, REPRODUCED).index(finding.verdict), finding.effect
