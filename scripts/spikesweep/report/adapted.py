"""What adaptation did to users' networks, as the report tells it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from spikesweep.report.rows import Row, read_rows


def adapted_networks(
    metadata: Iterable[str | Path], replaced: Iterable[str | Path]
) -> list[dict[str, Any]]:
    """Of each adapted network its metadata and, under `layers`, what was replaced in it.

    Layers that were replaced in the same way are one entry: `was`, `becomes`, and their `names`.

    metadata: paths of all networks from files. replaced: tables of those that were adapted.
    """
    facts = [json.loads(Path(path).read_text(encoding="utf-8")) for path in metadata]
    rows = read_rows(replaced)
    found = []
    for one in facts:
        its_own = [r for r in rows if (r["network"], r["seed"]) == (one["network"], one["seed"])]
        if its_own:
            found.append({**one, "layers": _by_way(its_own)})
    return found


def _by_way(rows: Iterable[Row]) -> list[dict[str, Any]]:
    ways: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        ways.setdefault((row["was"], row["becomes"]), []).append(row["layer"])
    return [{"was": was, "becomes": new, "names": names} for (was, new), names in ways.items()]
