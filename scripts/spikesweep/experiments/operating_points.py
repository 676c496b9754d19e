"""What a sweep says: the best setting, which are as good, which is cheapest, the Pareto front."""

import numpy as np
import pandas as pd

from spikesweep.statistics.margins import within_margin
from spikesweep.tables import SETTING_COLUMNS

# Costs of different networks are compared at the same loss of accuracy, because fewer spikes are
# cheaper but lose more.
COMPARED_LOSS = 0.05


def mean_over_seeds(sweeps: pd.DataFrame) -> pd.DataFrame:
    """Average a sweep over its seeds: one row per network and setting.

    The bounds of an interval are averaged too, so `accuracy_low` and `accuracy_high` of the
    result say how uncertain the mean is because the test images are a sample. `seeds` is
    the number of seeds, `images` the number of images that each of them saw. No synapse
    (empty `synapse_s`) sorts first, as it filters least.
    """
    numbers = [
        column
        for column in sweeps.select_dtypes("number").columns
        if column not in ("seed", *SETTING_COLUMNS)
    ]
    groups = sweeps.groupby(["network", *SETTING_COLUMNS], dropna=False, sort=False)
    averaged = groups[numbers].mean()
    averaged.insert(0, "seeds", groups["seed"].nunique())
    return averaged.reset_index().sort_values(
        ["network", *SETTING_COLUMNS], na_position="first", ignore_index=True
    )


def best_setting(averaged: pd.DataFrame) -> pd.Series:
    """Return the row with the highest accuracy; among equals, the one with the fewest synops."""
    return averaged.sort_values(["accuracy", "synops_per_image"], ascending=[False, True]).iloc[0]


def as_good_as_best(averaged: pd.DataFrame) -> pd.Series:
    """Mark the rows whose accuracy lies within the 95 % interval of the best one."""
    return averaged["accuracy"] >= best_setting(averaged)["accuracy_low"]


def cheapest_within(averaged: pd.DataFrame, accuracy_margin: float) -> pd.Series | None:
    """Return the row with the fewest synops among those within `accuracy_margin` of the ANN."""
    loss = averaged["ann_accuracy"] - averaged["accuracy"]
    close = averaged[within_margin(loss, accuracy_margin)]
    if close.empty:
        return None
    return close.sort_values(["synops_per_image", "accuracy"], ascending=[True, False]).iloc[0]


def pareto_front(averaged: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that no other row beats, by ascending synops.

    A row is beaten if another is at least as accurate with at most as many synops, and
    better in one of these.
    """
    ordered = averaged.sort_values(["synops_per_image", "accuracy"], ascending=[True, False])
    best_so_far = ordered["accuracy"].cummax().shift(fill_value=-1.0)
    return ordered[ordered["accuracy"] > best_so_far]


def interpolated_at_loss(sweep: pd.DataFrame, loss: float, column: str) -> float:
    """Return the value of a cost or scale at which spikes lose `loss` against the ANN.

    sweep: the settings of one network. Those that cost more than another without being better do
    not count; between the others, the logarithm of `column` is taken as linear in the loss.
    NaN if more is lost at every setting; that of the cheapest if less is lost at every one.
    """
    front = pareto_front(sweep[sweep["synops_per_image"] > 0]).iloc[::-1]
    if front.empty:
        return np.nan
    lost = front["ann_accuracy"] - front["accuracy"]
    return float(np.exp(np.interp(loss, lost, np.log(front[column]), left=np.nan)))
