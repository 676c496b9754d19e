"""What every simulation job loads: a spiking network, test images, an engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.data.dataset import Dataset
from spikesweep.experiments.samples import Sample, load_sample, validation_sample
from spikesweep.simulation.engine import engine_for
from spikesweep.simulation.interface import Engine, Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork, load_network

# Interpreter, libraries, network and images; the rest of a job's memory is for activity.
_BASE_MB = 900
# The same, and TensorFlow and the networks of all seeds.
_BASE_MB_OF_ALL_SEEDS = 1300


@dataclass(frozen=True, eq=False)
class Experiment:
    """A spiking network with the images that it will see, and what simulates it."""

    network: SpikingNetwork
    sample: Sample
    steps: int
    engine: Engine
    limits: Limits


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
        limits=Limits(threads, max(mem_mb - _BASE_MB, 100) * 1_000_000),
    )


def settings_from(entries: list[dict[str, Any]]) -> list[Setting]:
    """Settings as the config lists them: synapse_s, and one scale or a scale a layer."""
    return [
        Setting.per_layer(entry["synapse_s"], scale)
        if isinstance(scale := entry["scale_firing_rates"], dict)
        else Setting(entry["synapse_s"], float(scale))
        for entry in entries
    ]


def written_scale(setting: Setting) -> float | str:
    """The scale as a table holds it: a number, or `{conv1: 20, conv2: 50}` as the config has it."""
    if not isinstance(setting.scale_firing_rates, tuple):
        return setting.scale_firing_rates
    scales = (f"{layer}: {scale:g}" for layer, scale in setting.scale_firing_rates)
    return f"{{{', '.join(scales)}}}"


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
            limits=Limits(threads, max(mem_mb - _BASE_MB_OF_ALL_SEEDS, 100) * 1_000_000),
        )
        for seed, network in networks.items()
    }
