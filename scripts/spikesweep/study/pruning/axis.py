"""The axis and the names that the pruning figures share."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from matplotlib.axes import Axes

from spikesweep.words import points

METHODS = {"magnitude": "single weights", "structured": "whole units"}
MARKERS = {"magnitude": "o", "structured": "s"}
LINES = {"magnitude": "-", "structured": "--"}

# Labelled if they are in view, since all tested sparsities would be too many.
_LABELLED = (0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999)


def show_sparsities(
    axes: Axes, sparsities: Iterable[float], which: Literal["x", "y"] = "x"
) -> None:
    """Scale an axis by the logarithm of what is left, with small ticks at `sparsities`.

    Halving the weights is the same distance everywhere, so 90 to 99 % takes as much room as 0 to
    90 %.
    """
    levels = sorted(set(sparsities))
    # View limits can briefly leave the range; the logarithm of zero must not fail then.
    functions = (
        lambda sparsity: -np.log10(np.maximum(1 - np.asarray(sparsity, float), 1e-9)),
        lambda places: 1 - 10.0 ** -np.asarray(places, float),
    )
    axis, set_scale = {
        "x": (axes.xaxis, axes.set_xscale),
        "y": (axes.yaxis, axes.set_yscale),
    }[which]
    set_scale("function", functions=functions)
    limits = 1 - 1.13 * (1 - levels[0]), 1 - (1 - levels[-1]) / 1.13
    axes.set(**{f"{which}lim": limits, f"{which}label": "sparsity (%)"})
    labelled = [level for level in _LABELLED if levels[0] <= level <= levels[-1]] or levels
    axis.set_ticks(labelled, labels=[points(level, "g") for level in labelled])
    axis.set_ticks(levels, minor=True)
