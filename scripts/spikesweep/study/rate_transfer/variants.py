"""The same function with other firing rates: as trained, all layers alike, one layer slow."""

from collections.abc import Mapping

import numpy as np

TRAINED = "trained"
EQUAL = "equal"
SLOW = "slow_"

# Scale of each spiking layer: how many times faster it fires than in the unscaled network.
Scales = dict[str, float]


def variants(
    outputs: Mapping[str, float], mean_rate_hz: float, slow_factor: float
) -> dict[str, Scales]:
    """The scales of each variant of a network.

    outputs: mean output of each layer as rates, its mean rate in Hz at scale 1; none is zero.

    trained: all layers at one scale, such that the geometric mean of their mean rates is
        `mean_rate_hz`. Each layer keeps its rate in proportion to the others.
    equal: each layer's mean rate is `mean_rate_hz`; so the geometric mean is the same.
    slow_<layer>: as equal, but this layer fires `slow_factor` times slower.
    """
    equal = {name: mean_rate_hz / output for name, output in outputs.items()}
    geometric_mean = float(np.exp(np.mean(np.log(list(outputs.values())))))
    trained = mean_rate_hz / geometric_mean
    return {
        TRAINED: dict.fromkeys(outputs, trained),
        EQUAL: equal,
        **{f"{SLOW}{slow}": equal | {slow: equal[slow] / slow_factor} for slow in outputs},
    }


def slow_layer(variant: str) -> str | None:
    """The layer that a variant slows down, if it is one of these."""
    return variant.removeprefix(SLOW) if variant.startswith(SLOW) else None
