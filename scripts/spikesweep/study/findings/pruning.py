"""Claim: a simple CNN loses up to 80 % of its weights before its training accuracy falls.

Effect: the change of training accuracy without 80 % of the weights, each seed compared with its own
unpruned network. All training images are measured, so seeds alone are a sample. Accuracy has
fallen if the change is larger than the smallest effect that counts. The claim was made of a network
that was trained on all of MNIST, so the network that was trained on most images decides; how much
one that was trained on fewer images can lose is another question.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from spikesweep.study.findings.evidence import PerSeed
from spikesweep.study.findings.finding import ORIGINAL, Claim, Finding
from spikesweep.study.findings.units import ACCURACY
from spikesweep.study.pruning.lost import training_lost_at_published
from spikesweep.study.pruning.unpruned import PUBLISHED_SPARSITY

_PUBLISHED = f"{100 * PUBLISHED_SPARSITY:g} %"


def pruning(accuracy: pd.DataFrame, config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each pruned network, that with most training images first.

    accuracy: the pruning study's accuracies; may be empty. config: margins, and what `judge` takes.
    """
    margin = config["margins"]["accuracy"]
    if accuracy.empty:
        return [_claim(margin).not_run("pruning is not in study.parts")]
    lost = training_lost_at_published(accuracy)
    lost = lost[lost["method"] == "magnitude"]
    if lost.empty:
        return [_claim(margin).not_run(f"no network lost {_PUBLISHED} of its single weights")]
    findings = [
        _claim(margin, int(-most)).judge(
            PerSeed(str(network), -rows["lost"].to_numpy(), int(-most)), config
        )
        for (most, network), rows in lost.assign(most=-lost["images"]).groupby(["most", "network"])
    ]
    decisive = findings[0]
    rule = f"As on {decisive.network}, which was trained on most images. {decisive.rule}"
    return [replace(decisive, network="", figure="findings", rule=rule), *findings]


def _claim(margin: float, images: int | None = None) -> Claim:
    of_which = f" of a network trained on {images:,} images" if images else ""
    return Claim(
        name="pruning",
        statement=(
            f"A simple CNN can lose up to {_PUBLISHED} of its weights before its training accuracy "
            "on MNIST begins to fall"
        ),
        origin=ORIGINAL,
        effect=f"change of training accuracy{of_which} without {_PUBLISHED} of the weights",
        unit=ACCURACY,
        threshold=-margin,
        figure="pruning_accuracy",
    )
