"""The interface of both simulation engines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from spikesweep.conversion.spiking_network import SpikingNetwork
from spikesweep.errors import UserError
from spikesweep.simulation.response import Response, join
from spikesweep.simulation.setting import Setting

ENGINES = ("fused", "nengo_dl")


@dataclass(frozen=True)
class Limits:
    """What an engine may use.

    threads: number of threads, exactly.
    memory_bytes: for batches of activity, results included, beside the network and images.
    """

    threads: int = 1
    memory_bytes: int = 500_000_000


# Called with (image x setting pairs done, of how many).
Progress = Callable[[int, int], None]


class Engine(Protocol):
    """Simulates one network at many settings."""

    name: str

    def refusal(self, network: SpikingNetwork) -> str | None:
        """Why this engine cannot express the network, naming the layer; None if it can."""

    def run(
        self,
        network: SpikingNetwork,
        images: np.ndarray,
        settings: Sequence[Setting],
        steps: int,
        *,
        limits: Limits,
        neuron_spikes: bool = False,
        progress: Progress | None = None,
    ) -> Iterator[Response]:
        """Yield a Response for each setting and batch of images, in any order.

        images: (N, H, W, C) float32, as `SpikingNetwork.prepare` makes them.
        steps: number of time steps that each image is presented.
        neuron_spikes: also return the spikes of every single neuron.
        """


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
    raise UserError(f"simulation.engine: found {name!r}; it may be {' or '.join(ENGINES)}")


def simulate(
    network: SpikingNetwork,
    images: np.ndarray,
    settings: Sequence[Setting],
    steps: int,
    *,
    engine: Engine,
    limits: Limits | None = None,
    neuron_spikes: bool = False,
    progress: Progress | None = None,
) -> list[Response]:
    """Simulate all settings and return one whole Response for each, in the order of `settings`.

    Raises UserError if a setting does not fit the network or the engine refuses it.
    """
    parts = stream(
        network,
        images,
        settings,
        steps,
        engine=engine,
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
