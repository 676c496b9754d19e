"""What an effect was measured from, so that its interval holds at any confidence."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spikesweep.statistics.components import Components, variance_components
from spikesweep.statistics.crossed import crossed_effect
from spikesweep.statistics.effect import Effect
from spikesweep.statistics.intervals import mean_interval
from spikesweep.statistics.power import Design

Array = NDArray[np.float64]


class Evidence(Protocol):
    """An effect on one network, as measured."""

    @property
    def network(self) -> str:
        """The network."""

    @property
    def images(self) -> int:
        """How many images of each seed it was measured on."""

    def effect(self, confidence: float) -> Effect:
        """The effect with its two-sided interval."""

    def components(self) -> Components | None:
        """How much it varies and why, if that is known."""

    def design(self, confidence: float) -> Design:
        """What it was measured on."""


@dataclass(frozen=True, eq=False)
class Paired:
    """Differences between two settings, (seeds, images), paired by image and network.

    choices: see `crossed_effect`; draws: see `variance_components`.
    """

    network: str
    differences: Array = field(repr=False)
    draws: NDArray[np.int64] | None = field(default=None, repr=False)
    choices: int = 1

    @property
    def images(self) -> int:
        """How many images each seed answered."""
        return self.differences.shape[1]

    def effect(self, confidence: float) -> Effect:
        """The mean difference with its interval over seeds and images."""
        return crossed_effect(self.differences, confidence=confidence, choices=self.choices)

    def components(self) -> Components:
        """Variances between seeds, draws of the initial voltages, and images."""
        return variance_components(self.differences, self.draws)

    def design(self, confidence: float) -> Design:
        """Its seeds and images."""
        seeds, images = self.differences.shape
        return Design(seeds, images, confidence, self.choices)


@dataclass(frozen=True, eq=False)
class PerSeed:
    """One value per seed that has no single images to pair, such as an exponent.

    images: of how many it is the mean.
    """

    network: str
    values: Array
    images: int

    def effect(self, confidence: float) -> Effect:
        """The mean with Student's t interval over seeds; a single seed has none."""
        seeds = len(self.values)
        method = "Student's t over seeds" if seeds > 1 else "no interval: one seed"
        return Effect(*mean_interval(self.values, confidence), seeds, method)

    def components(self) -> Components | None:
        """The variance between seeds, which holds all others."""
        seeds = len(self.values)
        if seeds < 2:
            return None
        return Components(float(self.values.var(ddof=1)), 0.0, 0.0, 0.0, seeds, draws=1, images=0)

    def design(self, confidence: float) -> Design:
        """Its seeds."""
        return Design(len(self.values), images=0, confidence=confidence)
