"""What every simulation job loads: a spiking network, test images, an engine."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spikesweep.conversion.spiking_network import SpikingNetwork, load_network
from spikesweep.simulation.engine import Engine, Limits, engine_named
from spikesweep.simulation.setting import Setting
from spikesweep.study.sample import Sample, load_sample

logger = logging.getLogger(__name__)

# Interpreter, libraries, network and images; the rest of a job's memory is for activity.
_BASE_MB = 900


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


def engine_for(network: SpikingNetwork, name: str) -> Engine:
    """The engine of this name, or NengoDL's if that one cannot express the network."""
    engine = engine_named(name)
    if reason := engine.refusal(network):
        logger.warning("engine %s: %s; simulating with nengo_dl instead", name, reason)
        return engine_named("nengo_dl")
    return engine
