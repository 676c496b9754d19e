"""What the name of a pruned network says."""

import pandas as pd


def split_names(table: pd.DataFrame) -> pd.DataFrame:
    """The table with base network and variant in two columns, instead of such a name.

    A name is `pruning/<network>/<variant>`, such as `pruning/mnist_small_cnn/magnitude_80`.
    """
    names = [name.split("/") for name in table["network"]]
    table = table.assign(network=[base for _, base, _ in names])
    table.insert(table.columns.get_loc("network") + 1, "variant", [last for *_, last in names])
    return table
