"""The same network with all paths into a sum alike: spikes that skip layers are relayed.

A residual network adds a skip path to the layers beside it. Spikes on the skip path pass fewer
synapses, so they arrive early. A relay, one more layer of the same neurons with spikes that count
as one, passes on what they add up to, rounded to whole spikes behind a pooling. What the trained
network computes stays the same, since a ReLU changes nothing that is not negative; when spikes
arrive, and how many there are, changes.
"""

from collections import Counter
from dataclasses import replace

import numpy as np

from spikesweep.snn.layers import Add, AveragePooling2D, Layer, Reshape, Spiking, ZeroPadding2D
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import STARTS
from spikesweep.snn.voltages import started

# Of values that are not negative, these make none that are.
_PASSING_ON = AveragePooling2D | Reshape | ZeroPadding2D

# The layer that reads, and which of its inputs: where a relay goes.
Place = tuple[str, int]


def with_relays(network: SpikingNetwork) -> SpikingNetwork:
    """Relays on the way to every sum, until all that it adds has passed as many spiking layers.

    They come where no value is negative: of a projection, before it. A path without such a place,
    such as one from the image, stays as it is. A network without skip paths is returned unchanged.
    """
    relays = _missing(network)
    if not relays:
        return network
    layers: list[Layer] = []
    for layer in network.layers:
        inputs = list(layer.inputs)
        for number in range(len(inputs)):
            for count in range(relays.get((layer.name, number), 0)):
                name = f"{layer.name}_relay{number}_{count}"
                layers.append(_relay(network, name, inputs[number], layers))
                inputs[number] = name
        layers.append(replace(layer, inputs=tuple(inputs)))
    return replace(network, layers=tuple(layers))


def _missing(network: SpikingNetwork) -> dict[Place, int]:
    """How many spiking layers are missing at each place, first to last."""
    readers = Counter(name for layer in network.layers for name in layer.inputs)
    missing: dict[Place, int] = {}
    passed: dict[str, int] = {}
    for layer in network.layers:
        longest = max((passed[name] for name in layer.inputs), default=0)
        if isinstance(layer, Add):
            for number, name in enumerate(layer.inputs):
                place = _place(network, (layer.name, number), readers)
                if place and passed[name] < longest:
                    missing[place] = longest - passed[name]
        passed[layer.name] = longest + isinstance(layer, Spiking)
    return missing


def _place(network: SpikingNetwork, place: Place, readers: Counter[str]) -> Place | None:
    """The last place on the way to this one where no value is negative; None without one.

    Layers that others read, too, must keep their time.
    """
    reader, number = place
    source = network.by_name[network.by_name[reader].inputs[number]]
    if _is_never_negative(network, source):
        return place
    if len(source.inputs) != 1 or readers[source.name] > 1:
        return None
    return _place(network, (source.name, 0), readers)


def _is_never_negative(network: SpikingNetwork, layer: Layer) -> bool:
    if isinstance(layer, _PASSING_ON):
        return _is_never_negative(network, network.by_name[layer.inputs[0]])
    return isinstance(layer, Spiking)


def _relay(network: SpikingNetwork, name: str, source: str, before: list[Layer]) -> Spiking:
    """A layer as large as its source, whose neurons are those of the network's first layer.

    Their spikes count as one: those that arrive have the network's amplitude already.
    """
    shape = next(layer.shape for layer in before if layer.name == source)
    neuron = replace(network.spiking_layers[0].neuron, amplitude=1.0)
    relay = Spiking(name, (source,), shape, neuron, np.zeros(int(np.prod(shape)), np.float32))
    return started(relay, network.seed, STARTS[network.start])
