"""What made the results: the config of this run, and the versions that their metadata name."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from spikesweep.files import write_text
from spikesweep.tables import write_csv


def record_provenance(
    metadata_paths: Iterable[str | Path],
    *,
    config: dict[str, Any],
    config_path: str | Path,
    versions_path: str | Path,
) -> None:
    """Write the resolved config, and how many results each version of each component made.

    The versions are read from the metadata of each result, not from the machine, because a
    result may be older than the current environment.
    """
    write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), config_path)
    metadata = [json.loads(Path(path).read_text(encoding="utf-8")) for path in metadata_paths]
    write_csv(versions_used(metadata), versions_path)


def versions_used(metadata: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Count the results that each version of each component made.

    metadata: what `spikesweep.metadata.write_metadata` wrote.

    Columns: component, version, results, and date of a commit that this checkout knows. Two rows
    for one component mean that the results come from two versions of it.
    `precision of training` is that of the products in it.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for facts in metadata:
        counts["git commit", facts["git_commit"]] += 1
        counts["Python", facts["python"]] += 1
        if "trained_in" in facts:
            counts["precision of training", _trained(facts)] += 1
        counts.update(facts["versions"].items())
    rows = [(*component, results) for component, results in counts.items()]
    table = pd.DataFrame(rows, columns=["component", "version", "results"])
    table["date"] = [
        commit_date(version) if component == "git commit" else "" for component, version, _ in rows
    ]
    return table.sort_values(["component", "version"], key=lambda names: names.str.lower())


def _trained(facts: Mapping[str, Any]) -> str:
    """In which precision a network was trained, and in which it should have been if not that."""
    done, asked = facts["trained_in"], facts["config"]["training"]["precision"]
    return done if done == asked else f"{done}: the processor had no {asked}"


def commit_date(commit: str) -> str:
    """The day of a commit, `2025-02-07`; empty if this checkout does not know it.

    commit: its hash, with `-dirty` if files differed from it.
    """
    command = ["git", "show", "--no-patch", "--format=%cs", commit.removesuffix("-dirty")]
    try:
        found = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return found.stdout.strip() if found.returncode == 0 else ""
