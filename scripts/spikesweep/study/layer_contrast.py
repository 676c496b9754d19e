"""Is it better to scale early layers, or late ones?"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm, sem, t

from spikesweep.statistics import CONFIDENCE
from spikesweep.study.layer_gains import layer_gains, layers_of
from spikesweep.study.layer_subsets import Subset, subset_name

COLUMNS = (
    *("network", "base_scale", "compared", "early", "late", "comparison", "level", "levels"),
    *("early_gain", "late_gain", "late_minus_early", "low", "high", "method", "seeds"),
    *("images", "images_half_width"),
)


def early_late_contrast(scaling: pd.DataFrame, matched: pd.DataFrame) -> pd.DataFrame:
    """Compare the gain in accuracy from scaling late layers with that from scaling early ones.

    scaling: the layer-scaling study's rows; matched: what `matched_budgets` makes of them. Both
        of the same networks and all their seeds.

    Early layers are the first half of a network's spiking layers, late ones the second half;
    of an odd number the layer in the middle is neither. `compared` says how their gains are
    measured: each of the layers scaled alone, and the mean over the half taken ("single
    layers"); or all layers of a half scaled together ("halves"), where a half has several.

    Returns one row a (network, base scale, compared, comparison, level):
        comparison: same factor, same spikes or same synops; level: the factor, or the budget
            as a share of the base's cost, and empty in the row of the mean over all `levels`
            of them. Only budgets that all compared subsets reach in every seed are used.
        early_gain, late_gain, late_minus_early: means over seeds, accuracies in [0, 1].
        low, high: 95 % interval of late_minus_early; method: how it was found. Seeds are the
            sample: Student's t of the differences within each seed, which all see the same
            images. Of one seed, the images are.
        images_half_width: half of the 95 % interval of the mean for the choice of images alone:
            normal, as if early and late layers had been measured on different images and the
            seeds always erred together, both of which make it wider than it need be.
    """
    table = layer_gains(scaling, matched)
    rows = []
    for (network, base_scale), of_base in table.groupby(["network", "base_scale"], sort=False):
        for compared, early, late in _halves(layers_of(of_base)):
            for comparison, chosen in of_base.groupby("comparison", sort=False):
                facts = {
                    "network": network,
                    "base_scale": base_scale,
                    "compared": compared,
                    "early": ", ".join(map(subset_name, early)),
                    "late": ", ".join(map(subset_name, late)),
                    "comparison": comparison,
                }
                rows += [facts | row for row in _contrasts(chosen, early, late)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def seed_interval(values: np.ndarray) -> tuple[float, float]:
    """Student's t interval (95 %) of the mean of values, one a seed; at least two."""
    quantile = t.ppf(0.5 + CONFIDENCE / 2, len(values) - 1)
    mean, half = float(np.mean(values)), float(quantile * sem(values))
    return mean - half, mean + half


def _halves(layers: Subset) -> list[tuple[str, Sequence[Subset], Sequence[Subset]]]:
    size = len(layers) // 2
    if size == 0:
        return []
    early, late = layers[:size], layers[-size:]
    singles = ("single layers", [(name,) for name in early], [(name,) for name in late])
    return [singles] if size == 1 else [singles, ("halves", [early], [late])]


def _contrasts(
    rows: pd.DataFrame, early: Sequence[Subset], late: Sequence[Subset]
) -> list[dict[str, object]]:
    early_names, late_names = ([subset_name(subset) for subset in half] for half in (early, late))
    if not {*early_names, *late_names} <= set(rows["subset"]):
        return []
    error = np.sqrt(rows["accuracy"] * (1 - rows["accuracy"]) / rows["images"])
    table = rows.assign(error=error).pivot(
        index=["level", "seed"], columns="subset", values=["gain", "error"]
    )
    both = pd.DataFrame(
        {
            "early": table["gain"][early_names].mean(axis=1, skipna=False),
            "late": table["gain"][late_names].mean(axis=1, skipna=False),
            # Errors that always go together; a mean of such is never too small.
            "error": np.hypot(
                table["error"][early_names].mean(axis=1), table["error"][late_names].mean(axis=1)
            ),
        }
    )
    reached = both.groupby("level").filter(lambda of_level: of_level.notna().all(axis=None))
    if reached.empty:
        return []
    facts = {"seeds": rows["seed"].nunique(), "images": rows["images"].iloc[0]}
    levels = [
        {"level": level, "levels": 1, **_contrast(of_level), **facts}
        for level, of_level in reached.groupby("level")
    ]
    mean = reached.groupby("seed").mean()
    return [{"level": np.nan, "levels": len(levels), **_contrast(mean), **facts}, *levels]


def _contrast(of_seeds: pd.DataFrame) -> dict[str, object]:
    differences = (of_seeds["late"] - of_seeds["early"]).to_numpy()
    mean = float(differences.mean())
    half = float(norm.ppf(0.5 + CONFIDENCE / 2) * of_seeds["error"].mean())
    if len(differences) > 1:
        low, high = seed_interval(differences)
        method = f"t interval over {len(differences)} seeds"
    else:
        low, high = mean - half, mean + half
        method = "normal interval over images, one seed"
    return {
        "early_gain": of_seeds["early"].mean(),
        "late_gain": of_seeds["late"].mean(),
        "late_minus_early": mean,
        "low": low,
        "high": high,
        "method": method,
        "images_half_width": half,
    }
