"""What all tables of a study share."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd


def read_tables(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Join tables of the same columns (one a network and seed, as a rule) into one.

    A table may have no rows; if all have none, so has the result.
    """
    tables = [pd.read_csv(path) for path in paths]
    # An empty table knows no types, and would take them from the others.
    return pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)


def labelled(table: pd.DataFrame, network: str, seed: int) -> pd.DataFrame:
    """The table with network and seed as its first two columns."""
    return pd.concat(
        [pd.DataFrame({"network": network, "seed": seed}, index=table.index), table], axis=1
    )
