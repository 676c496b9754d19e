"""How fast the neurons of each layer fire."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.conversion.layers import Spiking
from spikesweep.conversion.spiking_network import SpikingNetwork
from spikesweep.simulation.engine import Engine, Limits, Progress, stream
from spikesweep.simulation.setting import Setting
from spikesweep.study.sample import Sample

PERCENTILES = {"p05": 5, "p25": 25, "median": 50, "p75": 75, "p95": 95, "p99": 99}


def firing_rates(
    network: SpikingNetwork,
    sample: Sample,
    settings: Sequence[Setting],
    steps: int,
    *,
    engine: Engine,
    limits: Limits,
    progress: Progress | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Probe every neuron of every spiking layer.

    A rate is that of one neuron for one image: its spikes over the whole presentation,
    divided by its duration, in hertz.

    Returns (summary, histogram): one row a (setting, layer), and one row a (setting, layer,
    bin) with the share of (image, neuron) pairs in it. The first bin holds the silent pairs
    alone; the others have edges at 1, 2, 3, 4, 6, 8, 12, ... spikes, upper edge excluded.
    """
    images = network.prepare(sample.images)
    tallies: dict[tuple[Setting, str], _Tally] = {}
    for response in stream(
        network,
        images,
        settings,
        steps,
        engine=engine,
        limits=limits,
        neuron_spikes=True,
        progress=progress,
    ):
        for name, activity in response.layers.items():
            tally = tallies.setdefault((response.setting, name), _Tally())
            tally.add(activity.neuron_spikes, int(activity.synops.sum()))
    duration_s = steps * network.dt
    summary, histogram = [], []
    for setting in settings:
        for depth, layer in enumerate(network.spiking_layers):
            tally = tallies[setting, layer.name]
            key = _key(setting, layer, depth)
            summary.append(key | {"neurons": layer.neurons} | tally.summary(duration_s, layer))
            histogram.extend(key | row for row in tally.histogram(duration_s))
    return pd.DataFrame(summary), pd.DataFrame(histogram)


def _key(setting: Setting, layer: Spiking, depth: int) -> dict[str, Any]:
    return {
        "synapse_s": setting.synapse_s,
        "scale_firing_rates": setting.scale_firing_rates,
        "layer": layer.name,
        "depth": depth,
    }


class _Tally:
    """How many (image, neuron) pairs had 0, 1, 2, ... spikes."""

    def __init__(self) -> None:
        self.pairs_with = np.zeros(1, np.int64)
        self.synops = 0

    def add(self, neuron_spikes: np.ndarray, synops: int) -> None:
        found = np.bincount(neuron_spikes.ravel(), minlength=len(self.pairs_with))
        found[: len(self.pairs_with)] += self.pairs_with
        self.pairs_with = found
        self.synops += synops

    def summary(self, duration_s: float, layer: Spiking) -> dict[str, float]:
        pairs = self.pairs_with.sum()
        images = pairs / layer.neurons
        spikes = float(self.pairs_with @ np.arange(len(self.pairs_with)))
        return {
            "mean_rate_hz": spikes / pairs / duration_s,
            **{
                f"{name}_rate_hz": self._percentile(percent) / duration_s
                for name, percent in PERCENTILES.items()
            },
            "max_rate_hz": (len(self.pairs_with) - 1) / duration_s,
            "silent_share": self.pairs_with[0] / pairs,
            "spikes_per_image": spikes / images,
            "synops_per_image": self.synops / images,
        }

    def _percentile(self, percent: float) -> int:
        """Least number of spikes that at least `percent` % of the pairs do not exceed."""
        reached = self.pairs_with.cumsum() >= percent / 100 * self.pairs_with.sum()
        return int(reached.argmax())

    def histogram(self, duration_s: float) -> list[dict[str, float]]:
        pairs = self.pairs_with.sum()
        edges = [1]
        while edges[-1] < len(self.pairs_with):
            last = edges[-1]
            # 1, 2, 3, 4, 6, 8, 12, ...: half octaves, as whole numbers of spikes
            edges.append(last + max(1, last // 2) if last & (last - 1) == 0 else last * 4 // 3)
        silent = {"rate_low_hz": 0.0, "rate_high_hz": 0.0, "share": self.pairs_with[0] / pairs}
        return [silent] + [
            {
                "rate_low_hz": low / duration_s,
                "rate_high_hz": high / duration_s,
                "share": self.pairs_with[low:high].sum() / pairs,
            }
            for low, high in pairwise(edges)
        ]
