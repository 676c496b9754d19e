"""Read a tf_keras model layer by layer, refusing what would not spike as it was trained.

NengoDL itself would accept many of these: what it cannot express becomes a TensorNode, whose
output is not filtered by the synapse, and the result is silently wrong.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from spikesweep.errors import UserError
from spikesweep.networks.convertible_layers import LEFT_OUT, remedy
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
from spikesweep.snn.neurons import Neuron

# Layers that become neurons alone.
RELUS = ("Activation", "ReLU")


def read_keras(model: Any, neuron: Neuron) -> tuple[Layer, ...]:
    """The layers of a built tf_keras model, with `neuron` in place of each ReLU.

    Initial voltages are left at zero. A Keras layer with an activation becomes two: the
    linear one, named `<name>.current`, and the neurons, which have the Keras layer's name.
    Layers that do nothing at inference (dropout, noise) are left out.

    Raises UserError that names the layer and the remedy.
    """
    layers: dict[str, Layer] = {}
    read_as: dict[str, str] = {}
    for keras_layer in _functional(model).layers:
        sources = tuple(read_as[name] for name in _source_names(keras_layer))
        if type(keras_layer).__name__ in LEFT_OUT:
            read_as[keras_layer.name] = sources[0]
            continue
        for layer in _read(keras_layer, sources, neuron):
            layers[layer.name] = layer
        read_as[keras_layer.name] = keras_layer.name
    return _checked(tuple(layers.values()))


def _functional(model: Any) -> Any:
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise UserError(
            f"network {model.name!r}: found {len(model.inputs)} inputs and "
            f"{len(model.outputs)} outputs; a spiking classifier needs one of each"
        )
    import tf_keras

    if isinstance(model, tf_keras.Sequential):
        return tf_keras.Model(model.inputs, model.outputs, name=model.name)
    return model


def _source_names(layer: Any) -> list[str]:
    if len(layer.inbound_nodes) > 1:
        raise _refusal(layer, "is applied more than once", "give each application its own layer")
    parents = layer.inbound_nodes[0].inbound_layers
    return [parent.name for parent in (parents if isinstance(parents, list) else [parents])]


def _read(keras_layer: Any, sources: tuple[str, ...], neuron: Neuron) -> list[Layer]:
    kind = type(keras_layer).__name__
    if kind == "InputLayer":
        return [Input(keras_layer.name, (), tuple(keras_layer.output_shape[0][1:]))]
    shape = tuple(keras_layer.output_shape[1:])
    if getattr(keras_layer, "data_format", "channels_last") != "channels_last":
        raise _refusal(keras_layer, "has its channels first", "use data_format channels_last")
    if kind in RELUS:
        _check_relu(keras_layer)
        return [_neurons(keras_layer.name, sources[0], shape, neuron)]
    if kind not in READERS:
        raise _refusal(keras_layer, "has no spiking counterpart in NengoDL", remedy(kind))
    read = READERS[kind]
    if _activation(keras_layer) == "linear":
        return [read(keras_layer, keras_layer.name, sources, shape)]
    _check_relu(keras_layer)
    current = read(keras_layer, f"{keras_layer.name}.current", sources, shape)
    return [current, _neurons(keras_layer.name, current.name, shape, neuron)]


def _neurons(name: str, source: str, shape: tuple[int, ...], neuron: Neuron) -> Spiking:
    silent = np.zeros(int(np.prod(shape)), np.float32)
    return Spiking(name, (source,), shape, neuron, silent)


def _activation(keras_layer: Any) -> str:
    activation = getattr(keras_layer, "activation", None)
    return "linear" if activation is None else getattr(activation, "__name__", str(activation))


def _check_relu(keras_layer: Any) -> None:
    if type(keras_layer).__name__ == "ReLU":
        options = (keras_layer.max_value, keras_layer.negative_slope, keras_layer.threshold)
        if options[0] is not None or options[1] != 0 or options[2] != 0:
            raise _refusal(
                keras_layer, "is a ReLU with a limit, slope or threshold", "use a plain ReLU"
            )
    elif _activation(keras_layer) != "relu":
        found = f"has the activation {_activation(keras_layer)!r}"
        if _activation(keras_layer) == "softmax":
            raise _refusal(keras_layer, found, remedy("Softmax"))
        raise _refusal(keras_layer, found, "train with relu")


def _dense(layer: Any, name: str, sources: tuple[str, ...], shape: tuple[int, ...]) -> Dense:
    if len(layer.input_shape) != 2:
        raise _refusal(
            layer,
            f"receives inputs of shape {layer.input_shape[1:]}",
            "put a Flatten layer before it",
        )
    return Dense(name, sources, shape, *_kernel_and_bias(layer))


def _conv2d(layer: Any, name: str, sources: tuple[str, ...], shape: tuple[int, ...]) -> Conv2D:
    if layer.groups != 1 or tuple(layer.dilation_rate) != (1, 1):
        raise _refusal(layer, "uses groups or dilation", "use groups=1 and dilation_rate=1")
    strides = tuple(layer.strides)
    return Conv2D(name, sources, shape, *_kernel_and_bias(layer), strides, layer.padding)


def _kernel_and_bias(layer: Any) -> tuple[np.ndarray, np.ndarray]:
    kernel = layer.kernel.numpy()
    bias = layer.bias.numpy() if layer.use_bias else np.zeros(kernel.shape[-1], np.float32)
    return kernel, bias


def _batch_normalization(
    layer: Any, name: str, sources: tuple[str, ...], shape: tuple[int, ...]
) -> Affine:
    if tuple(layer.axis) != (len(layer.input_shape) - 1,):
        raise _refusal(layer, f"normalises axis {tuple(layer.axis)}", "normalise the last axis")
    scale = 1 / np.sqrt(layer.moving_variance.numpy() + layer.epsilon)
    if layer.scale:
        scale = layer.gamma.numpy() * scale
    offset = -scale * layer.moving_mean.numpy()
    if layer.center:
        offset = layer.beta.numpy() + offset
    return Affine(name, sources, shape, scale.astype(np.float32), offset.astype(np.float32))


def _average_pooling(
    layer: Any, name: str, sources: tuple[str, ...], shape: tuple[int, ...]
) -> AveragePooling2D:
    if layer.padding != "valid":
        raise _refusal(layer, "pads its input", "use padding='valid'")
    return AveragePooling2D(name, sources, shape, tuple(layer.pool_size), tuple(layer.strides))


def _global_pooling(
    layer: Any, name: str, sources: tuple[str, ...], shape: tuple[int, ...]
) -> AveragePooling2D:
    window = tuple(layer.input_shape[1:3])
    return AveragePooling2D(name, sources, shape, window, window)


def _zero_padding(
    layer: Any, name: str, sources: tuple[str, ...], shape: tuple[int, ...]
) -> ZeroPadding2D:
    rows, columns = layer.padding
    return ZeroPadding2D(name, sources, shape, (tuple(rows), tuple(columns)))


def _concatenate(
    layer: Any, name: str, sources: tuple[str, ...], shape: tuple[int, ...]
) -> Concatenate:
    return Concatenate(name, sources, shape, layer.axis - 1 if layer.axis > 0 else layer.axis)


# Layers that become a linear layer, and neurons as well if they have an activation.
READERS: dict[str, Callable[[Any, str, tuple[str, ...], tuple[int, ...]], Layer]] = {
    "Dense": _dense,
    "Conv2D": _conv2d,
    "BatchNormalization": _batch_normalization,
    "AveragePooling2D": _average_pooling,
    "GlobalAveragePooling2D": _global_pooling,
    "ZeroPadding2D": _zero_padding,
    "Flatten": lambda _layer, name, sources, shape: Reshape(name, sources, shape),
    "Reshape": lambda _layer, name, sources, shape: Reshape(name, sources, shape),
    "Add": lambda _layer, name, sources, shape: Add(name, sources, shape),
    "Concatenate": _concatenate,
}


def _checked(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    if not any(isinstance(layer, Spiking) for layer in layers):
        raise UserError("network: has no ReLU, so nothing would spike; train it with relu")
    readout = layers[-1]
    if isinstance(readout, Spiking) or len(readout.shape) != 1:
        raise UserError(
            f"layer {readout.name!r}: the last layer must be linear with one score per class; "
            f"end the network in Dense(classes) without an activation"
        )
    return layers


def _refusal(layer: Any, found: str, advice: str) -> UserError:
    return UserError(f"layer {layer.name!r} ({type(layer).__name__}) {found}; {advice}")
