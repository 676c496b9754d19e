"""The tables of the pruning study, made from those of its networks."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.study.pruning.knee import knees
from spikesweep.study.pruning.lost import TestAnswers, lost_accuracy
from spikesweep.study.pruning.names import split_names
from spikesweep.study.pruning.scale import pruned_scale
from spikesweep.tables import read_table, read_tables, write_csv

_VARIANT = ["network", "seed", "method", "target_sparsity"]


def tabulate_pruning(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Join the pruned networks' tables, find losses, knees and scales, and write all tables.

    inputs: accuracy, test_correct, layer_sparsity: of every pruned network and seed, in the same
        order; sweeps: of those that were converted.
    outputs: accuracy, spiking; lost, knee, scale: see `lost_accuracy`, `knees`, `pruned_scale`.
    config: knee_margins, confidence.

    Raises UserError if there is no unpruned network among them.
    """
    confidence = config["confidence"]
    accuracy = pruning_accuracy(
        read_tables(inputs["accuracy"]), read_tables(inputs["layer_sparsity"])
    )
    write_csv(accuracy, outputs["accuracy"])
    answers = _test_answers(inputs["accuracy"], inputs["test_correct"])
    lost = lost_accuracy(accuracy, answers, confidence)
    write_csv(lost, outputs["lost"])
    write_csv(knees(lost, config["knee_margins"]), outputs["knee"])
    spiking = pruned_spiking(read_tables(inputs["sweeps"]), accuracy)
    write_csv(spiking, outputs["spiking"])
    write_csv(pruned_scale(spiking, confidence), outputs["scale"])


def pruning_accuracy(accuracy: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """One row per pruned network: its weights, its sparsity as reached, its accuracies and images.

    accuracy: one row per (network, seed, split); layers: one row per (network, seed, layer), with
    weights of the network before pruning and those of them that are left.
    """
    table = layers.groupby(_VARIANT, sort=False)[["weights", "nonzero"]].sum().reset_index()
    table = table.rename(columns={"nonzero": "nonzero_weights"})
    table.insert(len(_VARIANT), "sparsity", 1 - table["nonzero_weights"] / table["weights"])
    for split in ("train", "test"):
        of_split = accuracy[accuracy["split"] == split]
        measured = ["images", "accuracy", "accuracy_low", "accuracy_high"]
        of_split = of_split[["network", "seed", *measured]]
        columns = {name: f"{split}_{name}" for name in measured}
        table = table.merge(of_split.rename(columns=columns), on=["network", "seed"])
    return split_names(table)


def pruned_spiking(sweeps: pd.DataFrame, accuracy: pd.DataFrame) -> pd.DataFrame:
    """The sweeps of the converted networks, with the sparsity of each."""
    facts = ["network", "variant", "seed", "method", "target_sparsity", "sparsity"]
    return accuracy[facts].merge(split_names(sweeps), on=["network", "variant", "seed"])


def _test_answers(accuracy: Iterable[str], test_correct: Iterable[str]) -> TestAnswers:
    """Whether each network recognises each test image. Accuracies tell which network it is."""
    answers = {}
    for table, correct in zip(accuracy, test_correct, strict=True):
        first = split_names(read_table(table, nrows=1)).iloc[0]
        answers[first["network"], first["variant"], int(first["seed"])] = np.load(correct)
    return answers
