"""What each subset of layers gains: at the same factor, and at the same cost."""

import pandas as pd

from spikesweep.study.layer_scaling.subsets import Subset, subset_layers

SAME_FACTOR = "same factor"
COMPARISONS = (SAME_FACTOR, "same spikes", "same synops")

_KEYS = ["network", "seed", "images", "operating_point", "subset"]


def layer_gains(scaling: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    """Join the layer-scaling study's rows with the result of `matched_budgets` for them.

    Returns one row per (network, seed, operating point, comparison, level, subset):
        comparison: one of `COMPARISONS`; level: the factor, or the budget as a share of the
            base's cost; common: whether all subsets have that level in every seed.
        accuracy, gain: gain over the base; both empty where a budget was not reached.
    """
    rows = scaling.fillna({"subset": ""})
    of_base = ["network", "seed", "operating_point"]
    base = rows[rows["subset"] == ""].set_index(of_base)["accuracy"].rename("base_accuracy")
    # A subset that is scaled by 1 is the base again.
    scaled = rows[(rows["subset"] != "") & (rows["factor"] != 1)].join(base, on=of_base)
    at_factor = scaled.assign(
        comparison=SAME_FACTOR,
        level=scaled["factor"],
        common=True,
        gain=scaled["accuracy"] - scaled["base_accuracy"],
    )
    at_cost = matched.assign(comparison="same " + matched["budget_kind"], level=matched["budget"])
    columns = [*_KEYS, "comparison", "level", "common", "accuracy", "gain"]
    # An empty table has no column types and would change those of the other.
    tables = [table[columns] for table in (at_factor, at_cost) if len(table)]
    return pd.concat(tables, ignore_index=True)


def layers_of(table: pd.DataFrame) -> Subset:
    """All layers of a network, first to last: they are its largest subset."""
    return max(map(subset_layers, table["subset"].dropna().unique()), key=len)
