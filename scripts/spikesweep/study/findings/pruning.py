"""Claim: a simple CNN loses up to 80 % of its weights before its training accuracy falls.

Effect: the knee of magnitude pruning on the training images, the sparsity up to which accuracy
stays within a margin of the unpruned network's. Knee and interval are the pruning study's.
"""

import pandas as pd

from spikesweep.study.findings.finding import SPARSITY, Claim, Effect, Finding

CLAIMED_SPARSITY = 0.8


def pruning(knee: pd.DataFrame) -> list[Finding]:
    """Judge the claim on the pruned network. knee: rows of the pruning study, or none."""
    claim = Claim(
        name="pruning",
        statement=(
            f"A simple CNN can lose up to {100 * CLAIMED_SPARSITY:g} % of its weights before its "
            "training accuracy on MNIST begins to fall"
        ),
        effect="largest share of weights without which training accuracy has not fallen",
        unit=SPARSITY,
        threshold=CLAIMED_SPARSITY,
        figure="pruning_accuracy",
    )
    if knee.empty:
        return [claim.not_run("pruning is not in study.parts")]
    rows = knee[(knee["method"] == "magnitude") & (knee["split"] == "train")]
    if rows.empty:
        return [claim.not_run("no weights were pruned by magnitude")]
    row = rows.iloc[0]
    interval = (float(row[f"knee_{name}"]) for name in ("sparsity", "low", "high"))
    return [claim.judge(Effect(*interval, int(row["seeds"]), str(row["method_of_interval"])))]
