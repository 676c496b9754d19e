"""What every simulation job loads: a spiking network, test images, an engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.data.dataset import Dataset
from spikesweep.experiments.progress import SimulationProgress
from spikesweep.experiments.samples import Sample, load_sample, validation_sample
from spikesweep.simulation.engine import engine_for, stream
from spikesweep.simulation.interface import Engine, Limits, Progress
from spikesweep.simulation.response import Response, join
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork, load_network
from spikesweep.snn.voltages import draws_of, with_draw

# Interpreter, libraries, network and images; the rest of a job's memory is for activity.
_BASE_MB = 900
# The same, plus TensorFlow and the networks of all seeds.
_BASE_MB_OF_ALL_SEEDS = 1300
# An engine always needs some memory, however little is left.
_LEAST_MB = 100


@dataclass(frozen=True, eq=False)
class Experiment:
    """A spiking network with the images that it will see, and the engine that simulates it.

    sample: its images are in the order of the draws of initial voltages that they see, see
        `Sample.grouped`.
    voltage_draws: how many draws share the images. Each image is shown once, whatever their
        number, so that more draws cost nothing.
    read_out: how answers are read from the scores, one of `READ_OUTS`.
    """

    network: SpikingNetwork
    sample: Sample
    steps: int
    engine: Engine
    limits: Limits
    voltage_draws: int = 1
    read_out: str = "last"

    @property
    def images(self) -> np.ndarray:
        """The images of the sample as the network takes them, (N, H, W, C) float32."""
        return self.network.prepare(self.sample.images)

    @property
    def draws(self) -> np.ndarray:
        """(N,) ascending, the draw of initial voltages that each image sees."""
        return self.sample.draws(self.voltage_draws)

    def thinned(self, images: int) -> "Experiment":
        """The same with so many of its images, evenly chosen, so that all classes are among them.

        All of them, if there are no more.
        """
        count = len(self.sample.labels)
        kept = np.linspace(0, count - 1, min(count, images)).astype(int)
        return replace(self, sample=self.sample.only(kept))

    def stream(
        self, settings: Sequence[Setting], name: str, *, neuron_spikes: bool = False
    ) -> Iterator[Response]:
        """Simulate all settings, batch by batch; `name` is for the log. See `engine.stream`."""
        progress = SimulationProgress(name, len(set(settings)))
        yield from self._stream(settings, neuron_spikes, progress)

    def simulate(
        self, settings: Sequence[Setting], *, neuron_spikes: bool = False
    ) -> list[Response]:
        """Simulate all settings and return one whole Response for each, in their order."""
        found = {one.setting: one for one in join(self._stream(settings, neuron_spikes, None))}
        return [found[setting] for setting in settings]

    def _stream(
        self, settings: Sequence[Setting], neuron_spikes: bool, progress: Progress | None
    ) -> Iterator[Response]:
        images, draws = self.images, self.draws
        total = len(images) * len(set(settings))
        for draw in np.unique(draws):
            first, end = (int(where) for where in np.searchsorted(draws, [draw, draw + 1]))
            done = first * len(set(settings))
            for response in stream(
                with_draw(self.network, int(draw)),
                images[first:end],
                settings,
                self.steps,
                engine=self.engine,
                limits=self.limits,
                neuron_spikes=neuron_spikes,
                progress=progress and _later(progress, done, total),
            ):
                yield replace(response, first=first + response.first)


def _later(progress: Progress, before: int, total: int) -> Progress:
    """Progress of one draw as a part of that of all draws."""
    return lambda done, _: progress(before + done, total)


def load_experiment(
    *,
    dataset: str | Path,
    network: str | Path,
    ann_classes: str | Path,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
    part: str = "open",
) -> Experiment:
    """Load the files that a simulation job was given.

    config: the job's slice, with at least images, images_seed, steps, engine and voltage_draws.
    threads, mem_mb: what the whole job may use.
    part: `open` or `vault`, which test images the network sees, see `load_sample`.

    An engine that cannot express the network is replaced by the reference, NengoDL.
    """
    loaded = load_network(network)
    draws = draws_of(loaded, config["voltage_draws"])
    sample = load_sample(dataset, ann_classes, config["images"], config["images_seed"], part)
    return Experiment(
        network=loaded,
        sample=sample.grouped(draws),
        steps=config["steps"],
        engine=engine_for(loaded, config["engine"]),
        limits=limits_of(threads, mem_mb, _BASE_MB),
        voltage_draws=draws,
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

    config: steps, engine and voltage_draws. threads, mem_mb: what the whole job may use.
    """
    return {
        seed: Experiment(
            network=network,
            sample=validation_sample(data, table, seed, part).grouped(
                draws_of(network, config["voltage_draws"])
            ),
            steps=config["steps"],
            engine=engine_for(network, config["engine"]),
            limits=limits_of(threads, mem_mb, _BASE_MB_OF_ALL_SEEDS),
            voltage_draws=draws_of(network, config["voltage_draws"]),
        )
        for seed, network in networks.items()
    }


def limits_of(threads: int, mem_mb: int, base_mb: int) -> Limits:
    """What an engine may use of a job's resources, of which the job itself needs `base_mb`."""
    return Limits(threads, max(mem_mb - base_mb, _LEAST_MB) * 1_000_000)
