"""What all tables of a study share."""

import pandas as pd


def labelled(table: pd.DataFrame, network: str, seed: int) -> pd.DataFrame:
    """The table with network and seed as its first two columns."""
    return pd.concat(
        [pd.DataFrame({"network": network, "seed": seed}, index=table.index), table], axis=1
    )
