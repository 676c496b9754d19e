"""Choosing an engine, and simulating with it."""

import logging
from collections.abc import Iterator, Sequence

import numpy as np

from spikesweep.errors import UserError
from spikesweep.simulation.interface import Engine, Limits, Progress
from spikesweep.simulation.response import Response, join
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork

logger = logging.getLogger(__name__)

# `Setting` too: all that a script needs to simulate comes with one import.
__all__ = ["ENGINES", "Setting", "engine_for", "engine_named", "simulate", "stream"]

ENGINES = ("fused", "nengo_dl")


def engine_named(name: str) -> Engine:
    """The engine of this name; imports only what it needs.

    Raises UserError for an unknown name.
    """
    if name == "fused":
        from spikesweep.simulation.fused.engine import FusedEngine

        return FusedEngine()
    if name == "nengo_dl":
        from spikesweep.simulation.nengo_dl_engine import NengoDLEngine

        return NengoDLEngine()
    raise UserError(f"simulation.engine: found {name!r}; allowed: {', '.join(ENGINES)}")


def engine_for(network: SpikingNetwork, name: str) -> Engine:
    """The engine of this name, or NengoDL's if that one cannot express the network."""
    engine = engine_named(name)
    if reason := engine.refusal(network):
        logger.warning("engine %s: %s; simulating with nengo_dl instead", name, reason)
        return engine_named("nengo_dl")
    return engine


def simulate(
    network: SpikingNetwork,
    images: np.ndarray,
    settings: Sequence[Setting],
    steps: int,
    *,
    engine: Engine | None = None,
    limits: Limits | None = None,
    neuron_spikes: bool = False,
    progress: Progress | None = None,
) -> list[Response]:
    """Simulate all settings and return one whole Response for each, in the order of `settings`.

    engine: None for the fast one, or NengoDL's if that one cannot express the network.

    Raises UserError if a setting does not fit the network or the engine refuses it.
    """
    parts = stream(
        network,
        images,
        settings,
        steps,
        engine=engine or engine_for(network, ENGINES[0]),
        limits=limits,
        neuron_spikes=neuron_spikes,
        progress=progress,
    )
    found = {response.setting: response for response in join(parts)}
    return [found[setting] for setting in settings]


def stream(
    network: SpikingNetwork,
    images: np.ndarray,
    settings: Sequence[Setting],
    steps: int,
    *,
    engine: Engine,
    limits: Limits | None = None,
    neuron_spikes: bool = False,
    progress: Progress | None = None,
) -> Iterator[Response]:
    """As `simulate`, batch by batch, for callers that keep only a summary of each.

    A setting that is listed twice is simulated once.
    """
    settings = list(dict.fromkeys(settings))
    for setting in settings:
        setting.check(network)
    if reason := engine.refusal(network):
        raise UserError(f"engine {engine.name}: {reason}")
    return engine.run(
        network,
        images,
        settings,
        steps,
        limits=limits or Limits(),
        neuron_spikes=neuron_spikes,
        progress=progress,
    )
