"""How often each value of a trained network is not zero."""

from typing import Any

import numpy as np
import tf_keras

from spikesweep.snn.layers import Conv2D, Dense
from spikesweep.snn.network import SpikingNetwork

# So many images at once keep the activity of all layers in little memory.
_BATCH = 100


def nonzero_shares(
    network: SpikingNetwork, model: Any, images: np.ndarray
) -> dict[str, np.ndarray]:
    """For each value that a weighted layer reads or a neuron gives, how often it is not zero.

    model: `build_keras` of the network's layers.
    images: (N, H, W, C) float32, as the network takes them.

    Returns the share of the images, by layer, in the shape of the layer's output.
    """
    names = dict.fromkeys(
        [
            network.input.name,
            *(layer.inputs[0] for layer in network.layers if isinstance(layer, Dense | Conv2D)),
            *(layer.name for layer in network.spiking_layers),
        ]
    )
    tapped = tf_keras.Model(model.input, [model.get_layer(name).output for name in names])
    counts = {name: np.zeros(network.by_name[name].shape, np.int64) for name in names}
    for first in range(0, len(images), _BATCH):
        outputs = tapped(images[first : first + _BATCH], training=False)
        for name, values in zip(names, outputs, strict=True):
            counts[name] += np.count_nonzero(values.numpy(), axis=0)
    return {name: count / len(images) for name, count in counts.items()}
