"""What all tables of a study share: how they are written and read, and the word for no synapse."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.files import atomic_path

# The columns that identify a setting in a table; see `Setting.from_table`.
SETTING_COLUMNS = ["synapse_s", "scale_firing_rates"]
# Nine significant digits hold every float32 exactly and hide the noise of float64 sums.
_FLOAT_FORMAT = "%.9g"
# In files, no synapse is a word: `groupby` would drop an empty cell, which would also read as
# unknown. In memory it is NaN, so that columns are numbers.
_NO_SYNAPSE = "none"
_SYNAPSES = (
    *("synapse_s", "best_synapse_s", "cheapest_synapse_s", "kept_synapse_s"),
    *("shortest_alike_s", "longest_alike_s"),
)


def write_csv(frame: pd.DataFrame, path: str | Path) -> None:
    """Write a tidy table; the same table always gives the same bytes."""
    named = frame.assign(
        **{column: _named(frame, column) for column in _SYNAPSES if column in frame}
    )
    with atomic_path(path) as temporary:
        named.to_csv(temporary, index=False, float_format=_FLOAT_FORMAT, lineterminator="\n")


def _named(frame: pd.DataFrame, column: str) -> pd.Series:
    """The synapses as text; empty where there is no setting, as a missing scale tells."""
    scale = column.replace("synapse_s", "scale_firing_rates")
    known = frame[scale].notna() if scale in frame else True
    values = frame[column].astype(object)
    words = values.map(lambda value: _NO_SYNAPSE if pd.isna(value) else _FLOAT_FORMAT % value)
    return words.where(values.notna() | known, None)


def read_table(path: str | Path, **options: Any) -> pd.DataFrame:
    """Read a table that `write_csv` wrote; no synapse is NaN. options: of `pandas.read_csv`."""
    return pd.read_csv(path, na_values={key: [_NO_SYNAPSE] for key in _SYNAPSES}, **options)


def read_tables(paths: Iterable[str | Path]) -> pd.DataFrame:
    """Join tables of the same columns (usually one per network and seed) into one.

    A table may have no rows; if all are empty, or there is none, so is the result.
    """
    tables = [read_table(path) for path in paths] or [pd.DataFrame()]
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
