"""Tables as the templates of the report and of the results page read them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

Row = dict[str, Any]


def read_rows(paths: Iterable[str | Path]) -> list[Row]:
    """All rows of these tables; empty cells are None."""
    tables = [pd.read_csv(path) for path in paths]
    return [
        {key: None if pd.isna(value) else value for key, value in row.items()}
        for table in tables
        for row in table.to_dict("records")
    ]


def grouped(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """The rows by their value of `key`, in the order of the table."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups
