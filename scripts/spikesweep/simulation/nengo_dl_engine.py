"""The reference engine: NengoDL's own Simulator."""

import gc
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import nengo
import numpy as np

from spikesweep.conversion.compat import nengo_dl
from spikesweep.conversion.to_nengo import refusal, spiking_neurons, start_at, to_nengo
from spikesweep.simulation.interface import Limits, Progress
from spikesweep.simulation.response import LayerActivity, Response
from spikesweep.simulation.setting import Setting
from spikesweep.snn.fan_out import fan_out
from spikesweep.snn.layers import Spiking
from spikesweep.snn.network import SpikingNetwork

# TensorFlow holds inputs, probes and its own copies of them; measured on the CIFAR-10 CNN.
_COPIES = 10


class NengoDLEngine:
    """Converts and simulates the network again for each setting, as a user of NengoDL would."""

    name = "nengo_dl"

    def refusal(self, network: SpikingNetwork) -> str | None:
        """Why NengoDL cannot simulate the network, naming the layer; None if it can."""
        return refusal(network.layers)

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
        """See `Engine.run`."""
        fans = fan_out(network)
        batch = _batch_size(network, len(images), steps, limits)
        room = _images_at_once(network, steps, limits)
        garbage = _Garbage(room)
        total = len(images) * len(settings)
        done = 0
        # Most often there is room for all, and nothing to be looked for.
        with nullcontext() if total + len(settings) <= room else _only_new_garbage():
            for setting in settings:
                for response in _simulate(
                    network, images, setting, steps, batch, fans, neuron_spikes, garbage
                ):
                    yield response
                    done += len(response.scores)
                    if progress:
                        progress(done, total)


def bytes_per_image(network: SpikingNetwork, steps: int) -> int:
    """Memory that NengoDL takes for one image of a batch, besides the network."""
    values = int(np.prod(network.input.shape))
    values += sum(layer.neurons for layer in network.spiking_layers)
    return values * steps * np.dtype(np.float32).itemsize * _COPIES


def _batch_size(network: SpikingNetwork, images: int, steps: int, limits: Limits) -> int:
    return min(images, _images_at_once(network, steps, limits))


def _images_at_once(network: SpikingNetwork, steps: int, limits: Limits) -> int:
    return max(1, limits.memory_bytes // bytes_per_image(network, steps))


class _Garbage:
    """Earlier simulators, and all that they returned: they stay in cycles of references until
    these are looked for, which is done only where memory asks for it.

    room: for how many images there is memory.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._taken = 0

    def make_room(self, batch: int) -> None:
        """Collect it, unless there is memory for it beside the next batch."""
        if self._taken and self._taken + batch > self._room:
            gc.collect()
            self._taken = 0
        # A simulator takes as much as about one image more.
        self._taken += batch + 1


@contextmanager
def _only_new_garbage() -> Iterator[None]:
    """Collect all garbage, and from then on look through what is made later alone.

    TensorFlow has so many objects that to look through all of them takes half a second, as long as
    it takes to simulate a batch of a small network.
    """
    if gc.get_freeze_count():
        # Somebody else has set older objects aside, and may not want them back.
        yield
        return
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _simulate(
    network: SpikingNetwork,
    images: np.ndarray,
    setting: Setting,
    steps: int,
    batch: int,
    fans: dict[str, np.ndarray],
    neuron_spikes: bool,
    garbage: _Garbage,
) -> Iterator[Response]:
    converter = to_nengo(
        network.layers,
        seed=network.seed,
        synapse_s=setting.synapse_s,
        scale_firing_rates={
            layer.name: setting.scale_of(layer.name) for layer in network.spiking_layers
        },
    )
    start_at(converter, network)
    with converter.net:
        probes = {
            name: nengo.Probe(neurons) for name, neurons in spiking_neurons(converter).items()
        }
    (input_node,) = converter.inputs.values()
    (output_probe,) = converter.outputs.values()
    with _simulator(converter.net, batch, network.dt) as simulator:
        for first in range(0, len(images), batch):
            shown = images[first : first + batch]
            garbage.make_room(batch)
            found = simulator.predict(
                {input_node: _tiled(shown, batch, steps)}, n_steps=steps, verbose=0
            )
            response = Response(
                setting=setting,
                first=first,
                # A copy, which does not keep the padding of a short last batch.
                scores=np.array(found[output_probe][: len(shown)], np.float32),
                layers={
                    name: _activity(
                        # One layer after another gives its memory back.
                        _spike_counts(found.pop(probe)[: len(shown)], network, setting, name),
                        fans[name],
                        neuron_spikes,
                    )
                    for name, probe in probes.items()
                },
            )
            # The outputs of all neurons would stay while those of the next batch come.
            del found
            yield response


def _simulator(net: nengo.Network, batch: int, dt: float) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No GPU support detected")
        return nengo_dl.Simulator(net, dt=dt, minibatch_size=batch, progress_bar=False)


def _tiled(images: np.ndarray, batch: int, steps: int) -> np.ndarray:
    """(batch, steps, pixels): each image at every step; a short last batch is padded."""
    flat = images.reshape(len(images), 1, -1)
    filled = np.concatenate([flat, np.zeros((batch - len(flat), *flat.shape[1:]), flat.dtype)])
    return np.repeat(filled, steps, axis=1)


def _activity(spikes: np.ndarray, fan_out: np.ndarray, neuron_spikes: bool) -> LayerActivity:
    """Sums of spikes (images, steps, neurons) of a layer."""
    return LayerActivity(
        spikes_by_step=spikes.sum(axis=2, dtype=np.int64),
        # Image by image, because NumPy copies whole numbers before it multiplies them.
        synops_by_step=np.stack([one @ fan_out for one in spikes]),
        neuron_spikes=spikes.sum(axis=1, dtype=np.int64) if neuron_spikes else None,
    )


def _spike_counts(
    output: np.ndarray, network: SpikingNetwork, setting: Setting, layer: str
) -> np.ndarray:
    """(images, steps, neurons) int32 spikes, from outputs k * amplitude / (s dt).

    LIF outputs one spike as amplitude / (s dt) as well.
    """
    spiking = network.by_name[layer]
    assert isinstance(spiking, Spiking)
    one_spike = spiking.neuron.amplitude / (setting.scale_of(layer) * network.dt)
    return np.rint(output / one_spike).astype(np.int32)
