"""What a run's uncertainty comes from, and how much of it could decide, in sentences."""

from collections import Counter
from collections.abc import Iterable

from spikesweep.report.rows import Row
from spikesweep.study.findings.finding import INCONCLUSIVE
from spikesweep.words import counted, listed

_SOURCES = {
    "se_images": "the choice of test images",
    "se_seeds": "the seeds of training",
    "se_voltages": "the initial voltages",
}


def how_sure(uncertainty: Iterable[Row]) -> str:
    """Two sentences; empty if no spread is known. uncertainty: rows of that table."""
    rows = [row for row in uncertainty if row["smallest_shown"] is not None]
    if not rows:
        return ""
    clear = [row for row in rows if abs(row["distance"]) >= row["smallest_shown"]]
    open_ones = sum(row["verdict"] == INCONCLUSIVE for row in rows)
    largest = Counter(
        max(_SOURCES, key=lambda source: row[source] or 0)
        for row in rows
        if any(row[source] for source in _SOURCES)
    )
    said = (
        f"Of {counted(len(rows), 'effect')} on single networks, {len(clear)} lie so far from their "
        "threshold that four of five runs of this size would show it; of the others it was a "
        f"matter of luck. {open_ones} stayed inconclusive."
    )
    if not largest:
        return said
    parts = [f"{_SOURCES[source]} in {number}" for source, number in largest.most_common()]
    return f"{said} The largest source of uncertainty is {listed(parts)}."
