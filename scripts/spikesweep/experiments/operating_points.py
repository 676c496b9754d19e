"""What a sweep says: the best setting, the cheapest one, the Pareto front."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from spikesweep.statistics.margins import ROUNDING, within_margin
from spikesweep.tables import SETTING_COLUMNS

# Costs of different networks are compared at the same loss of accuracy, because fewer spikes are
# cheaper but lose more.
COMPARED_LOSS = 0.05

# Where a value lies that is looked for between the settings of a sweep.
INSIDE = "inside"
BELOW = "below"
ABOVE = "above"


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


def cheapest_within(averaged: pd.DataFrame, accuracy_margin: float) -> pd.Series | None:
    """Return the row with the fewest synops among those within `accuracy_margin` of the ANN."""
    loss = averaged["ann_accuracy"] - averaged["accuracy"]
    close = averaged[within_margin(loss, accuracy_margin)]
    if close.empty:
        return None
    return close.sort_values(["synops_per_image", "accuracy"], ascending=[True, False]).iloc[0]


def pareto_front(averaged: pd.DataFrame, worst: float = -1.0) -> pd.DataFrame:
    """Return the rows that no other row beats, by ascending synops.

    worst: below every accuracy.

    A row is beaten if another is at least as accurate with at most as many synops, and
    better in one of these.
    """
    ordered = averaged.sort_values(["synops_per_image", "accuracy"], ascending=[True, False])
    best_so_far = ordered["accuracy"].cummax().shift(fill_value=worst)
    return ordered[ordered["accuracy"] > best_so_far]


@dataclass(frozen=True)
class Reading:
    """A value between the settings of a sweep; NaN where the sweep does not reach so far.

    reached: INSIDE, or BELOW or ABOVE if the value lies below or above all that were swept.
    """

    value: float
    reached: str = INSIDE


def value_at_loss(sweep: pd.DataFrame, loss: float, column: str) -> Reading:
    """The cost or scale at which spikes lose `loss` against the ANN, see `value_at_accuracy`."""
    if sweep.empty:
        return Reading(np.nan, ABOVE)
    return value_at_accuracy(sweep, float(sweep["ann_accuracy"].iloc[0]) - loss, column)


def value_at_accuracy(sweep: pd.DataFrame, accuracy: float, column: str) -> Reading:
    """The value of a cost or scale at which a spiking network is as accurate as given.

    Settings that cost more than another without being better do not count; between the others,
    the logit of the share of the ANN's accuracy is taken as linear in the logarithm of `column`.
    (Accuracy rises from chance to that of the ANN along an S, which the logit straightens: between
    scales that double, a cost at 5 points lost is off by at most 3 %, see the tests.)

    sweep: the settings of one network, with the number of images.
    """
    front = _spiking_front(sweep)
    # An accuracy computed as that of the ANN less a loss is rounded.
    if front.empty or not accuracy <= front["accuracy"].max() + ROUNDING:
        return Reading(np.nan, ABOVE)
    if accuracy < front["accuracy"].min() - ROUNDING:
        return Reading(np.nan, BELOW)
    # What is more accurate than the ANN counts as accurate as the ANN, and the cheapest decides.
    front = front[~np.minimum(front["accuracy"], front["ann_accuracy"].max()).duplicated()]
    wanted, swept = _straightened(accuracy, front), _straightened(front["accuracy"], front)
    return Reading(float(np.exp(np.interp(wanted, swept, np.log(front[column])))))


def accuracy_at_cost(sweep: pd.DataFrame, synops_per_image: float) -> Reading:
    """The accuracy of a spiking network at a cost; interpolated as in `value_at_accuracy`."""
    front = _spiking_front(sweep)
    if front.empty or synops_per_image < front["synops_per_image"].min():
        return Reading(np.nan, BELOW)
    if not synops_per_image <= front["synops_per_image"].max():
        return Reading(np.nan, ABOVE)
    costs, swept = np.log(front["synops_per_image"]), _straightened(front["accuracy"], front)
    return Reading(_accuracy(float(np.interp(np.log(synops_per_image), costs, swept)), front))


def _spiking_front(sweep: pd.DataFrame) -> pd.DataFrame:
    # A network that never spikes has no logarithm of its cost.
    return pareto_front(sweep[sweep["synops_per_image"] > 0])


def _straightened(accuracy: Any, sweep: pd.DataFrame) -> Any:
    """Logit of the share of the ANN's accuracy; finite, since half an image is added either way."""
    images, ann = sweep["images"].max(), sweep["ann_accuracy"].max()
    return logit((np.minimum(accuracy / ann, 1) * images + 0.5) / (images + 1))


def _accuracy(straightened: float, sweep: pd.DataFrame) -> float:
    images, ann = sweep["images"].max(), sweep["ann_accuracy"].max()
    return float((expit(straightened) * (images + 1) - 0.5) / images * ann)
