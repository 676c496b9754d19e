"""The units of effects, and how each is written."""

import math

from spikesweep.words import number, points

ACCURACY = "accuracy difference"
EXPONENT = "exponent"

_UNITS = {
    ACCURACY: ("", " points of accuracy"),
    EXPONENT: ("exponent ", ""),
}


def written_effect(value: float, unit: str) -> str:
    """An effect as a reader says it: `+1.2 points of accuracy`, `exponent 0.97`."""
    before, after = _UNITS[unit]
    return f"{before}{_in_unit(value, unit)}{after}"


def written_interval(low: float | None, high: float | None, unit: str) -> str:
    """The interval of such an effect, without its unit: `+0.3 to +2.1`."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return "no interval"
    return f"{_in_unit(low, unit)} to {_in_unit(high, unit)}"


def after_effect(unit: str) -> str:
    """What follows the number of an effect: ` points of accuracy`, or nothing."""
    return _UNITS[unit][1]


def written_distance(value: float, unit: str) -> str:
    """A distance between two effects, without sign: `0.4 points`, `0.12`."""
    if unit == ACCURACY:
        return f"{points(value, '.2g' if value < 0.01 else '.1f')} points"
    return number(value, ".2g")


def _in_unit(value: float, unit: str) -> str:
    if unit == ACCURACY:
        return points(value, "+.1f")
    return number(value, ".2f")
