"""The learning rate of each step."""

import numpy as np

from spikesweep.training.settings import TrainingSettings


def learning_rates(settings: TrainingSettings, steps: int) -> np.ndarray:
    """(steps,) float32: falls from `settings.learning_rate` to zero along half a cosine."""
    progress = np.arange(steps) / steps
    falling = (1 + np.cos(np.pi * progress)) / 2
    return (settings.learning_rate * falling).astype(np.float32)
