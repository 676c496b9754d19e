"""Tables as the templates of the report and of the results page read them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.tables import read_table

Row = dict[str, Any]


def read_rows(paths: Iterable[str | Path]) -> list[Row]:
    """All rows of these tables; empty cells are None."""
    tables = [read_table(path) for path in paths]
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


def averaged(rows: Iterable[Row], keys: Iterable[str], columns: Iterable[str]) -> list[Row]:
    """Means of these columns over rows that agree in the keys, in the order of the table."""
    keys, columns = list(keys), list(columns)
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return [
        dict(zip(keys, group, strict=True))
        | {column: sum(row[column] for row in of_group) / len(of_group) for column in columns}
        for group, of_group in groups.items()
    ]
