"""The tables of the preprocessing study: those of its networks in, the study's out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spikesweep.study.preprocessing.ranking import (
    gap_over_epochs,
    rank_techniques,
    spiking_by_technique,
    training_cost,
)
from spikesweep.tables import read_tables, write_csv


def tabulate_preprocessing(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Compare the techniques: as trained, over the epochs, as spiking networks, by their cost.

    inputs: history, accuracy, metadata: of every training; sweeps: of those that were converted.
    outputs: ranking, gap, spiking, cost: see `rank_techniques`, `gap_over_epochs`,
        `spiking_by_technique` and `training_cost`.
    config: confidence.

    Raises:
        UserError: a training did not write the test accuracy of its epochs down.
    """
    confidence = config["confidence"]
    accuracy, sweeps, history = (
        read_tables(inputs[name]) for name in ("accuracy", "sweeps", "history")
    )
    trainings = [json.loads(Path(path).read_text()) for path in inputs["metadata"]]
    ranking = rank_techniques(accuracy, history, sweeps, trainings, confidence)
    write_csv(ranking, outputs["ranking"])
    write_csv(gap_over_epochs(history, confidence), outputs["gap"])
    write_csv(spiking_by_technique(sweeps, confidence), outputs["spiking"])
    write_csv(training_cost(trainings), outputs["cost"])
