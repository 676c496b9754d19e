"""What every simulation engine offers, and the resources that it may use."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from spikesweep.simulation.response import Response
from spikesweep.simulation.setting import Setting
from spikesweep.snn.network import SpikingNetwork


@dataclass(frozen=True)
class Limits:
    """What an engine may use.

    threads: number of threads, exactly.
    memory_bytes: for batches of activity, results included, besides the network and images.
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
