"""A finding in words."""

import math
from collections.abc import Mapping
from typing import Any

from spikesweep.study.findings.finding import ACCURACY, CORRELATION, EXPONENT, NOT_RUN, SPARSITY


def sentence(finding: Mapping[str, Any], network_label: str = "") -> str:
    """One plain sentence: verdict, claim, and the effect with its interval and seeds.

    finding: a row of the table. network_label: how the network is called, if it is one.
    """
    where = f" ({network_label})" if network_label else ""
    verdict = finding["verdict"].capitalize()
    if verdict.lower() == NOT_RUN:
        return f"{verdict}: {finding['statement']}{where}."
    unit, seeds = finding["effect_unit"], int(finding["seeds"])
    effect = written_effect(finding["effect"], unit)
    interval = written_interval(finding["effect_low"], finding["effect_high"], unit)
    count = f"{seeds} seed{'' if seeds == 1 else 's'}"
    return f"{verdict}: {finding['statement']}{where}: {effect} ({interval}, {count})."


def written_effect(value: float, unit: str) -> str:
    """An effect as a reader says it: `+1.2 points of accuracy`, `84 % of the weights`."""
    before, after = _UNITS[unit]
    return f"{before}{_number(value, unit)}{after}"


def written_interval(low: float | None, high: float | None, unit: str) -> str:
    """The interval of such an effect, without its unit: `+0.3 to +2.1`."""
    if any(bound is None or math.isnan(bound) for bound in (low, high)):
        return "no interval"
    return f"{_number(low, unit)} to {_number(high, unit)}"


_UNITS = {
    ACCURACY: ("", " points of accuracy"),
    SPARSITY: ("", "\N{NARROW NO-BREAK SPACE}% of the weights"),
    EXPONENT: ("exponent ", ""),
    CORRELATION: ("negated rank correlation ", ""),
}


def _number(value: float, unit: str) -> str:
    formats = {ACCURACY: f"{100 * value:+.1f}", SPARSITY: f"{100 * value:.0f}"}
    return formats.get(unit, f"{value:.2f}").replace("-", "\N{MINUS SIGN}")
