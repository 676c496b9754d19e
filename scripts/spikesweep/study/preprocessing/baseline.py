"""The technique that all others are compared with."""

import pandas as pd

# On the same seeds.
BASELINE = "rescaling"


def of_baseline(table: pd.DataFrame, column: str) -> pd.Series:
    """For each row the value that its network and seed has under the baseline, NaN without one.

    table: one row per (network, technique, seed).
    """
    baseline = table[table["technique"] == BASELINE].set_index(["network", "seed"])[column]
    own = pd.MultiIndex.from_frame(table[["network", "seed"]])
    return pd.Series(baseline.reindex(own).to_numpy(), table.index)


def against_baseline(table: pd.DataFrame, column: str) -> pd.Series:
    """Each row's value minus that of the same network and seed under the baseline.

    NaN for the baseline itself.
    """
    difference = table[column] - of_baseline(table, column)
    return difference.where(table["technique"] != BASELINE)
