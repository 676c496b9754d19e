"""A sweep over synapse and scale, with the answer to every image."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikesweep.experiments.answered import Answered
from spikesweep.study.findings.operating_range import operating_range, weights_over

Array = NDArray[np.float64]

# `none` filters least: it sorts before every time constant.
_NONE = -1.0


@dataclass(frozen=True, eq=False)
class SweepGrid:
    """One network's sweep.

    synapses, scales: ascending, no synapse first, as -1. correct: (seeds, synapses, scales,
    images) at the last step; synops: (seeds, synapses, scales), per image. ann_correct: (seeds,
    images). draws: (images,). shares: of the ANN's accuracy, between which settings are compared.
    """

    network: str
    synapses: Array
    scales: Array
    correct: NDArray[np.bool_]
    synops: Array
    ann_correct: NDArray[np.bool_]
    draws: NDArray[np.int64]
    shares: tuple[float, float]

    @cached_property
    def accuracy(self) -> Array:
        """(seeds, synapses, scales)."""
        return self.correct.mean(axis=-1)

    @property
    def seeds(self) -> int:
        """How many seeds."""
        return len(self.correct)

    @cached_property
    def operating_range(self) -> tuple[float, float] | None:
        """Lowest and highest scale of the operating range; see that module."""
        best = self.accuracy.mean(axis=0).max(axis=0)
        return operating_range(self.scales, best, float(self.ann_correct.mean()), self.shares)

    @cached_property
    def curves(self) -> Array:
        """Accuracy averaged over the operating range, (seeds, synapses)."""
        return self.accuracy @ self._weights

    def answers_at(self, synapses: Sequence[int]) -> Array:
        """Answers averaged over the operating range, (seeds, images), of each seed at a synapse.

        synapses: index of a synapse for each seed.
        """
        chosen = self.correct[np.arange(self.seeds), list(synapses)].astype(float)
        return np.tensordot(chosen, self._weights, axes=(1, 0))

    @cached_property
    def _weights(self) -> Array:
        if self.operating_range is None:
            raise ValueError(f"{self.network} has no operating range")
        return weights_over(self.scales, self.operating_range)


def sweep_grids(sweeps: Iterable[Answered], shares: tuple[float, float]) -> list[SweepGrid]:
    """The grid of each network."""
    return [_grid(sweep, shares) for sweep in sweeps]


def best_elsewhere(curves: Array, among: Sequence[int] | None = None) -> list[int]:
    """For each seed, the synapse that is best on the others; a lone seed chooses for itself.

    curves: (seeds, synapses). among: indices of the synapses to choose from; all by default.
    Chosen on its own accuracy, a synapse would look better than it is.
    """
    allowed = np.arange(curves.shape[1]) if among is None else np.asarray(among)
    chosen = []
    for seed in range(len(curves)):
        others = np.delete(curves, seed, axis=0) if len(curves) > 1 else curves
        chosen.append(int(allowed[others.mean(axis=0)[allowed].argmax()]))
    return chosen


def _grid(sweep: Answered, shares: tuple[float, float]) -> SweepGrid:
    orders = [_order(table) for table in sweep.tables]
    ordered = [table.iloc[rows] for table, rows in zip(sweep.tables, orders, strict=True)]
    synapses = ordered[0]["synapse_s"].fillna(_NONE).unique()
    scales = np.sort(ordered[0]["scale_firing_rates"].unique())
    shape = (len(orders), len(synapses), len(scales))
    correct = [bits[rows] for bits, rows in zip(sweep.correct, orders, strict=True)]
    return SweepGrid(
        network=sweep.network,
        synapses=synapses,
        scales=scales,
        correct=np.reshape(correct, (*shape, -1)),
        synops=np.reshape([table["synops_per_image"] for table in ordered], shape),
        ann_correct=sweep.ann_correct,
        draws=sweep.draws,
        shares=shares,
    )


def _order(table: pd.DataFrame) -> NDArray[np.intp]:
    """Rows by synapse, then by scale."""
    return np.lexsort((table["scale_firing_rates"], table["synapse_s"].fillna(_NONE)))
