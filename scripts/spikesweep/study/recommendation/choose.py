"""Which of the settings that a search found are judged, and which of them is recommended.

The cheapest setting within the margin is partly there by luck: of many settings tried on few
images, the one that looks best is the most overestimated. So the best of both kinds, scales by
layer and one scale for all, are judged together on images that had no part in the search, with the
error of all tests under control (`statistics.stepdown`), and the cheapest one that passes is
recommended, whatever its kind.

A walk down from the costliest, one test after the other until one fails, would need no correction
for the number of tests. But its order must come from a part of the images, and one candidate that
was merely lucky on these ends it. Where the truth is known, the rule used here more often
has a setting to recommend (tests/unit/study/recommendation/test_choice_rules.py).
"""

import numpy as np
import pandas as pd

from spikesweep.experiments.operating_points import pareto_front
from spikesweep.experiments.readings import CANDIDATE_COLUMNS
from spikesweep.simulation.setting import Setting
from spikesweep.statistics.margins import Margin, within_margin

KINDS = ("by_layer", "uniform")
# So many candidates of each kind are judged: enough for neighbours to differ little in cost, few
# enough to judge each on many images. Luck moves candidates by a few ranks, so some seemed to
# lose more than the margin, up to `UNLUCKY` times as much.
CONTENDERS = 12
UNLUCKY = 2


def with_kind(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a column `kind`: whether the layers have one scale or several."""
    texts = table["scale_firing_rates"]
    kinds = {text: _kind(Setting.from_table(None, text)) for text in texts.unique()}
    return table.assign(kind=texts.map(kinds))


def contenders(search: pd.DataFrame, margin: Margin) -> pd.DataFrame:
    """The candidates to judge: those that hardly any other of their kind beats, cheapest first.

    search: rows of `search` of all methods, with their `kind`.

    Of the rows that lose at most `UNLUCKY` times the margin, those of the Pareto front, evenly
    spaced in logarithmic cost, then those of the front of the others, and so on, until there are
    `CONTENDERS` of a kind. To these the most accurate row of each kind is added, as the one
    that is most surely within the margin.
    """
    tried = search.drop_duplicates(CANDIDATE_COLUMNS)
    found = [_of_kind(tried[tried["kind"] == kind], margin) for kind in KINDS]
    return pd.concat(found).sort_values("synops_per_image", kind="stable", ignore_index=True)


def cheapest_shown(judged: pd.DataFrame) -> int:
    """Index of the recommended row.

    judged: candidates with accuracy, synops and within_margin on other images than those of the
        search. If none is within the margin, the most accurate one is recommended, as no better
        one is known.
    """
    shown = judged[judged["within_margin"]]
    if shown.empty:
        order = judged.sort_values(["accuracy", "synops_per_image"], ascending=[False, True])
    else:
        order = shown.sort_values(["synops_per_image", "accuracy"], ascending=[True, False])
    return int(order.index[0])


def _kind(setting: Setting) -> str:
    scales = setting.scale_firing_rates
    several = isinstance(scales, tuple) and len({scale for _, scale in scales}) > 1
    return "by_layer" if several else "uniform"


def _of_kind(tried: pd.DataFrame, margin: Margin) -> pd.DataFrame:
    if tried.empty:
        return tried
    accepted = UNLUCKY * margin.accepted(tried["ann_accuracy"])
    left = tried[within_margin(tried["ann_accuracy"] - tried["accuracy"], accepted)]
    found = [pareto_front(tried).iloc[[-1]]]
    left = left.drop(found[0].index, errors="ignore")
    while (wanted := CONTENDERS - sum(map(len, found))) > 0 and len(left):
        front = pareto_front(left)
        left = left.drop(front.index)
        found.append(evenly_in_cost(front, wanted))
    return pd.concat(found)


def evenly_in_cost(front: pd.DataFrame, wanted: int) -> pd.DataFrame:
    """At most so many rows of a front: those next below evenly spaced logarithms of the cost."""
    if len(front) <= wanted:
        return front
    # A silent network has no synops.
    costs = np.log(front["synops_per_image"].clip(lower=1))
    goals = np.linspace(costs.iloc[0], costs.iloc[-1], wanted)
    places = np.searchsorted(costs, goals + 1e-9, side="right") - 1
    return front.iloc[np.unique(places)]
