"""One trained network with neurons of one kind, and the images on which scales are compared."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from spikesweep.conversion.calibration.scales import Calibrated, calibrated
from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.readings import Reading
from spikesweep.simulation.as_rates import AsRates, as_rates
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork
from spikesweep.study.recommendation.evaluate import Outcome, outcomes


@dataclass(frozen=True, eq=False)
class Bench:
    """The network of one seed.

    images: training images from which scales are computed, as the network takes them.
    search, confirm: the network with the images on which a method's settings are chosen, and with
        those on which the chosen ones are judged; neither are training images.
    """

    images: np.ndarray
    search: Experiment
    confirm: Experiment

    @property
    def network(self) -> SpikingNetwork:
        """The network before any method changes it."""
        return self.search.network

    @cached_property
    def search_scores(self) -> np.ndarray:
        """Of the trained network on the images of the search, (images, classes)."""
        return self.as_rates(self.network, self.search.images).scores

    def as_rates(self, network: SpikingNetwork, images: np.ndarray) -> AsRates:
        """What a network gives with ReLUs in place of its neurons."""
        return as_rates(network, images, engine=self.search.engine, limits=self.search.limits)

    def calibrated(self, methods: Sequence[str]) -> dict[str, Calibrated]:
        """The network with the scales of each method."""
        found = self.as_rates(self.network, self.images).activations
        return {method: calibrated(self.network, found, method) for method in methods}

    def run(
        self,
        part: str,
        one: Calibrated,
        factors: Sequence[float],
        synapse_s: float | None,
        readings: Sequence[Reading],
        name: str,
    ) -> dict[tuple[float, Reading], Outcome]:
        """Multiply all scales by each factor, and read the answers in all ways.

        part: `search` or `confirm`. name: for the log.
        """
        experiment = self.on(part, one.network)
        settings = {factor: scaled(one, factor, synapse_s) for factor in factors}
        scores = self.search_scores if part == "search" else None
        found = outcomes(experiment, list(settings.values()), readings, name, scores)
        return {
            (factor, reading): found[setting][reading]
            for factor, setting in settings.items()
            for reading in readings
        }

    def on(self, part: str, network: SpikingNetwork) -> Experiment:
        """The images of a part, seen by a changed network."""
        experiment: Experiment = getattr(self, part)
        # A network that no longer draws its voltages has no other draws.
        draws = experiment.voltage_draws if network.start == self.network.start else 1
        return replace(experiment, network=network, voltage_draws=draws)


def scaled(one: Calibrated, factor: float, synapse_s: float | None) -> Setting:
    """All scales of a method multiplied by a factor."""
    scales = {layer: factor * scale for layer, scale in one.scales.items()}
    return Setting.per_layer(synapse_s, scales)
