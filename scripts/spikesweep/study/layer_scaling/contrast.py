"""Is it better to scale early layers, or late ones?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from spikesweep.statistics.differences import accuracy_difference
from spikesweep.study.layer_scaling.gains import layer_gains, layers_of
from spikesweep.study.layer_scaling.subsets import Subset, subset_name

COLUMNS = (
    *("network", "operating_point", "compared", "early", "late", "comparison", "level", "levels"),
    *("early_gain", "late_gain", "late_minus_early", "low", "high", "method", "seeds", "images"),
)


def early_late_contrast(
    scaling: pd.DataFrame, matched: pd.DataFrame, confidence: float
) -> pd.DataFrame:
    """Compare the gain in accuracy from scaling late layers with that from scaling early ones.

    scaling: the layer-scaling study's rows; matched: the result of `matched_budgets` for
        them. Both cover the same networks and all their seeds.

    Early layers are the first half of a network's spiking layers, late ones the second half;
    if their number is odd, the layer in the middle is in neither. `compared` says how their gains
    are measured: each layer is scaled alone and gains are averaged over the half ("single
    layers"); or all layers of a half are scaled together ("halves"), if a half has several.

    Returns one row per (network, operating point, compared, comparison, level):
        comparison: same factor, same spikes or same synops; level: the factor, or the budget
            as a share of the base's cost; empty in the row with the mean over all `levels`. Only
            budgets that all compared subsets reach in every seed are used.
        early_gain, late_gain, late_minus_early: means over seeds, accuracies in [0, 1].
        low, high: interval of late_minus_early; method: how it was found, see
            `accuracy_difference`.
    """
    table = layer_gains(scaling, matched)
    rows = []
    for (network, operating_point), of_base in table.groupby(
        ["network", "operating_point"], sort=False
    ):
        for compared, early, late in _halves(layers_of(of_base)):
            for comparison, chosen in of_base.groupby("comparison", sort=False):
                facts = {
                    "network": network,
                    "operating_point": operating_point,
                    "compared": compared,
                    "early": ", ".join(map(subset_name, early)),
                    "late": ", ".join(map(subset_name, late)),
                    "comparison": comparison,
                }
                rows += [facts | row for row in _contrasts(chosen, early, late, confidence)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _halves(layers: Subset) -> list[tuple[str, Sequence[Subset], Sequence[Subset]]]:
    size = len(layers) // 2
    if size == 0:
        return []
    early, late = layers[:size], layers[-size:]
    singles = ("single layers", [(name,) for name in early], [(name,) for name in late])
    return [singles] if size == 1 else [singles, ("halves", [early], [late])]


def _contrasts(
    rows: pd.DataFrame, early: Sequence[Subset], late: Sequence[Subset], confidence: float
) -> list[dict[str, object]]:
    early_names, late_names = ([subset_name(subset) for subset in half] for half in (early, late))
    chosen = rows[rows["subset"].isin([*early_names, *late_names])]
    accuracy, gain = (
        chosen.pivot(index="seed", columns=["subset", "level"], values=column)
        for column in ("accuracy", "gain")
    )
    reached = [
        level
        for level in sorted(chosen["level"].unique())
        if accuracy.xs(level, axis=1, level="level").notna().all(axis=None)
    ]
    if not reached or accuracy.columns.unique("subset").size < len(early_names + late_names):
        return []
    found = []
    for level, levels in [(np.nan, reached), *((level, [level]) for level in reached)]:
        first, second = (
            [(name, at) for at in levels for name in half] for half in (late_names, early_names)
        )
        effect = accuracy_difference(
            accuracy[first].to_numpy(),
            accuracy[second].to_numpy(),
            images=int(rows["images"].min()),
            confidence=confidence,
        )
        found.append(
            {
                "level": level,
                "levels": len(levels),
                "early_gain": gain[second].mean(axis=None),
                "late_gain": gain[first].mean(axis=None),
                "late_minus_early": effect.value,
                "low": effect.low,
                "high": effect.high,
                "method": effect.method,
                "seeds": effect.seeds,
                "images": int(rows["images"].min()),
            }
        )
    return found
