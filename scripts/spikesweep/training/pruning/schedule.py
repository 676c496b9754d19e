"""When weights are removed: a share of them at regular steps, more of them early than late."""

from typing import TYPE_CHECKING

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.errors import UserError

if TYPE_CHECKING:
    from tensorflow_model_optimization.sparsity.keras import PolynomialDecay


def pruning_schedule(
    sparsity: float, steps: int, *, begin: float, end: float, every_steps: int
) -> "PolynomialDecay":
    """Sparsity over a training of `steps` steps, counted from 1.

    From 0 at `begin` to `sparsity` at `end` along s(t) = sparsity (1 - (1 - t)^3), t from 0 to 1
    between the two. Source: Zhu and Gupta (2017), "To prune, or not to prune", equation 1.

    begin, end: shares of the training.
    every_steps: steps from one removal to the next; fewer if the training is too short.

    Raises UserError if the shares are out of order.
    """
    if not 0 <= begin < end <= 1:
        raise UserError(
            f"pruning.schedule: begin is {begin:g} and end is {end:g}; they are shares of the "
            "training and must satisfy 0 <= begin < end <= 1"
        )
    first = int(begin * steps)
    between = max(1, int(end * steps) - first)
    every = min(every_steps, between)
    # The last removal must fall on the last step of the schedule, or the target is missed.
    last = first + between // every * every

    from tensorflow_model_optimization.sparsity.keras import PolynomialDecay

    return PolynomialDecay(0.0, sparsity, first, last, power=3, frequency=every)
