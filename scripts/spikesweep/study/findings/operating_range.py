"""The scales at which a network is neither useless nor perfect, where settings can differ.

An average over all scales that happen to be listed would be one over chance levels and ceilings,
and change with the list. The operating range of a network lies between the scales at which its
best synapse reaches two shares of the ANN's accuracy. An average over it is an integral over the
logarithm of the scale, between which accuracies are taken as linear: more scales in the list make
it finer, not another one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def operating_range(
    scales: Array, accuracy: Array, ann_accuracy: float, shares: Sequence[float]
) -> tuple[float, float] | None:
    """The lowest and the highest scale of the range.

    scales: ascending; accuracy: at each of them, of the best synapse.
    shares: of the ANN's accuracy, the lower and the higher one.

    A range that does not begin or end within the scales begins or ends with them. None if all of
    them lie below the range, or all above it.
    """
    reached = np.maximum.accumulate(accuracy)
    lower, higher = (share * ann_accuracy for share in shares)
    if reached[-1] < lower or reached[0] >= higher:
        return None
    low = scale_reaching(lower, scales, accuracy) or float(scales[0])
    high = scale_reaching(higher, scales, accuracy) or float(scales[-1])
    return (low, high) if low < high else None


def scale_reaching(level: float, scales: Array, accuracy: Array) -> float | None:
    """The lowest scale at which an accuracy is reached; None if it is reached at none.

    Between two scales the accuracy is linear in the logarithm of the scale.
    """
    above = np.flatnonzero(accuracy >= level)
    if not len(above):
        return None
    first = above[0]
    if first == 0:
        return float(scales[0])
    around = [first - 1, first]
    return float(np.exp(np.interp(level, accuracy[around], np.log(scales[around]))))


def weights_over(scales: Array, chosen: tuple[float, float]) -> Array:
    """Weights, (scales,), with which values at the scales average over a range of them."""
    logs, (low, high) = np.log(scales), np.log(chosen)
    inside = logs[(logs > low) & (logs < high)]
    nodes = np.array([low, *inside, high])
    at_nodes = np.array([np.interp(nodes, logs, unit) for unit in np.eye(len(scales))])
    return np.trapezoid(at_nodes, nodes, axis=1) / (high - low)
