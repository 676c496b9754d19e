"""How templates write numbers: the filters of the report and of the results page."""

import math
import re
from collections.abc import Callable
from typing import Any

from spikesweep.plots.levels import synapse_label
from spikesweep.study.findings.units import written_effect, written_interval
from spikesweep.words import NOTHING, count, energy, percentage, points, saving, si, three_digits


def loss_in_words(loss: float) -> str:
    """What a loss of accuracy, a difference of shares, means: `0.5 points less accuracy than …`."""
    written = points(abs(loss))
    if written == "0.0":
        return "as accurate as the ANN"
    return f"{written} points {'less' if loss > 0 else 'more'} accuracy than the ANN"


FILTERS: dict[str, Callable[..., Any]] = {
    "percent": lambda share, digits=1: (
        NOTHING if share is None else percentage(share, f".{digits}f")
    ),
    "count": count,
    "si": si,
    "energy": energy,
    "saving": saving,
    "three_digits": three_digits,
    "points": lambda share: NOTHING if share is None else points(share),
    "loss_in_words": loss_in_words,
    "effect": written_effect,
    "effect_interval": lambda row: written_interval(
        row["effect_low"], row["effect_high"], row["effect_unit"]
    ),
    "synapse": lambda synapse_s: synapse_label(math.nan if synapse_s is None else synapse_s),
    "short_commit": lambda text: re.sub(r"\b([0-9a-f]{10})[0-9a-f]{30}\b", r"\1", str(text)),
}
