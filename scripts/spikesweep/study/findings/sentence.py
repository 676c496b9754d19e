"""A finding in words."""

import math
from collections.abc import Mapping
from typing import Any

from spikesweep.study.findings.finding import ACCURACY, CORRELATION, EXPONENT, NOT_RUN, SPARSITY
from spikesweep.words import THIN_SPACE, counted, number, points


def sentence(finding: Mapping[str, Any], network_label: str = "") -> str:
    """One plain sentence: verdict, claim, and the effect with its interval and seeds.

    finding: a row of the table. network_label: the network's label, if the row is about one.
    """
    where = f" ({network_label})" if network_label else ""
    verdict = finding["verdict"].capitalize()
    if verdict.lower() == NOT_RUN:
        return f"{verdict}: {finding['statement']}{where}."
    unit = finding["effect_unit"]
    effect = written_effect(finding["effect"], unit)
    interval = written_interval(finding["effect_low"], finding["effect_high"], unit)
    count = counted(int(finding["seeds"]), "seed")
    return f"{verdict}: {finding['statement']}{where}: {effect} ({interval}, {count})."


def written_effect(value: float, unit: str) -> str:
    """An effect as a reader says it: `+1.2 points of accuracy`, `84 % of the weights`."""
    before, after = _UNITS[unit]
    return f"{before}{_in_unit(value, unit)}{after}"


def written_interval(low: float | None, high: float | None, unit: str) -> str:
    """The interval of such an effect, without its unit: `+0.3 to +2.1`."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return "no interval"
    return f"{_in_unit(low, unit)} to {_in_unit(high, unit)}"


_UNITS = {
    ACCURACY: ("", " points of accuracy"),
    SPARSITY: ("", f"{THIN_SPACE}% of the weights"),
    EXPONENT: ("exponent ", ""),
    CORRELATION: ("negated rank correlation ", ""),
}


def _in_unit(value: float, unit: str) -> str:
    if unit == ACCURACY:
        return points(value, "+.1f")
    return points(value, ".0f") if unit == SPARSITY else number(value, ".2f")
