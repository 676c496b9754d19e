"""Build a tf_keras model from the layers of a SpikingNetwork, for NengoDL's Converter."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import tf_keras

from spikesweep.snn.layers import (
    Add,
    Affine,
    AveragePooling2D,
    Concatenate,
    Conv2D,
    Dense,
    Input,
    Layer,
    Reshape,
    Spiking,
    ZeroPadding2D,
)


def build_keras(layers: Sequence[Layer]) -> Any:
    """A functional tf_keras model that computes the same as the layers, as rates.

    Neurons become ReLUs, fused into the Dense or Conv2D that feeds them alone, as they were
    in the model that was converted; each carries the name of its spiking layer.
    """
    fused = _fused(layers)
    outputs: dict[str, Any] = {}
    for layer in layers:
        if isinstance(layer, Input):
            outputs[layer.name] = tf_keras.Input(layer.shape, name=layer.name)
            continue
        sources = [outputs[name] for name in layer.inputs]
        if layer.name in fused.values():
            outputs[layer.name] = sources[0]
            continue
        keras_layer, weights = _keras_layer(layer, fused.get(layer.name))
        outputs[layer.name] = keras_layer(sources if len(sources) > 1 else sources[0])
        keras_layer.set_weights(weights)
    return tf_keras.Model(outputs[layers[0].name], outputs[layers[-1].name])


def _fused(layers: Sequence[Layer]) -> dict[str, str]:
    """Linear layer -> spiking layer, where both came from one Keras layer."""
    return {
        layer.inputs[0]: layer.name
        for layer in layers
        if isinstance(layer, Spiking) and layer.inputs[0] == f"{layer.name}.current"
    }


def _keras_layer(layer: Layer, spiking: str | None) -> tuple[Any, list[np.ndarray]]:
    kinds = tf_keras.layers
    options = {"name": spiking or layer.name}
    activation = {"activation": "relu" if spiking else None}
    match layer:
        case Dense():
            units = layer.shape[0]
            return kinds.Dense(units, **activation, **options), [layer.kernel, layer.bias]
        case Conv2D():
            height, width, _, filters = layer.kernel.shape
            keras_layer = kinds.Conv2D(
                filters,
                (height, width),
                strides=layer.strides,
                padding=layer.padding,
                **activation,
                **options,
            )
            return keras_layer, [layer.kernel, layer.bias]
        case Affine():
            zero, one = np.zeros_like(layer.scale), np.ones_like(layer.scale)
            normalization = kinds.BatchNormalization(epsilon=0, trainable=False, **options)
            return normalization, [layer.scale, layer.offset, zero, one]
        case AveragePooling2D() if len(layer.shape) == 1:
            return kinds.GlobalAveragePooling2D(**options), []
        case AveragePooling2D():
            return kinds.AveragePooling2D(layer.pool_size, layer.strides, **options), []
        case ZeroPadding2D():
            return kinds.ZeroPadding2D(layer.padding, **options), []
        case Reshape():
            return kinds.Reshape(layer.shape, **options), []
        case Add():
            return kinds.Add(**options), []
        case Concatenate():
            axis = layer.axis if layer.axis < 0 else layer.axis + 1
            return kinds.Concatenate(axis, **options), []
        case Spiking():
            return kinds.Activation("relu", **options), []
    raise AssertionError(f"no Keras layer for {type(layer).__name__}")
