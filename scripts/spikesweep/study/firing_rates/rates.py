"""How fast the neurons of each layer fire."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.experiment import Experiment
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Spiking
from spikesweep.snn.neurons import saturated_interval_s
from spikesweep.statistics.intervals import mean_interval

PERCENTILES = {"p05": 5, "p25": 25, "median": 50, "p75": 75, "p95": 95, "p99": 99}
OUTCOMES = {"correct": True, "wrong": False}


@dataclass(frozen=True)
class RateTables:
    """The tidy tables of the rates.

    A rate is that of one neuron for one image: its spikes over the whole presentation,
    divided by its duration, in hertz.

    summary: one row per (setting, layer): mean and percentiles of the rates, the share of (image,
        neuron) pairs that are silent, and the share of those that are saturated: they fire
        at least once in every time step, or (LIF) at most one step later than the refractory
        period allows.
    histogram: one row per (setting, layer, bin) with the share of pairs in it. The first bin holds
        the silent pairs alone; the others have edges at 1, 2, 3, 4, 6, 8, 12, ... spikes, upper
        edge excluded.
    outcomes: one row per (setting, layer, outcome): the mean rate and the silent share on the
        images that are classified correctly at the last step, and on those that are not.
        mean_rate_low_hz, mean_rate_high_hz: t interval over the images, each image with the mean
        rate of its layer; empty below two images. Likewise for the silent share.
    """

    summary: pd.DataFrame
    histogram: pd.DataFrame
    outcomes: pd.DataFrame


def firing_rates(
    experiment: Experiment, settings: Sequence[Setting], name: str, *, confidence: float
) -> RateTables:
    """Probe every neuron of every spiking layer.

    name: for the log. confidence: of the intervals of `outcomes`.
    """
    network, steps = experiment.network, experiment.steps
    tallies: dict[tuple[Setting, str], _Tally] = {}
    for response in experiment.stream(settings, name, neuron_spikes=True):
        classes = response.predictions[:, -1]
        labels = experiment.sample.labels[response.first : response.first + len(classes)]
        right = classes == labels
        for layer_name, activity in response.layers.items():
            tally = tallies.setdefault((response.setting, layer_name), _Tally())
            assert activity.neuron_spikes is not None
            tally.add(activity.neuron_spikes, int(activity.synops.sum()), right)
    duration_s = steps * network.dt
    summary: list[dict[str, Any]] = []
    histogram: list[dict[str, Any]] = []
    outcomes: list[dict[str, Any]] = []
    for setting in settings:
        for depth, layer in enumerate(network.spiking_layers):
            tally = tallies[setting, layer.name]
            key = _key(setting, layer, depth)
            shares = tally.summary(duration_s, layer)
            shares["saturated_share"] = tally.share_from(
                _saturated_spikes(layer, steps, network.dt)
            )
            summary.append(key | {"neurons": layer.neurons} | shares)
            histogram.extend(key | row for row in tally.histogram(duration_s))
            outcomes.extend(key | row for row in tally.outcomes(duration_s, layer, confidence))
    return RateTables(pd.DataFrame(summary), pd.DataFrame(histogram), pd.DataFrame(outcomes))


def _key(setting: Setting, layer: Spiking, depth: int) -> dict[str, Any]:
    return {
        "synapse_s": setting.synapse_s,
        "scale_firing_rates": setting.table_scale,
        "layer": layer.name,
        "depth": depth,
    }


def _saturated_spikes(layer: Spiking, steps: int, dt: float) -> int:
    """Fewest spikes of a saturated neuron."""
    # Divisions of decimal fractions must not fall below whole numbers.
    return int(steps * dt / saturated_interval_s(layer.neuron, dt) + 1e-6)


class _Tally:
    """How many (image, neuron) pairs had how many spikes; spikes and silence by image.

    counts: the numbers of spikes that were found, ascending. pairs: how many pairs had each.
    """

    def __init__(self) -> None:
        # Not an array of all possible counts: at enormous scales it would take gigabytes.
        self.counts = np.zeros(0, np.int64)
        self.pairs = np.zeros(0, np.int64)
        self.synops = 0
        self.images: list[pd.DataFrame] = []

    def add(self, neuron_spikes: np.ndarray, synops: int, right: np.ndarray) -> None:
        found, pairs = np.unique(neuron_spikes, return_counts=True)
        together = np.append(self.counts, found)
        self.counts = np.unique(together)
        places = np.searchsorted(self.counts, together)
        # Exact: float64 holds whole numbers up to 2 ** 53.
        self.pairs = np.bincount(places, np.append(self.pairs, pairs)).astype(np.int64)
        self.synops += synops
        spikes, silent = neuron_spikes.sum(axis=1), (neuron_spikes == 0).sum(axis=1)
        self.images.append(pd.DataFrame({"right": right, "spikes": spikes, "silent": silent}))

    def summary(self, duration_s: float, layer: Spiking) -> dict[str, float]:
        pairs = self.pairs.sum()
        images = pairs / layer.neurons
        spikes = float(self.pairs @ self.counts)
        return {
            "mean_rate_hz": spikes / pairs / duration_s,
            **{
                f"{name}_rate_hz": self._percentile(percent) / duration_s
                for name, percent in PERCENTILES.items()
            },
            "max_rate_hz": self.counts[-1] / duration_s,
            "silent_share": self._pairs_between(0, 1) / pairs,
            "spikes_per_image": spikes / images,
            "synops_per_image": self.synops / images,
        }

    def share_from(self, spikes: int) -> float:
        """Share of the pairs with at least so many spikes."""
        return float(self.pairs[self.counts >= spikes].sum() / self.pairs.sum())

    def outcomes(
        self, duration_s: float, layer: Spiking, confidence: float
    ) -> list[dict[str, Any]]:
        images = pd.concat(self.images)
        rows = []
        for outcome, right in OUTCOMES.items():
            chosen = images[images["right"] == right]
            rates = chosen["spikes"] / layer.neurons / duration_s
            rate, rate_low, rate_high = mean_interval(rates, confidence)
            silent, silent_low, silent_high = mean_interval(
                chosen["silent"] / layer.neurons, confidence
            )
            rows.append(
                {
                    "outcome": outcome,
                    "images": len(rates),
                    "mean_rate_hz": rate,
                    "mean_rate_low_hz": rate_low,
                    "mean_rate_high_hz": rate_high,
                    "silent_share": silent,
                    "silent_share_low": silent_low,
                    "silent_share_high": silent_high,
                }
            )
        return rows

    def _percentile(self, percent: float) -> int:
        """Least number of spikes that at least `percent` % of the pairs do not exceed."""
        reached = self.pairs.cumsum() >= percent / 100 * self.pairs.sum()
        return int(self.counts[reached.argmax()])

    def _pairs_between(self, low: int, high: int) -> int:
        """How many pairs had at least `low` and less than `high` spikes."""
        first, last = np.searchsorted(self.counts, [low, high])
        return int(self.pairs[first:last].sum())

    def histogram(self, duration_s: float) -> list[dict[str, float]]:
        pairs = self.pairs.sum()
        edges = [1]
        while edges[-1] <= self.counts[-1]:
            last = edges[-1]
            # 1, 2, 3, 4, 6, 8, 12, ...: half octaves, as whole numbers of spikes
            edges.append(last + max(1, last // 2) if last & (last - 1) == 0 else last * 4 // 3)
        silent = {
            "rate_low_hz": 0.0,
            "rate_high_hz": 0.0,
            "share": self._pairs_between(0, 1) / pairs,
        }
        return [silent] + [
            {
                "rate_low_hz": low / duration_s,
                "rate_high_hz": high / duration_s,
                "share": self._pairs_between(low, high) / pairs,
            }
            for low, high in pairwise(edges)
        ]
