"""The JSON that describes a network in a Keras file: its layers, and how they follow each other.

A description is what Keras writes into a file: class name, settings (`config`) and, of the layers
of a functional network, the nodes that feed them (`inbound_nodes`).
"""

from collections.abc import Iterator
from typing import Any

from spikesweep.networks.convertible_layers import LEFT_OUT, MODELS
from spikesweep.networks.operations import is_operation, kind_of_operation

Entry = dict[str, Any]

_LAYERS_AS_FUNCTIONS = {
    "ELU": "elu",
    "LeakyReLU": "leaky_relu",
    "ReLU": "relu",
    "Softmax": "softmax",
}

# Kinds that leave the scores of the classes in their order.
_ORDER_KEPT = LEFT_OUT | {"Activation", "Flatten", "LogSoftmax", "Reshape", "Sigmoid", "Softmax"}


def all_layers(description: Entry) -> Iterator[Entry]:
    """All layers and operations, those of models inside the model included."""
    if description["class_name"] not in MODELS:
        yield description
        return
    for layer in description["config"]["layers"]:
        yield from all_layers(layer)


def kind_of(layer: Entry) -> str:
    """Class name of a layer; of an operation, the name of the layer that does the same."""
    if is_operation(layer["class_name"], layer.get("module")):
        return kind_of_operation(layer["class_name"], layer["config"]) or layer["class_name"]
    return layer["class_name"]


def name_of(layer: Entry) -> str:
    """Name of a layer or operation."""
    return str(layer["config"].get("name") or layer.get("name") or layer["class_name"])


def activation_of(layer: Entry) -> str:
    """Name of the function that a layer applies to its output, `linear` for none."""
    found = layer["config"].get("activation") or "linear"
    while isinstance(found, dict):
        if "class_name" not in found:
            return "written as a lambda"
        found = found["config"] if isinstance(found.get("config"), str) else _as_function(found)
    return plain_function(str(found))


def has_limits(settings: dict[str, Any]) -> bool:
    """Whether a ReLU of these settings is cut off, leaks, or starts elsewhere than at 0."""
    return settings.get("max_value") is not None or any(
        settings.get(key) for key in ("negative_slope", "threshold")
    )


def is_called_for_training(layer: Entry) -> bool:
    """Whether a layer of Keras 2 is applied with `training=True`, which Keras 3 does not keep."""
    return any(
        isinstance(call, list) and len(call) > 3 and call[3].get("training") is True
        for node in layer.get("inbound_nodes", [])
        if isinstance(node, list)
        for call in node
    )


def normalises_last_axis(layer: Entry) -> bool:
    """Whether a batch normalisation is of the channels, as far as the file tells."""
    axis = layer["config"].get("axis", -1)
    shape = (layer.get("build_config") or {}).get("input_shape")
    axes = axis if isinstance(axis, list) else [axis]
    return not shape or all(one % len(shape) == len(shape) - 1 for one in axes)


def is_relu(layer: Entry) -> bool:
    """Whether a layer or operation is, or ends in, a ReLU."""
    return kind_of(layer) in ("ReLU", "Maximum") or activation_of(layer) == "relu"


def plain_function(name: str) -> str:
    """Name of a function without the version that TensorFlow adds (`softmax_v2`)."""
    return name.removesuffix("_v2")


def _as_function(layer: Entry) -> str:
    """The function that a layer is which another layer applies (`activation=ReLU()`)."""
    kind = str(layer["class_name"])
    if kind == "ReLU" and has_limits(layer["config"]):
        return "relu6" if layer["config"].get("max_value") == 6 else "leaky_relu"
    return _LAYERS_AS_FUNCTIONS.get(kind, kind)


def input_shape(description: Entry) -> tuple[int | None, ...] | None:
    """Shape of one input without the batch, with None for each open size; None if unknown."""
    settings = description["config"]
    if description["class_name"] == "Sequential" and "build_input_shape" in settings:
        return _sizes(settings["build_input_shape"])
    first = settings["layers"][0]
    shape = first["config"].get("batch_shape") or first["config"].get("batch_input_shape")
    if shape is None and first["class_name"] in MODELS:
        return input_shape(first)
    return _sizes(shape) if shape else None


def _sizes(shape: list[Any]) -> tuple[int | None, ...]:
    """A shape without the batch; TypeError if it is none."""
    if not all(size is None or type(size) is int for size in shape):
        raise TypeError(f"a shape of {shape!r}")
    return tuple(shape[1:])


def classes(description: Entry) -> int | None:
    """Outputs of the last layer with weights, if it is Dense; None if unknown."""
    for layer in at_the_end(description):
        if layer["class_name"] == "Dense":
            return int(layer["config"]["units"])
    return None


def at_the_end(description: Entry) -> list[Entry]:
    """The last layer, and those before it that are followed only by ones that keep the order."""
    found: list[Entry] = []
    layer = _last_layer(description)
    while layer is not None:
        if layer["class_name"] in MODELS:
            return found + at_the_end(layer)
        found.append(layer)
        if kind_of(layer) not in _ORDER_KEPT:
            return found
        layer = _before(layer, description)
    return found


def sources(layer: Entry) -> list[str]:
    """Names of the layers that feed a layer of a functional network, once per use."""
    return [name for call in feeds(layer) for name, _ in call]


def feeds(layer: Entry) -> Iterator[list[tuple[str, int]]]:
    """For each call of a layer of a functional network, what feeds it: layers, and their calls."""
    for node in layer.get("inbound_nodes", []):
        yield list(_histories(node))


def _last_layer(description: Entry) -> Entry | None:
    if description["class_name"] == "Sequential":
        layers = description["config"]["layers"]
        return layers[-1] if layers else None
    return _by_name(description, _first_text(description["config"]["output_layers"]))


def _before(layer: Entry, description: Entry) -> Entry | None:
    layers = description["config"]["layers"]
    if description["class_name"] == "Sequential":
        position = layers.index(layer)
        return layers[position - 1] if position else None
    return _by_name(description, next(iter(sources(layer)), None))


def _by_name(description: Entry, name: str | None) -> Entry | None:
    layers = description["config"]["layers"]
    return next((layer for layer in layers if name_of(layer) == name), None)


def _histories(nodes: Any) -> Iterator[tuple[str, int]]:
    """Names and calls, as Keras 3 (`keras_history`) or Keras 2 (`[name, node, …]`) writes them."""
    if isinstance(nodes, dict):
        inside = nodes.get("config", nodes)
        if isinstance(inside, dict) and "keras_history" in inside:
            name, number, *_ = inside["keras_history"]
            yield name, number
            return
        for value in nodes.values():
            yield from _histories(value)
    elif isinstance(nodes, list):
        if len(nodes) >= 3 and isinstance(nodes[0], str) and isinstance(nodes[1], int):
            if nodes[1] >= 0:  # Keras 2 gives constants the name _CONSTANT_VALUE and the node -1.
                yield nodes[0], nodes[1]
            nodes = nodes[3:]
        for value in nodes:
            yield from _histories(value)


def _first_text(value: Any) -> str | None:
    while isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else None
