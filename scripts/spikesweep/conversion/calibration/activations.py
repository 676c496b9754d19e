"""What the neurons of the trained network give on some images, and its scores."""

from collections.abc import Sequence

import numpy as np
import tf_keras

from spikesweep.conversion.build_keras import build_keras
from spikesweep.snn.network import SpikingNetwork

# So many images at once keep the activity of all layers in little memory.
_BATCH = 100


def activations(network: SpikingNetwork, images: np.ndarray) -> dict[str, np.ndarray]:
    """The outputs of each spiking layer as a ReLU, (images, *shape) float32, by layer.

    images: (N, H, W, C) float32, as the network takes them.
    """
    names = [layer.name for layer in network.spiking_layers]
    return dict(zip(names, _outputs(network, names, images), strict=True))


def trained_scores(network: SpikingNetwork, images: np.ndarray) -> np.ndarray:
    """The scores of the trained network, (images, classes) float32; images as above."""
    [scores] = _outputs(network, [network.readout.name], images)
    return scores


def _outputs(network: SpikingNetwork, names: Sequence[str], images: np.ndarray) -> list[np.ndarray]:
    model = build_keras(network.layers)
    tapped = tf_keras.Model(model.input, [model.get_layer(name).output for name in names])
    batches = []
    for first in range(0, len(images), _BATCH):
        found = tapped(images[first : first + _BATCH], training=False)
        batches.append([one.numpy() for one in (found if len(names) > 1 else [found])])
    return [np.concatenate(parts) for parts in zip(*batches, strict=True)]
