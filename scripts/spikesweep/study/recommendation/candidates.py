"""The candidates that were judged, which of them is recommended, and what each kind costs."""

from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.readings import CANDIDATE_COLUMNS, Candidate
from spikesweep.statistics.margins import ROUNDING, Margin
from spikesweep.statistics.paired_loss import paired_loss
from spikesweep.statistics.stepdown import step_down
from spikesweep.study.recommendation.choose import (
    KINDS,
    cheapest_shown,
    contenders,
    with_kind,
)
from spikesweep.study.recommendation.evaluate import Evaluator
from spikesweep.study.recommendation.savings import Costs, saving_at


def candidate_table(search: pd.DataFrame, judge: Evaluator, config: dict[str, Any]) -> pd.DataFrame:
    """One row per candidate that was judged, the recommended one marked.

    judge: evaluates on images that had no part in the search.
    config: accuracy_margin, confidence, bootstrap, bootstrap_seed.

    kind: `by_layer`, or `uniform` if all layers have one scale.
    accuracy, loss and costs are what `judge` finds, over all seeds; search_accuracy is on the
        images of the search. loss_low, loss_high: interval of this candidate's loss alone;
        loss_at_most: upper bound that holds for all candidates at once.
    accepted_loss: what the margin allows at the accuracy of the ANN.
    p_adjusted: of the test that the loss is above that, corrected for the number of candidates.
    within_margin: whether it was shown to stay within the margin.
    """
    margin = Margin.from_config(config["accuracy_margin"])
    found = contenders(with_kind(search), margin).rename(columns={"accuracy": "search_accuracy"})
    candidates = [Candidate.from_table(row) for _, row in found.iterrows()]
    # All at once, so that the engine shares what they have in common.
    judge(candidate.setting for candidate in candidates)
    numbers = pd.DataFrame(_numbers(judge, one, config["confidence"]) for one in candidates)
    table = pd.concat([found[["kind", *CANDIDATE_COLUMNS, "search_accuracy"]], numbers], axis=1)
    ann = margin.lowest(judge.ann_correct)
    tested = step_down(
        np.array([ann - judge.correct(candidate) for candidate in candidates]),
        margin.of_images + ROUNDING,
        confidence=config["confidence"],
        draws=config["bootstrap"],
        seed=config["bootstrap_seed"],
    )
    accepted = margin.accepted(judge.ann_accuracy)
    # What is lost beyond the accepted loss, on top of it.
    table["loss_at_most"] = tested.at_most - margin.of_images + accepted
    table["accepted_loss"] = accepted
    table["p_adjusted"] = tested.p
    table["within_margin"] = tested.p <= 1 - config["confidence"]
    table["chosen"] = table.index == cheapest_shown(table)
    return table


def savings_table(
    candidates: pd.DataFrame, judge: Evaluator, config: dict[str, Any]
) -> pd.DataFrame:
    """One row: what scales by layer save at the accepted loss, see `saving_at`.

    candidates: what `judge` has judged, see `candidate_table`.
    config: accuracy_margin, confidence, bootstrap, bootstrap_seed.

    saving: share of the synops; saving_verdict: see `Saving.words`.
    """
    margin = Margin.from_config(config["accuracy_margin"])
    accepted = float(margin.accepted(judge.ann_accuracy))
    by_layer, uniform = (_costs(candidates[candidates["kind"] == kind], judge) for kind in KINDS)
    saving = saving_at(
        accepted + ROUNDING,
        by_layer,
        uniform,
        confidence=config["confidence"],
        resamples=config["bootstrap"],
        seed=config["bootstrap_seed"],
    )
    return pd.DataFrame(
        {
            "accepted_loss": accepted,
            "by_layer_synops_per_image": saving.by_layer,
            "uniform_synops_per_image": saving.uniform,
            "saving": saving.saved,
            "saving_low": saving.low,
            "saving_high": saving.high,
            "saving_verdict": saving.words(),
        },
        index=[0],
    )


def _costs(rows: pd.DataFrame, judge: Evaluator) -> Costs:
    ann = judge.ann_correct.astype(float)
    lost = [ann - judge.correct(Candidate.from_table(row)) for _, row in rows.iterrows()]
    return Costs(rows["synops_per_image"].to_numpy(), np.reshape(lost, (len(rows), len(ann))))


def _numbers(judge: Evaluator, candidate: Candidate, confidence: float) -> dict[str, float]:
    """Accuracy and cost of a candidate, means over the seeds."""
    found = judge.evaluation(candidate)
    loss = paired_loss(judge.ann_correct, judge.correct(candidate), confidence)
    return {
        "seeds": len(judge.experiments),
        "images": judge.images,
        "accuracy": found.accuracy,
        "ann_accuracy": judge.ann_accuracy,
        "loss": loss.loss,
        "loss_low": loss.low,
        "loss_high": loss.high,
        "spikes_per_image": found.spikes_per_image,
        "synops_per_image": found.synops_per_image,
    }
