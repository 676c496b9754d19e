"""Tables of what published scales and ours cost at the same loss of accuracy."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.simulation.setting import Setting
from spikesweep.statistics.margins import ROUNDING, Margin
from spikesweep.statistics.paired_loss import paired_loss
from spikesweep.study.recommendation.baselines.judge import Judged
from spikesweep.study.recommendation.savings import Costs, log_cost, saving_at

# The name of our own settings in tables: those that the recommendation judged, and with signed
# neurons those of a search by additive sensitivity on top of the best published method.
OURS = "searched"


def judged_settings(
    facts: dict[str, Any],
    found: Mapping[str, Judged],
    ann_correct: np.ndarray,
    config: dict[str, Any],
) -> pd.DataFrame:
    """One row per judged setting: how it was read, what it lost, and what it cost.

    setting: the factor of a published method, or the scales of ours.
    loss: against the trained network on the same images, with its interval for paired images.
    """
    rows = []
    for method, one in found.items():
        for row, right in zip(one.table.to_dict("records"), one.correct, strict=True):
            loss = paired_loss(ann_correct, right, config["confidence"])
            rows.append(
                {
                    **facts,
                    "method": method,
                    "setting": _text(row["key"]),
                    "steps": row["steps"],
                    "readout": row["readout"],
                    "images": len(right) // facts["seeds"],
                    "search_accuracy": row["search_accuracy"],
                    "accuracy": right.mean(),
                    "ann_accuracy": ann_correct.mean(),
                    "loss": loss.loss,
                    "loss_low": loss.low,
                    "loss_high": loss.high,
                    "synops_per_image": row["synops_per_image"],
                }
            )
    return pd.DataFrame(rows)


def compared_methods(
    facts: dict[str, Any],
    picked: Mapping[str, pd.DataFrame],
    found: Mapping[str, Judged],
    ann_correct: np.ndarray,
    config: dict[str, Any],
) -> pd.DataFrame:
    """One row per method, ours first: what it costs at the accepted loss, and what ours saves.

    picked: see `chosen`. found: those that were judged, ours among them.

    search_synops_per_image, search_accuracy: of its cheapest setting that lost no more than is
        accepted on the images of the search, or of the most accurate one. The other numbers are
        those of images on which nothing was chosen, and empty if the method was not judged:
    synops_per_image: at the accepted loss, interpolated between the judged settings, see
        `savings`; empty, too, if they all lose more, or all less.
    least_loss: of the judged settings.
    saving: share of these synops that ours saves, with its interval; saving_verdict: see
        `Saving.words`.
    best: the cheapest of the others at that loss.
    """
    accepted = float(Margin.from_config(config["accuracy_margin"]).accepted(ann_correct.mean()))
    costs = {method: one.costs(ann_correct) for method, one in found.items()}
    costs[OURS] = _at_most_the_cheapest(costs[OURS], ann_correct)
    facts = facts | {"images": len(ann_correct) // facts["seeds"], "accepted_loss": accepted}
    table = pd.DataFrame(
        {
            **facts,
            "method": method,
            **_searched(picked.get(method)),
            **_cost(method, costs, accepted, config),
        }
        for method in (OURS, *picked)
    )
    others = table["synops_per_image"].where(table["method"] != OURS)
    return table.assign(best=others == others.min())


def _searched(picked: pd.DataFrame | None) -> dict[str, float]:
    if picked is None:
        return {"search_synops_per_image": np.nan, "search_accuracy": np.nan}
    [best] = picked[picked["best"]].itertuples()
    return {
        "search_synops_per_image": best.synops_per_image,
        "search_accuracy": best.accuracy,
    }


def _cost(
    method: str, costs: Mapping[str, Costs], accepted: float, config: dict[str, Any]
) -> dict[str, Any]:
    if method not in costs:
        return {"judged": False}
    theirs = costs[method]
    losses = theirs.lost.mean(axis=1)
    cost = float(np.exp(log_cost(theirs, losses, accepted + ROUNDING)))
    saving = saving_at(
        accepted + ROUNDING,
        costs[OURS],
        theirs,
        confidence=config["confidence"],
        resamples=config["bootstrap"],
        seed=config["bootstrap_seed"],
    )
    return {
        "judged": True,
        "synops_per_image": cost if 0 < cost < np.inf else np.nan,
        "least_loss": losses.min(),
        "saving": saving.saved,
        "saving_low": saving.low,
        "saving_high": saving.high,
        "saving_verdict": saving.words(),
    }


def _at_most_the_cheapest(ours: Costs, ann_correct: np.ndarray) -> Costs:
    """If even our cheapest judged setting loses less than is accepted, what it costs counts.

    Below it, all accuracy is taken to be lost. A cheaper setting would do, so this is never in our
    favour.
    """
    lowest = np.nextafter(ours.synops.min(), 0)
    return Costs(np.append(ours.synops, lowest), np.vstack([ours.lost, ann_correct]))


def _text(key: Any) -> str:
    return f"{key.table_scale if isinstance(key, Setting) else key}"
