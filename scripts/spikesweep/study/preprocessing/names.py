"""What the name of a network that was trained with a technique says."""

import pandas as pd

# The columns that identify such a network, once its name is split.
VARIANT = ["network", "technique"]


def base_and_technique(network: str) -> tuple[str, str]:
    """Base network and technique of `preprocessing/<network>/<technique>`."""
    _, base, technique = network.split("/")
    return base, technique


def split_names(table: pd.DataFrame) -> pd.DataFrame:
    """The table with base network and technique in two columns, instead of such a name."""
    names = [base_and_technique(name) for name in table["network"]]
    table = table.assign(network=[base for base, _ in names])
    table.insert(1, "technique", [technique for _, technique in names])
    return table
