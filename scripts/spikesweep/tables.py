"""What all tables of a study share."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

# The columns that identify a setting in a table; see `Setting.from_table`. Empty: no synapse.
SETTING_COLUMNS = ["synapse_s", "scale_firing_rates"]


def read_tables(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Join tables of the same columns (usually one per network and seed) into one.

    A table may have no rows; if all are empty, or there is none, so is the result.
    """
    tables = [pd.read_csv(path) for path in paths] or [pd.DataFrame()]
    # An empty table has no column types and would change those of the others.
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)


def labelled(table: pd.DataFrame, network: str, seed: int) -> pd.DataFrame:
    """The table with network and seed as its first two columns."""
    return pd.concat(
        [pd.DataFrame({"network": network, "seed": seed}, index=table.index), table], axis=1
    )


def read_inputs(inputs: Any) -> dict[str, Any]:
    """A job's inputs by their names: tables read and joined, other files by path.

    inputs: Snakemake's `input`: each a path or a list of paths.
    """
    return {name: _read(files) for name, files in inputs.items()}


def _read(files: str | Iterable[str]) -> Any:
    paths = [files] if isinstance(files, str) else list(files)
    return read_tables(paths) if all(path.endswith(".csv") for path in paths) else files
