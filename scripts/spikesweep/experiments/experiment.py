"""What every simulation job loads: a spiking network, test images, an engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.data.dataset import Dataset
from spikesweep.experiments.progress import SimulationProgress
from spikesweep.experiments.samples import Sample, load_sample, validation_sample
from spikesweep.simulation.engine import engine_for, simulate, stream
from spikesweep.simulation.interface import Engine, Limits
from spikesweep.simulation.response import Response
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork, load_network

# Interpreter, libraries, network and images; the rest of a job's memory is for activity.
_BASE_MB = 900
# The same, plus TensorFlow and the networks of all seeds.
_BASE_MB_OF_ALL_SEEDS = 1300
# An engine always needs some memory, however little is left.
_LEAST_MB = 100


@dataclass(frozen=True, eq=False)
class Experiment:
    """A spiking network with the images that it will see, and the engine that simulates it."""

    network: SpikingNetwork
    sample: Sample
    steps: int
    engine: Engine
    limits: Limits

    @property
    def images(self) -> np.ndarray:
        """The images of the sample as the network takes them, (N, H, W, C) float32."""
        return self.network.prepare(self.sample.images)

    def stream(
        self, settings: Sequence[Setting], name: str, *, neuron_spikes: bool = False
    ) -> Iterator[Response]:
        """Simulate all settings, batch by batch; `name` is for the log. See `engine.stream`."""
        return stream(
            self.network,
            self.images,
            settings,
            self.steps,
            engine=self.engine,
            limits=self.limits,
            neuron_spikes=neuron_spikes,
            progress=SimulationProgress(name, len(set(settings))),
        )

    def simulate(
        self, settings: Sequence[Setting], *, neuron_spikes: bool = False
    ) -> list[Response]:
        """Simulate all settings and return one whole Response for each, in their order."""
        return simulate(
            self.network,
            self.images,
            settings,
            self.steps,
            engine=self.engine,
            limits=self.limits,
            neuron_spikes=neuron_spikes,
        )


def load_experiment(
    *,
    dataset: str | Path,
    network: str | Path,
    ann_classes: str | Path,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> Experiment:
    """Load the files that a simulation job was given.

    config: the job's slice, with at least images, images_seed, steps and engine.
    threads, mem_mb: what the whole job may use.

    An engine that cannot express the network is replaced by the reference, NengoDL.
    """
    loaded = load_network(network)
    return Experiment(
        network=loaded,
        sample=load_sample(dataset, ann_classes, config["images"], config["images_seed"]),
        steps=config["steps"],
        engine=engine_for(loaded, config["engine"]),
        limits=limits_of(threads, mem_mb, _BASE_MB),
    )


def validation_experiments(
    data: Dataset,
    networks: Mapping[int, SpikingNetwork],
    table: pd.DataFrame,
    part: str,
    *,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> dict[int, Experiment]:
    """An experiment for each seed, with the images of one part of `validation_table`.

    config: steps and engine. threads, mem_mb: what the whole job may use.
    """
    return {
        seed: Experiment(
            network=network,
            sample=validation_sample(data, table, seed, part),
            steps=config["steps"],
            engine=engine_for(network, config["engine"]),
            limits=limits_of(threads, mem_mb, _BASE_MB_OF_ALL_SEEDS),
        )
        for seed, network in networks.items()
    }


def limits_of(threads: int, mem_mb: int, base_mb: int) -> Limits:
    """What an engine may use of a job's resources, of which the job itself needs `base_mb`."""
    return Limits(threads, max(mem_mb - base_mb, _LEAST_MB) * 1_000_000)
