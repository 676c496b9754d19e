"""What follows from a table's numbers, in the words of the results page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from spikesweep.words import number

NOT_SHOWN = "not shown"
NO_INTERVAL = "no interval"


def direction(low: float | None, high: float | None, above: str, below: str) -> str:
    """What an interval of a difference shows: that it is above zero, below zero, or neither.

    Without a lower bound, it cannot show that the difference is above zero; and so on. Bounds that
    are equal are those of a single value drawn again and again: they show nothing.
    """
    # None for both is no interval, too.
    if low == high:
        return NO_INTERVAL
    if low is not None and low > 0:
        return above
    return below if high is not None and high < 0 else NOT_SHOWN


def factor(low: float | None, high: float | None, above: str, below: str) -> str:
    """What an interval of a ratio shows: that it is above one, below one, or neither."""
    low, high = (None if bound is None else bound - 1 for bound in (low, high))
    return direction(low, high, above, below)


def best_by(rows: Iterable[Mapping[str, Any]], column: str) -> Mapping[str, Any] | None:
    """The row with the largest number in a column; None if none has one."""
    measured = [row for row in rows if row[column] is not None]
    return max(measured, key=lambda row: row[column], default=None)


def recommended_scales(scales: str) -> str:
    """Scales as a table gives them: `scale 20`, `scale 20 in all layers`, `scales 50, 50, 120`."""
    found = yaml.safe_load(str(scales))
    if not isinstance(found, dict):
        return f"scale {number(found)}"
    values: Sequence[float] = list(found.values())
    if len(set(values)) == 1:
        return f"scale {number(values[0])} in all layers"
    return f"scales {', '.join(number(value) for value in values)}"


def largest_scale(scales: str) -> float:
    """Of scales as a table gives them."""
    found = yaml.safe_load(str(scales))
    return float(max(found.values()) if isinstance(found, dict) else found)


def listed(items: Iterable[str]) -> str:
    """Items as a sentence lists them: `a`, `a and b`, `a, b and c`."""
    *most, last = items
    return f"{', '.join(most)} and {last}" if most else last
