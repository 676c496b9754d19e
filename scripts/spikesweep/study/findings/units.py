"""The units of effects, and how each is written."""

import math
from collections.abc import Mapping
from typing import Any

from spikesweep.words import decimals_beside, number, points

ACCURACY = "accuracy difference"
EXPONENT = "exponent"
NO_INTERVAL = "no interval"

_UNITS = {
    ACCURACY: ("", " points of accuracy"),
    EXPONENT: ("exponent ", ""),
}
_DECIMALS = {ACCURACY: 1, EXPONENT: 2}


def written(finding: Mapping[str, Any]) -> tuple[str, str]:
    """An effect and its interval, with digits that tell on which side of the threshold it ends.

    finding: a row of the table of findings.
    """
    effect, unit = finding["effect"], finding["effect_unit"]
    low, high = finding["effect_low"], finding["effect_high"]
    if written_interval(low, high, unit) == NO_INTERVAL:
        return written_effect(effect, unit), NO_INTERVAL
    decimals = _decimals_beside(finding["threshold"], low, high, unit)
    return written_effect(effect, unit, decimals), written_interval(low, high, unit, decimals)


def written_effect(value: float, unit: str, decimals: int | None = None) -> str:
    """An effect as a reader says it: `+1.2 points of accuracy`, `exponent 0.97`."""
    before, after = _UNITS[unit]
    return f"{before}{_in_unit(value, unit, decimals)}{after}"


def written_interval(
    low: float | None, high: float | None, unit: str, decimals: int | None = None
) -> str:
    """The interval of such an effect, without its unit: `+0.3 to +2.1`."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return NO_INTERVAL
    return f"{_in_unit(low, unit, decimals)} to {_in_unit(high, unit, decimals)}"


def written_threshold(value: float, unit: str) -> str:
    """A threshold with all its digits: `+0.5 points`, `exponent 0.5`."""
    if unit == ACCURACY:
        return f"{points(value, '+g')} points"
    return f"{_UNITS[unit][0]}{number(value)}"


def after_effect(unit: str) -> str:
    """What follows the number of an effect: ` points of accuracy`, or nothing."""
    return _UNITS[unit][1]


def written_distance(value: float, unit: str) -> str:
    """A distance between two effects, without sign: `0.4 points`, `0.12`."""
    if unit == ACCURACY:
        return f"{points(value, '.2g' if value < 0.01 else '.1f')} points"
    return number(value, ".2g")


def _decimals_beside(threshold: float, low: float, high: float, unit: str) -> int:
    shown = 100 if unit == ACCURACY else 1
    return decimals_beside(shown * threshold, shown * low, shown * high, least=_DECIMALS[unit])


def _in_unit(value: float, unit: str, decimals: int | None) -> str:
    digits = _DECIMALS[unit] if decimals is None else decimals
    return points(value, f"+.{digits}f") if unit == ACCURACY else number(value, f".{digits}f")
