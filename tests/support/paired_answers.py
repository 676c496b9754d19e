"""Paired answers of several networks on the same images, with known truth."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm


@dataclass(frozen=True)
class Truth:
    """How two settings differ.

    effect: mean difference of their accuracies. seed_sd: how much it differs between networks.
    changed: share of the images that one of them gets right and the other does not.
    shared: how alike the networks are on one image, as a correlation between 0 and 1.
    """

    effect: float
    seed_sd: float
    changed: float
    shared: float

    def differences(self, rng: np.random.Generator, seeds: int, images: int) -> np.ndarray:
        """Differences of -1, 0 or 1, shape (seeds, images)."""
        of_seed = self.effect + self.seed_sd * rng.normal(size=(seeds, 1))
        won, lost = (np.clip((self.changed + sign * of_seed) / 2, 0, 1) for sign in (1, -1))
        ease = np.sqrt(self.shared) * rng.normal(size=images)
        luck = ease + np.sqrt(1 - self.shared) * rng.normal(size=(seeds, images))
        return (luck < norm.ppf(won)).astype(float) - (luck > norm.ppf(1 - lost))
