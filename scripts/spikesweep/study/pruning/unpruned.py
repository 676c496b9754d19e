"""The network that all pruned ones are compared with, and the sparsity that was published."""

import pandas as pd

from spikesweep.errors import UserError

# The published claim: pruned to more than this, training accuracy begins to fall.
PUBLISHED_SPARSITY = 0.8


def with_unpruned(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the unpruned network's rows under every method; it is the same for all.

    table: of one network; columns method, target_sparsity, seed.

    Raises UserError if a seed has no network of sparsity 0.
    """
    unpruned = table[table["target_sparsity"] == 0]
    # If two methods have one, it is the same network twice.
    unpruned = unpruned[unpruned["method"] == unpruned["method"].iloc[:1].squeeze()]
    if set(unpruned["seed"]) != set(table["seed"]):
        raise UserError(
            "config pruning.networks: no method has the sparsity 0, with which all others are "
            "compared; add 0 to one of them"
        )
    pruned = table[table["target_sparsity"] > 0]
    methods = list(dict.fromkeys(table["method"]))
    parts = [
        part
        for method in methods
        for part in (unpruned.assign(method=method), pruned[pruned["method"] == method])
    ]
    return pd.concat(parts, ignore_index=True)
