"""The tables of the pruning study, made from those of its networks."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from spikesweep.files import write_csv
from spikesweep.study.pruning.knee import knees
from spikesweep.study.pruning.scale import pruned_scale

_VARIANT = ["network", "seed", "method", "target_sparsity"]


def tabulate_pruning(
    *,
    accuracy_paths: Iterable[str | Path],
    layer_sparsity_paths: Iterable[str | Path],
    sweep_paths: Iterable[str | Path],
    accuracy_path: str | Path,
    knee_path: str | Path,
    spiking_path: str | Path,
    scale_path: str | Path,
    knee_margin: float,
    confidence: float,
) -> None:
    """Join the pruned networks' tables, find knees and the scales needed, and write all tables.

    accuracy_paths, layer_sparsity_paths: of every pruned network and seed.
    sweep_paths: of those that were converted.
    knee_path, scale_path: see `knees` and `pruned_scale`.

    Raises UserError if there is no unpruned network among them.
    """
    accuracy = pruning_accuracy(_joined(accuracy_paths), _joined(layer_sparsity_paths))
    write_csv(accuracy, accuracy_path)
    write_csv(knees(accuracy, margin=knee_margin, confidence=confidence), knee_path)
    spiking = pruned_spiking(_joined(sweep_paths), accuracy)
    write_csv(spiking, spiking_path)
    write_csv(pruned_scale(spiking, confidence), scale_path)


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


def _joined(paths: Iterable[str | Path]) -> pd.DataFrame:
    return pd.concat([pd.read_csv(path) for path in paths], ignore_index=True)
