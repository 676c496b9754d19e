"""What many comparisons with one baseline show together."""

import numpy as np
import pandas as pd
from scipy.stats import ttest_1samp
from statsmodels.stats.multitest import multipletests

from spikesweep.study.preprocessing.names import VARIANT

# Two seeds that happen to agree would give an interval of zero width.
_SEEDS_FOR_AN_EFFECT = 3


def effects(
    table: pd.DataFrame, column: str, name: str, confidence: float, *, better: int = 1
) -> pd.DataFrame:
    """One row per network and technique: what its differences from the baseline show.

    `<name>_p` is the p-value of a t test over seeds that the mean difference is zero,
    `<name>_p_adjusted` the same, adjusted for the number of techniques that are compared on the
    network (Holm 1979, Scand. J. Stat. 6, 65-70): if none of them changes anything, any is called
    an effect in a share of 1 - confidence of all studies at most. `<name>` says helps or hurts if
    the adjusted one is at most that share, and unclear if it is larger or if there are fewer than
    three seeds; it is empty where there is no difference to judge.

    table: one row per (network, technique, seed); column: the difference, NaN for the baseline.
    better: +1 or -1, the direction of improvement.
    """
    parts = [
        _of_network(rows, column, name, confidence, better)
        for _, rows in table.groupby("network", sort=False)
    ]
    return pd.concat(parts, ignore_index=True)


def _of_network(
    table: pd.DataFrame, column: str, name: str, confidence: float, better: int
) -> pd.DataFrame:
    groups = table.groupby(VARIANT, sort=False)[column]
    found = groups.agg(mean=lambda differences: differences.mean(skipna=False)).reset_index()
    found[f"{name}_p"] = [_p_value(values.dropna()) for _, values in groups]
    found[f"{name}_p_adjusted"] = np.nan
    tested = found[f"{name}_p"].notna()
    if tested.any():
        _, adjusted, _, _ = multipletests(found.loc[tested, f"{name}_p"], method="holm")
        found.loc[tested, f"{name}_p_adjusted"] = adjusted
    shown = found[f"{name}_p_adjusted"] <= 1 - confidence
    helps = np.sign(found["mean"]) == better
    cases = [found["mean"].isna(), shown & helps, shown]
    found[name] = np.select(cases, ["", "helps", "hurts"], "unclear")
    return found.drop(columns="mean")


def _p_value(differences: pd.Series) -> float:
    if len(differences) < _SEEDS_FOR_AN_EFFECT:
        return np.nan
    if differences.std() == 0:
        # No t statistic: the same in every seed.
        return 1.0 if differences.iloc[0] == 0 else 0.0
    return float(ttest_1samp(differences, 0).pvalue)
