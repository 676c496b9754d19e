"""How templates write numbers: the filters of the report and of the results page."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from spikesweep.plots.levels import SCORES_READ, synapse_label
from spikesweep.study.findings.units import written, written_effect, written_threshold
from spikesweep.words import (
    NOTHING,
    count,
    decimals_beside,
    energy,
    percentage,
    points,
    saving,
    si,
    three_digits,
)


def loss_in_words(loss: float, decimals: int = 1) -> str:
    """What a loss of accuracy, a difference of shares, means: `0.5 points less accuracy than …`."""
    lost = points(abs(loss), f".{decimals}f")
    if not float(lost):
        return "as accurate as the ANN"
    return f"{lost} points {'less' if loss > 0 else 'more'} accuracy than the ANN"


def as_difference(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says of its difference from another effect, as if that were a finding's effect."""
    ends = {f"effect{end}": row[f"difference{end}"] for end in ("", "_low", "_high")}
    return ends | {"effect_unit": row["effect_unit"], "threshold": 0.0}


def chosen_points(share: float) -> str:
    """A share that a config chose, such as a margin, with all its digits: `1.0`, `0.25`."""
    rounded = points(share)
    return rounded if math.isclose(100 * share, round(100 * share, 1)) else points(share, "g")


def held_at_once(method: str) -> str:
    """What an upper bound holds for at once, by a finding's method: `3 networks`; or nothing."""
    found = re.search(r"upper bound for (.+?) at once", method)
    return found[1] if found else ""


def points_decimals(threshold: float, low: float | None, high: float | None) -> int:
    """Decimals in points with which an interval is seen to end beside a threshold, or to hold it.

    All three are shares; without an interval, one decimal.
    """
    ends = [100 * end for end in (low, high) if end is not None]
    return decimals_beside(100 * threshold, *ends)


def saved_in_words(row: Mapping[str, Any]) -> str:
    """What a row saves, with its interval: `12.0 % of the synops saved (3.0 % to 20.0 %)`.

    What costs more, by how many times: `4.20 times the synops (0.68 or more)`. An end of the
    interval is None if costs end before it.
    """
    saved, low, high = row["saving"], row["saving_low"], row["saving_high"]
    if saved >= 0:
        return f"{percentage(saved)} of the synops saved{_interval(low, high, percentage)}"
    fewest, most = (None if end is None else 1 - end for end in (high, low))
    return f"{three_digits(1 - saved)} times the synops{_interval(fewest, most, three_digits)}"


def _interval(low: float | None, high: float | None, written: Callable[[float], str]) -> str:
    if low is not None and high is not None:
        return f" ({written(low)} to {written(high)})"
    if low is not None:
        return f" ({written(low)} or more)"
    return "" if high is None else f" ({written(high)} or less)"


FILTERS: dict[str, Callable[..., Any]] = {
    "percent": lambda share, digits=1: (
        NOTHING if share is None else percentage(share, f".{digits}f")
    ),
    "count": count,
    "si": si,
    "energy": energy,
    "saving": saving,
    "saved": saved_in_words,
    "three_digits": three_digits,
    "points": lambda share, decimals=1: (
        NOTHING if share is None else points(share, f".{decimals}f")
    ),
    "loss_in_words": loss_in_words,
    "effect": written_effect,
    # Of a row of findings, with as many digits as tell its verdict.
    "own_effect": lambda row: written(row)[0],
    "effect_interval": lambda row: written(row)[1],
    "as_difference": as_difference,
    "threshold": written_threshold,
    "chosen_points": chosen_points,
    "held_at_once": held_at_once,
    "scores_read": SCORES_READ.get,
    "synapse": lambda synapse_s: synapse_label(math.nan if synapse_s is None else synapse_s),
    "short_commit": lambda text: re.sub(r"\b([0-9a-f]{10})[0-9a-f]{30}\b", r"\1", str(text)),
}
