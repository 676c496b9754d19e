"""The tables of the pruning study, made from those of its networks."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.files import write_csv
from spikesweep.study.pruning.knee import knees
from spikesweep.study.pruning.scale import pruned_scale
from spikesweep.tables import read_tables

_VARIANT = ["network", "seed", "method", "target_sparsity"]


def tabulate_pruning(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Join the pruned networks' tables, find knees and the scales needed, and write all tables.

    inputs: accuracy, layer_sparsity: of every pruned network and seed; sweeps: of those that were
        converted. outputs: accuracy, spiking; knee, scale: see `knees` and `pruned_scale`.
    config: knee_margin, confidence.

    Raises UserError if there is no unpruned network among them.
    """
    margin, confidence = config["knee_margin"], config["confidence"]
    accuracy = pruning_accuracy(
        read_tables(inputs["accuracy"]), read_tables(inputs["layer_sparsity"])
    )
    write_csv(accuracy, outputs["accuracy"])
    write_csv(knees(accuracy, margin=margin, confidence=confidence), outputs["knee"])
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
    return table


def pruned_spiking(sweeps: pd.DataFrame, accuracy: pd.DataFrame) -> pd.DataFrame:
    """The sweeps of the converted networks, with the sparsity of each."""
    return accuracy[[*_VARIANT, "sparsity"]].merge(sweeps, on=["network", "seed"])
