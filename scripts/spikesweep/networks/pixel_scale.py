"""By how much a network scales the pixels that it reads, which tells whether they go up to 255."""

from typing import Any

import numpy as np

from spikesweep.data.scaling import Numbers

# Layers whose outputs are pixels still, if their inputs are.
_CARRIERS = ("AveragePooling2D", "Concatenate", "Reshape", "ZeroPadding2D")


def pixel_scale(model: Any, rescaling: tuple[Numbers, Numbers] | None) -> float:
    """The smallest factor that pixels meet before a layer that computes something else reads them.

    model: of native layers of tf_keras, where a batch normalisation is one that was trained, or
        any other scaling; of its channels, the median one counts.
    rescaling: scale and offset that belong before the model, or None.
    """
    first = 1.0 if rescaling is None else float(np.median(np.abs(rescaling[0])))
    held = {model.layers[0].name: first}
    read_at = []
    for layer in model.layers[1:]:
        sources = _sources(layer)
        of_pixels = [held[name] for name in sources if name in held]
        if len(of_pixels) == len(sources) and type(layer).__name__ in _CARRIERS:
            held[layer.name] = min(of_pixels)
        elif of_pixels and type(layer).__name__ == "BatchNormalization":
            held[layer.name] = of_pixels[0] * _factor(layer)
        else:
            read_at += of_pixels
    return min(read_at, default=first)


def _sources(layer: Any) -> list[str]:
    parents = layer.inbound_nodes[0].inbound_layers
    return [parent.name for parent in (parents if isinstance(parents, list) else [parents])]


def _factor(layer: Any) -> float:
    scale = layer.gamma.numpy() if layer.scale else 1.0
    return float(np.median(np.abs(scale / np.sqrt(layer.moving_variance.numpy() + layer.epsilon))))
