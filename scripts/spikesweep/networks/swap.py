"""A loaded network with other layers in place of those that do not convert, in its own Keras."""

from typing import Any

import numpy as np

from spikesweep.networks.adaptation import Replacement, adapted
from spikesweep.networks.convertible_layers import MODELS

# Fresh statistics of a batch normalization are a mean of 0 and a variance of 1.
_FRESH = (0.0, 1.0)


def swapped(original: Any) -> tuple[Any, list[Replacement]]:
    """A copy of a network of Keras 2 or Keras 3 with all weights, and what was replaced in it.

    A batch normalisation takes scale and offset of the normalisation in whose place it stands;
    its statistics are fresh.
    """
    description = {"class_name": _kind(original), "config": _as_in_a_file(original.get_config())}
    changed, replaced = adapted(description)
    new = type(original).from_config(changed["config"])
    _take_weights(original, new)
    return new, replaced


def _kind(model: Any) -> str:
    kind = type(model).__name__
    return kind if kind in MODELS else "Functional"


def _as_in_a_file(value: Any) -> Any:
    """JSON has lists alone."""
    if isinstance(value, dict):
        return {key: _as_in_a_file(item) for key, item in value.items()}
    return [_as_in_a_file(item) for item in value] if isinstance(value, list | tuple) else value


def _take_weights(old: Any, new: Any) -> None:
    of_old = {layer.name: layer for layer in old.layers}
    for layer in new.layers:
        # In place of an operation, which has no weights.
        if layer.name not in of_old:
            continue
        before = of_old[layer.name]
        if type(layer).__name__ in MODELS:
            _take_weights(before, layer)
        elif type(layer) is type(before):
            layer.set_weights(before.get_weights())
        elif type(layer).__name__ == "BatchNormalization":
            layer.set_weights(_of_normalization(before, layer))


def _of_normalization(before: Any, layer: Any) -> list[np.ndarray]:
    fresh = layer.get_weights()
    shape = fresh[-1].shape
    found = [_along_channels(weight, shape) for weight in before.get_weights()]
    wanted = len(fresh) - len(_FRESH)
    # Some normalisations have no scale or offset of their own.
    kept = [*found[:wanted], *fresh[len(found) : wanted]]
    return [*kept, *(np.full(shape, value, np.float32) for value in _FRESH)]


def _along_channels(weight: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """One number per channel; of several along other axes, their mean."""
    if weight.shape[-1:] != shape:
        return np.full(shape, weight.mean(), np.float32)
    return weight.reshape(-1, *shape).mean(axis=0)
