"""Which of the settings that a search found is recommended.

The cheapest setting within the margin is partly there by luck: of many settings tried on few
images, the one that looks best is the most overestimated. So the best are compared again, and the
best of these are judged, each time on images that had no part in the choice. Settings are judged in
an order that needs no correction for their number.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from spikesweep.experiments.operating_points import pareto_front
from spikesweep.statistics.margins import within_margin
from spikesweep.tables import SETTING_COLUMNS

# Luck moves settings by a few ranks, so this many are compared again, among them settings that
# seemed to lose more than the margin, up to `UNLUCKY` times as much.
CONTENDERS = 16
UNLUCKY = 2
# Enough for neighbours to differ little in cost, few enough to judge each on many images.
RUNGS = 6


def contenders(search: pd.DataFrame, accuracy_margin: float) -> pd.DataFrame:
    """The settings to compare again: those that hardly any other beats.

    search: rows of `search`, of one method or all.

    Of the settings that lose at most `UNLUCKY` times the margin, the Pareto front, then that of
    the others, and so on, until there are `CONTENDERS`. If there is no such setting, the most
    accurate one is the only one.
    """
    tried = search.drop_duplicates(SETTING_COLUMNS)
    left = tried[_within(tried, UNLUCKY * accuracy_margin)]
    if left.empty:
        return pareto_front(tried).iloc[[-1]]
    found: list[pd.DataFrame] = []
    wanted = CONTENDERS
    while wanted and len(left):
        front = pareto_front(left)
        left = left.drop(front.index)
        found.append(_evenly_chosen(front, wanted))
        wanted -= len(found[-1])
    return pd.concat(found)


def ladder(compared: pd.DataFrame, accuracy_margin: float) -> pd.DataFrame:
    """The settings to judge, from the most accurate down to the cheapest.

    compared: the contenders with their accuracy and cost on other images.

    They are those of the Pareto front within the margin; if there are more than `RUNGS`, that many
    of them, evenly spaced, including the first and the last. If none is within the margin, the
    most accurate setting is the only one.
    """
    front = pareto_front(compared).iloc[::-1]
    within = max(1, int(_within(front, accuracy_margin).sum()))
    return _evenly_chosen(front.iloc[:within], RUNGS)


def walk_down(
    rungs: pd.DataFrame, at_most_lost: Callable[[pd.Series], float], accuracy_margin: float
) -> tuple[int, bool]:
    """Judge one setting after the other for as long as they stay within the margin.

    at_most_lost: upper bound of a setting's loss on images that the search did not see.

    Returns (index of the recommended setting, whether it was shown to stay within the margin).
    A setting is judged only if all above it passed (tests in a fixed sequence), so that one
    beyond the margin passes no more often than the bound fails, however many are judged: with
    95 % confidence, in 5 % of all cases. If even the most accurate setting fails, it is
    recommended all the same, as there is no better one.
    """
    passed = 0
    for _, rung in rungs.iterrows():
        if not within_margin(at_most_lost(rung), accuracy_margin):
            break
        passed += 1
    return max(passed - 1, 0), passed > 0


def _within(table: pd.DataFrame, accuracy_margin: float) -> pd.Series:
    return within_margin(table["ann_accuracy"] - table["accuracy"], accuracy_margin)


def _evenly_chosen(table: pd.DataFrame, rows: int) -> pd.DataFrame:
    indices = np.linspace(0, len(table) - 1, min(rows, len(table)))
    return table.iloc[indices.round().astype(int)]
