"""The speed of the engines on all networks in one table."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from spikesweep.tables import read_table, write_csv


def benchmark_engines(
    *, inputs: Mapping[str, Sequence[str]], outputs: Mapping[str, str], config: Any
) -> None:
    """Join the tables of the networks in their order. config: none is needed."""
    tables = [read_table(path) for path in inputs["tables"]]
    write_csv(pd.concat(tables, ignore_index=True), outputs["table"])
