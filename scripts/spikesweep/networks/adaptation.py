"""Replacing the layers that do not convert by ones that do; the network must then be fine-tuned.

Works on descriptions (see `description`), so that what adaptation can handle is known before a
file is loaded.
"""

import copy
from dataclasses import dataclass
from typing import Any

from spikesweep.networks.convertible_layers import MODELS, OTHER_FUNCTIONS, REPLACED
from spikesweep.networks.description import (
    Entry,
    activation_of,
    at_the_end,
    has_limits,
    name_of,
    sources,
)
from spikesweep.networks.operations import OTHER_FUNCTION, is_operation, kind_of_operation

# Settings that the layers on both sides of a replacement understand.
_KEPT = ("axis", "center", "data_format", "dtype", "epsilon", "keepdims", "name", "padding",
         "pool_size", "scale", "strides", "trainable")  # fmt: skip
_OF_NORMALIZATION = ("center", "dtype", "epsilon", "name", "scale")


@dataclass(frozen=True)
class Replacement:
    """One layer that was replaced.

    layer: its name.
    was: its class, with the function that it applied or its limits.
    becomes: what stands in its place, in the same words.
    """

    layer: str
    was: str
    becomes: str


def adapted(description: Entry) -> tuple[Entry, list[Replacement]]:
    """A copy of a description without the layers that adaptation can replace, and what it did.

    Layers that it cannot handle stay, and so remain `obstacles`.
    """
    last = {id(layer) for layer in at_the_end(description)}
    replaced: list[Replacement] = []

    def walk(entry: Entry) -> Entry:
        if entry["class_name"] in MODELS:
            layers = [walk(layer) for layer in entry["config"]["layers"]]
            return {**entry, "config": {**entry["config"], "layers": layers}}
        new = replacement(entry, id(entry) in last)
        if new is None:
            return copy.deepcopy(entry)
        replaced.append(Replacement(name_of(entry), _told(entry), _told(new)))
        return new

    return walk(description), replaced


def replacement(layer: Entry, is_last: bool) -> Entry | None:
    """What takes the place of a layer; None for one that adaptation leaves as it is.

    is_last: whether only layers that keep the order of the scores follow; a function of single
        values is then left out, since a ReLU would cut scores off.
    """
    kind, settings = layer["class_name"], layer["config"]
    if is_operation(kind, layer.get("module")):
        return _for_operation(layer, is_last)
    if kind in REPLACED:
        becomes = REPLACED[kind]
        kept = _OF_NORMALIZATION if becomes == "BatchNormalization" else _KEPT
        return _entry(layer, becomes, {key: settings[key] for key in kept if key in settings})
    if kind == "ReLU" and is_last:
        return _entry(layer, "Activation", {"activation": "linear"})
    if kind == "ReLU" and has_limits(settings):
        return _entry(layer, "ReLU", {key: settings[key] for key in _KEPT if key in settings})
    function = activation_of(layer)
    cut_off = is_last and function == "relu"
    if not cut_off and (function not in OTHER_FUNCTIONS or (function == "sigmoid" and is_last)):
        return None
    changed = copy.deepcopy(layer)
    changed["config"]["activation"] = "linear" if is_last else "relu"
    return changed


def _for_operation(layer: Entry, is_last: bool) -> Entry | None:
    kind = kind_of_operation(layer["class_name"], layer["config"])
    if len(sources(layer)) != 1:
        return None
    if kind == "ReLU" and has_limits(layer["config"]) and not is_last:
        return _entry(layer, "ReLU", {})
    if kind in (OTHER_FUNCTION, "Sigmoid") and not is_last:
        return _entry(layer, "ReLU", {})
    if kind in (OTHER_FUNCTION, "ReLU") and is_last:
        return _entry(layer, "Activation", {"activation": "linear"})
    return None


def _entry(layer: Entry, becomes: str, settings: dict[str, Any]) -> Entry:
    """A layer of Keras in place of another layer, or of an operation."""
    new = {key: value for key, value in layer.items() if key != "build_config"}
    new |= {"class_name": becomes, "config": {"name": name_of(layer), **settings}}
    if new.get("module") is not None:
        new |= {"module": "keras.layers", "registered_name": None}
    if is_operation(layer["class_name"], layer.get("module")):
        new["inbound_nodes"] = _plain_nodes(layer)
    return copy.deepcopy(new)


def _plain_nodes(layer: Entry) -> Any:
    """What feeds an operation, without the settings that it was called with."""
    nodes = layer["inbound_nodes"]
    if nodes and isinstance(nodes[0], dict):
        return [{"args": _tensors(node), "kwargs": {}} for node in nodes]
    # Keras 2 writes `[name, node, tensor, settings]` without the lists that it writes for layers.
    return [[[*node[:3], {}]] for node in nodes]


def _tensors(node: dict[str, Any]) -> list[Any]:
    values = [*node["args"], *node["kwargs"].values()]
    return [
        value
        for value in values
        if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__"
    ]


def _told(layer: Entry) -> str:
    kind, settings = layer["class_name"], layer["config"]
    if is_operation(kind, layer.get("module")):
        return f"the operation {settings.get('function') or kind}"
    if kind == "ReLU":
        limits = [
            f"{key} {settings[key]:g}"
            for key in ("max_value", "negative_slope", "threshold")
            if settings.get(key)
        ]
        return f"ReLU ({', '.join(limits)})" if limits else "ReLU"
    function = activation_of(layer)
    return kind if function == "linear" and kind != "Activation" else f"{kind} ({function})"
