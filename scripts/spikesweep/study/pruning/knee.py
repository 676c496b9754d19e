"""Where accuracy begins to fall as weights are removed."""

from typing import Any

import numpy as np
import pandas as pd

from spikesweep.errors import UserError
from spikesweep.statistics.intervals import mean_interval
from spikesweep.statistics.margins import within_margin

# The published claim: pruned to more than this, training accuracy begins to fall.
PUBLISHED_SPARSITY = 0.8

CRITERION = "largest sparsity up to which accuracy lost against the unpruned network <= margin"


def with_unpruned(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the unpruned network's rows under every method; it is the same for all.

    table: columns method, target_sparsity, seed.

    Raises UserError if a seed has no network of sparsity 0.
    """
    unpruned = table[table["target_sparsity"] == 0]
    # If two methods have one, it is the same network twice.
    unpruned = unpruned[unpruned["method"] == unpruned["method"].iloc[:1].squeeze()]
    if set(unpruned["seed"]) != set(table["seed"]):
        raise UserError(
            "config pruning.methods: no method has the sparsity 0, with which all others are "
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


def knees(accuracy: pd.DataFrame, *, margin: float, confidence: float) -> pd.DataFrame:
    """Knee of each method and split, one row each.

    The knee of a seed is where accuracy, followed from sparsity 0 upwards, first lies more than
    `margin` below that of the seed's unpruned network; between two tested sparsities accuracy
    is taken as linear in the logarithm of the share of weights that is left. A seed that never
    falls has its largest tested sparsity as knee, and is counted in `seeds_never_fallen`. Knees
    are averaged, and have their interval, on that logarithmic scale too, which is unbounded
    towards 100 %. Intervals are t intervals over the seeds: a bootstrap of few seeds would be too
    narrow (of three it has ten different samples).

    `first_tested_below` is the smallest target sparsity at which the mean over seeds has lost
    more than the margin, empty if there is no such sparsity. `lost_at_published` is the accuracy
    lost at the published sparsity, likewise with its interval over seeds.

    accuracy: one row per (method, target_sparsity, seed), with sparsity (reached), and
        train_accuracy, test_accuracy, train_images (on how many it was trained), test_images.

    Raises UserError as `with_unpruned`.
    """
    table = with_unpruned(accuracy)
    return pd.DataFrame(
        _row(of_method, method, split, margin, confidence)
        for method, of_method in table.groupby("method", sort=False)
        for split in ("train", "test")
    )


def _row(
    table: pd.DataFrame, method: str, split: str, margin: float, confidence: float
) -> dict[str, Any]:
    curves = []
    for _, of_seed in table.sort_values("sparsity").groupby("seed"):
        accuracy = of_seed[f"{split}_accuracy"].to_numpy()
        curves.append((_depth(of_seed["sparsity"].to_numpy()), accuracy[0] - accuracy))
    knee_of_seed = [_knee(depth, lost, margin) for depth, lost in curves]
    never = sum(knee is None for knee in knee_of_seed)
    found = [
        curve[0][-1] if knee is None else knee
        for knee, curve in zip(knee_of_seed, curves, strict=True)
    ]
    knee, low, high = (_sparsity(depth) for depth in mean_interval(found, confidence))
    at_published = [np.interp(_depth(PUBLISHED_SPARSITY), *curve) for curve in curves]
    lost, lost_low, lost_high = mean_interval(at_published, confidence)
    return {
        "method": method,
        "split": split,
        "images": int(table[f"{split}_images"].iloc[0]),
        "criterion": CRITERION,
        "margin": margin,
        "seeds": len(curves),
        "seeds_never_fallen": never,
        "knee_sparsity": knee,
        "knee_low": low,
        "knee_high": high,
        "first_tested_below": _first_below(table, f"{split}_accuracy", margin),
        "published_sparsity": PUBLISHED_SPARSITY,
        "lost_at_published": lost,
        "lost_at_published_low": lost_low,
        "lost_at_published_high": lost_high,
        "confidence": confidence,
        "method_of_interval": "t over seeds, log of weights left"
        if len(curves) > 1
        else "none (one seed)",
    }


def _depth(sparsity: Any) -> Any:
    """Logarithm of how many times fewer weights are left."""
    return -np.log1p(-sparsity)


def _sparsity(depth: float) -> float:
    # An interval may reach beyond the unpruned network, to sparsities below zero.
    return float(np.maximum(-np.expm1(-depth), 0))


def _knee(depth: np.ndarray, lost: np.ndarray, margin: float) -> float | None:
    """Where the line through (depth, lost) first rises above the margin."""
    fallen = np.flatnonzero(~within_margin(lost, margin))
    if not len(fallen):
        return None
    after = fallen[0]
    before = after - 1
    return float(np.interp(margin, lost[[before, after]], depth[[before, after]]))


def _first_below(table: pd.DataFrame, column: str, margin: float) -> float:
    mean = table.groupby("target_sparsity")[column].mean()
    below = mean.index[~within_margin(mean.iloc[0] - mean, margin)]
    return float(below[0]) if len(below) else np.nan
