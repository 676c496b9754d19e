"""What a way to choose scales offers near the accepted loss, on images that it has not seen."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.operating_points import pareto_front
from spikesweep.experiments.readings import Reading
from spikesweep.statistics.margins import ROUNDING, within_margin
from spikesweep.study.recommendation.baselines.ways import Way
from spikesweep.study.recommendation.choose import evenly_in_cost
from spikesweep.study.recommendation.savings import Costs

# Of the settings that lose at most `UNLUCKY` times what is accepted, so many are judged.
UNLUCKY = 6
CONTENDERS = 12


@dataclass(frozen=True, eq=False)
class Judged:
    """Settings of one way, cheapest first, on images that had no part in choosing them.

    table: key, steps, readout, search_accuracy, accuracy, synops_per_image, spikes_per_image.
    correct: (settings, images of all seeds) bool.
    """

    table: pd.DataFrame
    correct: np.ndarray

    def costs(self, ann_correct: np.ndarray) -> Costs:
        """As `saving_at` compares them."""
        lost = ann_correct.astype(float) - self.correct
        return Costs(self.table["synops_per_image"].to_numpy(), lost)


def chosen(way: Way, ann_accuracy: float, accepted: float) -> pd.DataFrame:
    """Settings near the accepted loss, cheapest first, chosen on the images of the search.

    Those that no other is as cheap and as accurate as, and, since few images tell little about
    accuracy, those that no other is as cheap and as close to the class probabilities of the trained
    network as; of both, those that lose not much more than is accepted, evenly spaced in
    logarithmic cost if they are many, and always the most accurate one.

    best: the cheapest that loses no more than is accepted, or else the most accurate one.
    """
    found = way.run("search", way.keys)
    rows = [
        {
            "key": key,
            "reading": reading,
            "accuracy": np.mean([one[key, reading].correct.mean() for one in found]),
            "divergence": np.mean([one[key, reading].divergence for one in found]),
            "synops_per_image": np.mean([one[key, reading].synops_per_image for one in found]),
        }
        for key, reading in found[0]
    ]
    tried = pd.DataFrame(rows)
    accurate = pareto_front(tried)
    close = pareto_front(tried.assign(accuracy=-tried["divergence"]), worst=-np.inf)
    front = tried[tried.index.isin([*accurate.index, *close.index])]
    front = front.sort_values("synops_per_image", kind="stable").reset_index(drop=True)
    lost = ann_accuracy - front["accuracy"]
    enough = within_margin(lost, accepted)
    best = enough.idxmax() if enough.any() else front["accuracy"].idxmax()
    near = front[within_margin(lost, UNLUCKY * accepted) | (front.index == best)]
    kept = [best, near["accuracy"].idxmax(), *evenly_in_cost(near, CONTENDERS).index]
    return front.assign(best=front.index == best).loc[sorted(set(kept))]


def rank(picked: pd.DataFrame, goal: float) -> tuple[bool, float]:
    """For sorting: ways that are accurate enough on the images of the search come first, by cost.

    The others follow, by accuracy. goal: the lowest accuracy that is good enough.
    """
    [best] = picked[picked["best"]].itertuples()
    enough = best.accuracy >= goal - ROUNDING
    return not enough, best.synops_per_image if enough else -best.accuracy


def judged(way: Way, picked: pd.DataFrame) -> Judged:
    """The settings that `chosen` chose, on the images of the other part."""
    found = way.run("confirm", list(dict.fromkeys(picked["key"])))
    rows, correct = [], []
    for pick in picked.itertuples():
        outcomes = [one[pick.key, pick.reading] for one in found]
        right = np.concatenate([outcome.correct for outcome in outcomes])
        correct.append(right)
        rows.append(
            {
                "key": pick.key,
                **_read(pick.reading),
                "search_accuracy": pick.accuracy,
                "accuracy": right.mean(),
                "spikes_per_image": np.mean([one.spikes_per_image for one in outcomes]),
                "synops_per_image": np.mean([one.synops_per_image for one in outcomes]),
            }
        )
    return Judged(pd.DataFrame(rows), np.array(correct))


def _read(reading: Reading) -> dict[str, Any]:
    return {"steps": reading.steps, "readout": reading.readout}
