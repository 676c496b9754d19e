"""All claims that one study is asked about, judged on what it answered.

Whoever repeats a study with other neurons asks the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from spikesweep.experiments.answered import Answered
from spikesweep.study.findings.finding import Finding
from spikesweep.study.findings.interior_synapse import interior_synapse
from spikesweep.study.findings.layer_position import CLAIMED_HALVES, layer_position
from spikesweep.study.findings.layer_study import layer_studies
from spikesweep.study.findings.low_rate_layers import low_rate_layers
from spikesweep.study.findings.own_synapse import own_synapse
from spikesweep.study.findings.scaling_accuracy import scaling_accuracy
from spikesweep.study.findings.scaling_cost import scaling_cost
from spikesweep.study.findings.sweep_grid import sweep_grids
from spikesweep.study.layer_scaling.gains import COMPARISONS


def on_sweeps(sweeps: Iterable[Answered], config: Mapping[str, Any]) -> list[Finding]:
    """Claims about synapse and scale. sweeps: every synapse with every scale, by network."""
    grids = sweep_grids(sweeps, tuple(config["operating_range"]))
    judges = (interior_synapse, own_synapse, scaling_accuracy, scaling_cost)
    return [finding for judge in judges for finding in judge(grids, config)]


def on_layers(
    studies: Iterable[Answered] | None, matched: pd.DataFrame, config: Mapping[str, Any]
) -> list[Finding]:
    """Claims about early and late layers.

    studies: None if the study of layers did not run. matched: the result of `matched_budgets`.
    """
    found = None if studies is None else layer_studies(studies, matched)
    return [
        finding
        for claimed in CLAIMED_HALVES
        for comparison in COMPARISONS
        for finding in layer_position(found, claimed, comparison, config)
    ]


def on_rates(studies: Iterable[Answered], config: Mapping[str, Any]) -> list[Finding]:
    """Claims about layers that fire slowly."""
    return low_rate_layers(list(studies), config)
