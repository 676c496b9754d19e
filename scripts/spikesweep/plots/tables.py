"""Reading the tables that figures and the report are drawn from."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd


def read_tables(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Join tables of the same columns (one a network and seed, as a rule) into one."""
    return pd.concat([pd.read_csv(path) for path in paths], ignore_index=True)
