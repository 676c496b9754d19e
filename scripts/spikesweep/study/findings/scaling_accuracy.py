"""Claim: scaling the firing rates raises a spiking network's accuracy, up to that of its ANN.

That accuracy rises from chance cannot fail. Effect: accuracy at the largest scale minus the ANN's,
image by image, at the synapse that is best there, chosen on the other seeds. The note says where
accuracy saturates.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from spikesweep.statistics.intervals import geometric_interval
from spikesweep.statistics.margins import within_margin
from spikesweep.study.findings.evidence import Paired
from spikesweep.study.findings.finding import ORIGINAL, Claim, Finding
from spikesweep.study.findings.operating_range import scale_reaching
from spikesweep.study.findings.sweep_grid import SweepGrid, best_elsewhere
from spikesweep.study.findings.units import ACCURACY
from spikesweep.words import counted, digits, points

# Of the ANN's accuracy.
SATURATION = (0.95, 0.99)


def scaling_accuracy(grids: Iterable[SweepGrid], config: Mapping[str, Any]) -> list[Finding]:
    """Judge the claim on each network of the sweep.

    config: confidence, affordable; accuracy_margin, the loss that counts as none.
    """
    claim = Claim(
        name="scaling raises accuracy",
        statement="Scaling the firing rates raises accuracy to that of the ANN",
        origin=ORIGINAL,
        effect=(
            "accuracy at the largest scale less the ANN's, at the synapse that is best there "
            "(chosen on the other seeds)"
        ),
        unit=ACCURACY,
        threshold=-config["accuracy_margin"],
        figure="accuracy_and_cost/{network}",
    )
    one_scale = "only one scale was swept"
    unscaled = "it is as accurate as the ANN at the smallest scale"
    findings = []
    for grid in grids:
        chosen = best_elsewhere(grid.accuracy[:, :, -1])
        by_scale = grid.correct[np.arange(grid.seeds), chosen].astype(float)
        lost = grid.ann_correct.mean() - by_scale[:, 0].mean()
        if len(grid.scales) < 2:
            findings.append(claim.not_run(one_scale, grid.network))
        elif within_margin(lost, config["accuracy_margin"]):
            findings.append(claim.not_run(unscaled, grid.network))
        else:
            differences = by_scale[:, -1] - grid.ann_correct
            evidence = Paired(grid.network, differences, grid.draws, choices=len(grid.synapses))
            note = _saturation(grid, by_scale.mean(axis=-1), config["confidence"])
            findings.append(claim.judge(evidence, config, note=note))
    return claim.of_every_network(findings, f"{one_scale}, or {unscaled}", config)


def _saturation(grid: SweepGrid, accuracy: np.ndarray, confidence: float) -> str:
    """At which scale the shares of the ANN's accuracy are reached. accuracy: (seeds, scales)."""
    ann = grid.ann_correct.mean(axis=1)
    said = []
    for share in SATURATION:
        reached = [
            scale_reaching(share * of_ann, grid.scales, of_seed)
            for of_ann, of_seed in zip(ann, accuracy, strict=True)
        ]
        found = [scale for scale in reached if scale]
        level = f"{points(share, 'g')} % of the ANN's accuracy"
        if len(found) < len(reached):
            seeds = f"{len(reached) - len(found)} of {counted(len(reached), 'seed')}"
            said.append(f"{level} is not reached by {seeds}")
            continue
        scale, low, high = geometric_interval(found, confidence)
        interval = "" if np.isnan(low) else f" ({digits(low)} to {digits(high)})"
        said.append(f"{level} is reached at scale {digits(scale)}{interval}")
    return f"{'; '.join(said)}."
