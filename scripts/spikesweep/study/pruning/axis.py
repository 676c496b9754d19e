"""The axis and the names that the pruning figures share."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from spikesweep.words import points

METHODS = {"magnitude": "single weights", "structured": "whole units"}
MARKERS = {"magnitude": "o", "structured": "s"}
LINES = {"magnitude": "-", "structured": "--"}


def show_sparsities(axes: Axes, sparsities: Iterable[float]) -> None:
    """Scale the horizontal axis by the logarithm of what is left, with ticks at `sparsities`.

    Halving the weights is the same distance everywhere, so 90 to 99 % takes as much room as 0 to
    90 %.
    """
    levels = sorted(set(sparsities))
    # View limits can briefly leave the range; the logarithm of zero must not fail then.
    axes.set_xscale(
        "function",
        functions=(
            lambda sparsity: -np.log10(np.maximum(1 - np.asarray(sparsity, float), 1e-9)),
            lambda places: 1 - 10.0 ** -np.asarray(places, float),
        ),
    )
    axes.set_xlim(1 - 1.13 * (1 - levels[0]), 1 - (1 - levels[-1]) / 1.13)
    axes.set_xticks(levels, labels=[points(level, "g") for level in levels])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("sparsity (%)")
