"""The fused engine: one network, many settings, batch by batch."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np

from spikesweep.errors import UserError
from spikesweep.simulation.fused import wiring
from spikesweep.simulation.fused.batch import Batch
from spikesweep.simulation.fused.sweep_tree import sweep_tree
from spikesweep.simulation.fused.wired_once import WiredOnce
from spikesweep.simulation.fused.workspace import Workspace, bytes_per_image
from spikesweep.simulation.interface import Limits, Progress
from spikesweep.simulation.response import Response
from spikesweep.simulation.setting import Setting
from spikesweep.snn.fan_out import fan_out
from spikesweep.snn.network import SpikingNetwork

# A worker takes only so many images at once that its currents and events stay in the cache.
CACHE_BYTES = 2_000_000
# More images per response would save nothing.
MOST_IMAGES = 256


class FusedEngine:
    """Simulates layer by layer over the whole presentation; see `sweep_tree` for what is shared."""

    name = "fused"

    def __init__(self) -> None:
        self._wiring = WiredOnce()

    def refusal(self, network: SpikingNetwork) -> str | None:
        """Why the network cannot be expressed, naming the layer; None if it can."""
        return wiring.refusal(network)

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
        """See `Engine.run`. Raises UserError if a single image exceeds the memory limit."""
        populations = self._wiring.wired(network)
        tree = sweep_tree(populations, settings)
        fans = fan_out(network)
        classes = network.readout.shape[0]

        def new_batch(first: int, count: int) -> Batch:
            return Batch(populations, tree, first, count, steps, classes, neuron_spikes)

        each = bytes_per_image(populations, steps)
        result = new_batch(0, 1).nbytes
        left = limits.memory_bytes - limits.threads * each
        if left < result:
            raise UserError(
                f"memory_bytes: found {limits.memory_bytes}; {limits.threads} threads at "
                f"{steps} steps need at least {limits.threads * each + result}"
            )
        # Memory not needed for the results of a batch is used for more images per thread.
        batch_size = int(min(len(images), MOST_IMAGES, max(1, left // 2 // max(1, result))))
        most = (limits.memory_bytes - batch_size * result) // (limits.threads * each)
        chunk = int(max(1, min(most, CACHE_BYTES // each, -(-batch_size // limits.threads))))
        workspaces: SimpleQueue[Workspace] = SimpleQueue()
        for _ in range(limits.threads):
            workspaces.put(Workspace(populations, fans, network.dt, steps, chunk))

        total = len(images) * len(settings)
        done = 0
        with ThreadPoolExecutor(limits.threads) as threads:
            for first in range(0, len(images), batch_size):
                batch = new_batch(first, min(batch_size, len(images) - first))

                def work(start: int, batch: Batch = batch) -> int:
                    workspace = workspaces.get()
                    try:
                        shown = images[batch.first + start : batch.first + batch.count][:chunk]
                        workspace.simulate(tree, shown, batch, start)
                        return len(shown)
                    finally:
                        workspaces.put(workspace)

                for count in threads.map(work, range(0, batch.count, chunk)):
                    done += count * len(settings)
                    if progress:
                        progress(done, total)
                yield from batch.responses(settings)
