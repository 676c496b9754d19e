"""Claim: a simple CNN loses up to 80 % of its weights before its training accuracy falls.

Effect: the knee of magnitude pruning on the training images, the sparsity up to which accuracy
stays within a margin of the unpruned network's. Knee and interval are the pruning study's.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.statistics.effect import Effect
from spikesweep.study.findings.evidence import Tabulated
from spikesweep.study.findings.finding import Claim, Finding
from spikesweep.study.findings.units import SPARSITY
from spikesweep.study.pruning.knee import PUBLISHED_SPARSITY


def pruning(knee: pd.DataFrame, config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on the pruned network. knee: rows of the pruning study; may be empty."""
    if knee.empty:
        return [_claim().not_run("pruning is not in study.parts")]
    rows = knee[(knee["method"] == "magnitude") & (knee["split"] == "train")]
    if rows.empty:
        return [_claim().not_run("no weights were pruned by magnitude")]
    row = rows.iloc[0]
    knee_at, low, high = (float(row[f"knee_{name}"]) for name in ("sparsity", "low", "high"))
    effect = Effect(knee_at, low, high, int(row["seeds"]), str(row["method_of_interval"]))
    # The number of training images moves the knee: for a small CNN from 52 % with 3,000 to 81 %
    # with 55,000.
    claim = _claim(f", of a network trained on {row['images']:,} images")
    return [claim.judge(Tabulated("", effect, config["confidence"]), config)]


def _claim(of_which: str = "") -> Claim:
    return Claim(
        name="pruning",
        statement=(
            f"A simple CNN can lose up to {100 * PUBLISHED_SPARSITY:g} % of its weights before its "
            "training accuracy on MNIST begins to fall"
        ),
        effect=f"largest share of weights without which training accuracy has not fallen{of_which}",
        unit=SPARSITY,
        threshold=PUBLISHED_SPARSITY,
        figure="pruning_accuracy",
    )
