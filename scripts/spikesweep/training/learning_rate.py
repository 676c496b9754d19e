"""The learning rate of each step."""

import numpy as np

from spikesweep.training.settings import TrainingSettings


def learning_rates(settings: TrainingSettings, steps: int) -> np.ndarray:
    """(steps,) float32: rises to `settings.learning_rate` in the warm-up, then falls to zero.

    Neither the first step nor the last has a rate of zero: it would be wasted.
    """
    warm = round(settings.warm_up * steps)
    rising = np.arange(1, warm + 1) / (warm + 1)
    fallen = np.arange(steps - warm) / max(steps - warm, 1)
    falling = 1 - fallen if settings.decay == "linear" else (1 + np.cos(np.pi * fallen)) / 2
    return (settings.learning_rate * np.concatenate([rising, falling])).astype(np.float32)
