"""Builds the native network that a user's network is rewritten into, layer by layer."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tf_keras

from spikesweep.data.scaling import Numbers, fold
from spikesweep.errors import UserError
from spikesweep.networks.convertible_layers import AT_THE_END
from spikesweep.networks.description import activation_of

logger = logging.getLogger(__name__)

Tensor = Any


def held(shape: Sequence[int]) -> tuple[int, ...]:
    """Shape in which a new network holds values: a signal (T, C) as an image (T, 1, C)."""
    return (shape[0], 1, shape[1]) if len(shape) == 2 else tuple(shape)


@dataclass
class Builder:
    """A native network in the making.

    path: of the user's file, for messages
    image: the input, shaped as the images of the dataset are
    rescaling: (scale, offset) that belong before the image, or None
    end: the functions of the last layers that were left out, in their order
    """

    path: str
    image: Tensor
    rescaling: tuple[Numbers, Numbers] | None = None
    end: tuple[str, ...] = ()
    _weights: list[tuple[Any, list[np.ndarray]]] = field(default_factory=list)
    _names: set[str] = field(default_factory=lambda: {"image"})

    def add(
        self,
        kind: str,
        name: str,
        inputs: Tensor | list[Tensor],
        weights: Sequence[np.ndarray] = (),
        **settings: Any,
    ) -> Tensor:
        """Output of a new layer of tf_keras; its weights are set by `finish`."""
        layer = getattr(tf_keras.layers, kind)(**settings, name=self._free_name(name))
        if weights:
            self._weights.append((layer, [np.asarray(w, np.float32) for w in weights]))
        return layer(inputs)

    def reshaped(self, name: str, x: Tensor, shape: tuple[int, ...]) -> Tensor:
        """The same values in another shape; several in a row become one."""
        maker = x._keras_history.layer
        if isinstance(maker, tf_keras.layers.Reshape):
            x = maker.input
        return (
            x if tuple(x.shape[1:]) == shape else self.add("Reshape", name, x, target_shape=shape)
        )

    def padded(self, name: str, x: Tensor, padding: Any) -> Tensor:
        """Zeros around an image."""
        return self.add("ZeroPadding2D", name, x, padding=padding)

    def affine(self, name: str, x: Tensor, scale: Any, offset: Any) -> Tensor:
        """`x * scale + offset`, each one number or one per channel, as a batch normalisation."""
        channels = int(x.shape[-1])
        scale, offset = (self._per_channel(name, value, channels) for value in (scale, offset))
        one = np.ones(channels)
        weights = [one * scale, one * offset, 0 * one, one]
        # It only writes down what the network computes, so no training changes it.
        return self.add("BatchNormalization", name, x, weights, epsilon=0.0, trainable=False)

    def scaled_image(self, name: str, x: Tensor, scale: Any, offset: Any) -> Tensor:
        """As `affine`, of the image that nothing else reads: goes into `rescaling` if it can.

        It cannot if the image was changed before by more than its shape.
        """
        channels = int(x.shape[-1])
        numbers = [self._per_channel(name, value, channels) for value in (scale, offset)]
        # With other axes than those of the dataset, the channels are no longer its own.
        reshaped = isinstance(x._keras_history.layer, tf_keras.layers.Reshape)
        if x is not self.image and not (reshaped and x._keras_history.layer.input is self.image):
            return self.affine(name, x, scale, offset)
        if x is not self.image and any(value.size > 1 for value in numbers):
            return self.affine(name, x, scale, offset)
        factor, shift = (
            float(value[0]) if value.size == 1 else value.tolist() for value in numbers
        )
        self.rescaling = fold(*(self.rescaling or (1.0, 0.0)), (factor, shift))
        logger.info("%s: layer %r is folded into input_scale and input_offset (scale %s, "
                    "offset %s)", self.path, name, factor, shift)  # fmt: skip
        return x

    def _per_channel(self, name: str, value: Any, channels: int) -> np.ndarray:
        """One number or one per channel, as a row.

        Raises UserError for numbers along other axes.
        """
        found = np.asarray(value, np.float64)
        if found.size not in (1, channels) or found.size != (found.shape[-1:] or (1,))[0]:
            raise UserError(
                f"{self.path}: layer {name!r} combines a layer with numbers of shape "
                f"{found.shape}: give one number, or one per channel"
            )
        return found.ravel()

    def activation(self, name: str, settings: dict[str, Any]) -> str:
        """`relu` or `linear`; a function of the scores is left out, and noted."""
        function = activation_of({"config": settings})
        if function not in AT_THE_END:
            return function
        self.end = (*self.end, function)
        logger.info("%s: the %s of layer %r is left out; the class with the largest "
                    "output stays the same", self.path, function, name)  # fmt: skip
        return "linear"

    def zero_and(self, x: Tensor) -> Tensor:
        """The scores 0 and z for one output z, (N, 1)."""
        layer = x._keras_history.layer
        if not isinstance(layer, tf_keras.layers.Dense):
            return self.add("Dense", "two_scores", x, [np.array([[0, 1]])], units=2, use_bias=False)
        # In place of the last layer: a layer more would be one more step for the numbers.
        weights = next(weights for made, weights in self._weights if made is layer)
        wider = [
            np.stack([np.zeros_like(w), w], axis=-1).reshape(*w.shape[:-1], 2) for w in weights
        ]
        self._weights = [pair for pair in self._weights if pair[0] is not layer]
        self._names.discard(layer.name.lower())
        use_bias = len(weights) == 2
        return self.add("Dense", layer.name, layer.input, wider, units=2, use_bias=use_bias)

    def is_tensor(self, x: Any) -> bool:
        """Whether an operand is a layer's output and not a number."""
        return hasattr(x, "_keras_history")

    def finish(self, output: Tensor, name: str) -> "tf_keras.Model":
        """The network, with all weights."""
        model = tf_keras.Model(self.image, output, name=_plain(name))
        for layer, weights in self._weights:
            layer.set_weights(weights)
        return model

    def _free_name(self, name: str) -> str:
        plain = _plain(name)
        free, number = plain, 1
        while free.lower() in self._names:
            number += 1
            free = f"{plain}_{number}"
        self._names.add(free.lower())
        return free


def _plain(name: str) -> str:
    """A name that TensorFlow takes for a scope, and that can be part of a file's name."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return plain if plain[:1].isalnum() else f"layer{plain}"
