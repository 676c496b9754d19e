"""Accuracies of a sweep by synapse, seed and scale, and which synapse is best.

The best synapse is the one with the highest accuracy averaged over all scales that were swept,
so that no scale has to be chosen as well. It is chosen for each seed on the other seeds: chosen
on the same seed, it would look better than it is. Seeds then differ by their choices, too, which
rightly widens an interval over seeds where the choice is a close one.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

# `none` filters least: it sorts before every time constant.
_NONE = -1.0


def by_network(sweeps: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame, int]]:
    """For each network: its name, its `accuracy_grid`, and how many images were shown."""
    for network, rows in sweeps.groupby("network", sort=False):
        yield str(network), accuracy_grid(rows), int(rows["images"].min())


def accuracy_grid(sweep: pd.DataFrame) -> pd.DataFrame:
    """Accuracies of one network: a row per synapse, from none to long, columns (seed, scale)."""
    ordered = sweep.assign(synapse_s=sweep["synapse_s"].fillna(_NONE))
    columns = ["seed", "scale_firing_rates"]
    grid = ordered.pivot(index="synapse_s", columns=columns, values="accuracy")
    return grid.sort_index().sort_index(axis=1)


def seeds_of(grid: pd.DataFrame) -> list[int]:
    """The seeds of a grid."""
    return list(grid.columns.unique("seed"))


def best_elsewhere(grid: pd.DataFrame) -> list[float]:
    """For each seed, the synapse that is best on the others; a lone seed chooses for itself."""
    curves = grid.T.groupby(level="seed").mean().T
    chosen = []
    for seed in curves:
        others = curves.drop(columns=seed) if curves.shape[1] > 1 else curves
        chosen.append(others.mean(axis=1).idxmax())
    return chosen


def accuracies_at(grid: pd.DataFrame, synapses: list[float]) -> NDArray[np.float64]:
    """Accuracies of each seed at its own synapse, shape (seeds, scales)."""
    pairs = zip(seeds_of(grid), synapses, strict=True)
    return np.array([grid.loc[synapse, seed].to_numpy() for seed, synapse in pairs])
