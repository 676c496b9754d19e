"""The layers of a SpikingNetwork: one small dataclass per concept, channels last.

Shapes do not include the batch: (height, width, channels) or (units,). `inputs` names the
layers whose output a layer reads. Only `Spiking` has a state; every other layer is linear
in its inputs (Dense, Conv2D and Affine plus a constant) and instantaneous.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from spikesweep.snn.neurons import Neuron, is_known, type_names

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Layer:
    """What all layers have: a unique name, the names of their inputs, the shape of their output."""

    name: str
    inputs: tuple[str, ...]
    shape: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Input(Layer):
    """The image, constant over the presentation; no inputs."""


@dataclass(frozen=True, eq=False)
class Dense(Layer):
    """y = x @ kernel + bias; kernel (n_in, n_out), bias (n_out,), both float32."""

    kernel: Array
    bias: Array


@dataclass(frozen=True, eq=False)
class Conv2D(Layer):
    """Cross-correlation, kernel (kh, kw, channels_in, channels_out), bias (channels_out,).

    `padding` "same" pads as TensorFlow does: if the total is odd, one more below and to the right.
    """

    kernel: Array
    bias: Array
    strides: tuple[int, int]
    padding: Literal["valid", "same"]


@dataclass(frozen=True, eq=False)
class Affine(Layer):
    """y = scale * x + offset, per channel (channels,): a batch normalisation at inference."""

    scale: Array
    offset: Array


@dataclass(frozen=True, eq=False)
class AveragePooling2D(Layer):
    """Mean over windows of pool_size, without padding. Global pooling is one window, shape (c,)."""

    pool_size: tuple[int, int]
    strides: tuple[int, int]


@dataclass(frozen=True, eq=False)
class ZeroPadding2D(Layer):
    """Zeros around the image: ((top, bottom), (left, right))."""

    padding: tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, eq=False)
class Reshape(Layer):
    """The same values in C order with another shape (Flatten is an example)."""


@dataclass(frozen=True, eq=False)
class Add(Layer):
    """Sum of inputs of the same shape, as at the end of a residual connection."""


@dataclass(frozen=True, eq=False)
class Concatenate(Layer):
    """Inputs side by side along `axis` (counted without the batch, negative from the end)."""

    axis: int


@dataclass(frozen=True, eq=False)
class Spiking(Layer):
    """Neurons that receive the current of their one input; see `Neuron` for the dynamics.

    With firing-rate scale s: J = s * input, and z = k / (s * dt). Layers that read
    this one read it through the synapse. `initial_voltages` (n_neurons,) float32, the same for
    every image; n_neurons is the product of `shape`, in C order.
    """

    neuron: Neuron
    initial_voltages: Array

    @property
    def neurons(self) -> int:
        """Number of neurons."""
        return int(np.prod(self.shape))


def unknown_neuron(layers: Iterable[Layer]) -> str | None:
    """Which layer has neurons of an unknown type; None if all types are known."""
    for layer in layers:
        if isinstance(layer, Spiking) and not is_known(layer.neuron):
            return (
                f"layer {layer.name!r} has neurons of the unknown type "
                f"{type(layer.neuron).__name__}; known types are {type_names()}"
            )
    return None
