"""The same network with batch normalisation folded into the weights before it."""

from dataclasses import replace

import numpy as np

from spikesweep.snn.layers import Affine, Conv2D, Dense, Layer
from spikesweep.snn.network import SpikingNetwork


def fold_affine(network: SpikingNetwork) -> SpikingNetwork:
    """Leave out each `Affine` whose input is a weighted layer that nothing else reads.

    Its scale and offset become part of that layer's kernel and bias: (x W + b) s + o =
    x (W s) + (b s + o). Other affine layers stay, such as those behind a sum. Names of spiking
    layers, and what the network computes, do not change, up to rounding.
    """
    folded: dict[str, Layer] = {}
    instead: dict[str, str] = {}
    readers = [name for layer in network.layers for name in layer.inputs]
    for layer in network.layers:
        inputs = tuple(instead.get(name, name) for name in layer.inputs)
        before = folded[inputs[0]] if len(inputs) == 1 else None
        if (
            isinstance(layer, Affine)
            and isinstance(before, Dense | Conv2D)
            # As the layer was read in the original: an earlier fold may stand between.
            and readers.count(layer.inputs[0]) == 1
        ):
            folded[before.name] = _folded(before, layer)
            instead[layer.name] = before.name
        else:
            folded[layer.name] = replace(layer, inputs=inputs)
    return replace(network, layers=tuple(folded.values()))


def _folded(layer: Dense | Conv2D, affine: Affine) -> Dense | Conv2D:
    scale = affine.scale.astype(np.float64)
    return replace(
        layer,
        kernel=(layer.kernel * scale).astype(np.float32),
        bias=(layer.bias * scale + affine.offset).astype(np.float32),
    )
