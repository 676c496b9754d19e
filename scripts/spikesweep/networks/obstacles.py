"""What stands in the way of converting the network that a Keras file describes, all at once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from spikesweep.networks.adaptation import replacement
from spikesweep.networks.convertible_layers import (
    ABSORBED,
    AT_THE_END,
    LEFT_OUT,
    MODELS,
    NATIVE,
    OPERATION_REMEDY,
    REWRITTEN,
    remedy,
)
from spikesweep.networks.description import (
    Entry,
    activation_of,
    all_layers,
    at_the_end,
    has_limits,
    is_called_for_training,
    kind_of,
    name_of,
    normalises_last_axis,
    sources,
)
from spikesweep.networks.operations import OTHER_FUNCTION, is_operation, kind_of_operation

# Layers that may be loaded; models inside the model are in other modules of Keras.
ALLOWED = (NATIVE | REWRITTEN | LEFT_OUT | ABSORBED) - MODELS
_LINEAR_END = "end in Dense(classes) without it, so that classes that are unlikely differ, too"
_FUNCTIONS = {"Softmax": "softmax", "LogSoftmax": "log_softmax", "Sigmoid": "sigmoid"}


@dataclass(frozen=True)
class Obstacle:
    """One layer that does not convert.

    name, kind: of the layer.
    remedy: what to do about it.
    adaptable: whether adaptation replaces it.
    """

    name: str
    kind: str
    remedy: str
    adaptable: bool


def obstacles(description: Entry) -> list[Obstacle]:
    """All layers of a described network that do not convert, in their order."""
    last = {id(layer) for layer in at_the_end(description)}
    return [
        Obstacle(name_of(layer), what, advice, _is_adaptable(layer, id(layer) in last))
        for layer in all_layers(description)
        for what, advice in _found(layer, id(layer) in last)
    ]


def told(found: list[Obstacle]) -> str:
    """One line for each kind of obstacle: the layers of that kind, and what to do.

    A last line says what adaptation would do about them, if anything.
    """
    return "\n  ".join([_listed(found), *_told_of_adaptation(found)])


def _listed(found: list[Obstacle]) -> str:
    grouped: dict[tuple[str, str], list[str]] = defaultdict(list)
    for obstacle in found:
        grouped[obstacle.kind, obstacle.remedy].append(repr(obstacle.name))
    lines = [f"{_shortened(names)} ({kind}): {advice}" for (kind, advice), names in grouped.items()]
    if len(lines) == 1:
        verb = "does" if len(found) == 1 else "do"
        return (
            f"{'a layer' if len(found) == 1 else f'{len(found)} layers'} {verb} not convert: "
            + (lines[0])
        )
    return "\n  ".join([f"{len(found)} layers do not convert:", *lines])


def _shortened(names: list[str]) -> str:
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(names[:4]) + more


def _told_of_adaptation(found: list[Obstacle]) -> Iterator[str]:
    left = [repr(obstacle.name) for obstacle in found if not obstacle.adaptable]
    if len(left) == len(found):
        return
    what = "it" if len(found) == 1 else f"all but {_shortened(left)}" if left else "all of them"
    yield (
        f"or let the study replace {what} and fine-tune the network on its training images: add "
        "`adapt: {epochs: 5}` to this network in the config"
    )


def _is_adaptable(layer: Entry, is_last: bool) -> bool:
    new = replacement(layer, is_last)
    return new is not None and not any(_found(new, is_last))


def _found(layer: Entry, is_last: bool) -> Iterator[tuple[str, str]]:
    """Class and remedy of a layer for each thing that is in the way."""
    settings, kind = layer["config"], layer["class_name"]
    if is_operation(kind, layer.get("module")):
        yield from _found_of_operation(layer, is_last)
        return
    if kind not in ALLOWED:
        yield kind, _remedy_of_wrapped(kind) or remedy(kind)
        return
    if _is_quantised(settings.get("dtype")):
        yield f"{kind}, quantised", remedy("QuantizeLayer")
    if settings.get("data_format") == "channels_first":
        yield f"{kind} with channels first", "save it with data_format='channels_last'"
    if kind == "ReLU" and has_limits(settings):
        yield "ReLU with a limit or a slope", "train with a plain ReLU"
    if kind == "BatchNormalization" and not normalises_last_axis(layer):
        yield f"{kind} of axis {settings['axis']}", "normalise the last axis, that of the channels"
    if is_last and (kind == "ReLU" or activation_of(layer) == "relu"):
        yield f"{kind}, relu at the end", _LINEAR_END
    if is_called_for_training(layer):
        yield f"{kind}, called with training=True", "call it without training=True"
    function = _FUNCTIONS.get(kind) or activation_of(layer)
    if function in AT_THE_END and not is_last:
        yield f"{kind}, {function} inside the network", "train with ReLU there"
    elif function not in ("linear", "relu", *AT_THE_END):
        yield (
            f"{kind}, activation {function}",
            f"train with relu; at the end, {', '.join(AT_THE_END)} are taken, too",
        )


def _found_of_operation(layer: Entry, is_last: bool) -> Iterator[tuple[str, str]]:
    settings = layer["config"]
    kind = kind_of_operation(layer["class_name"], settings)
    called = str(settings.get("function") or layer["class_name"])
    if kind is None or kind == OTHER_FUNCTION:
        yield f"the operation {called}", OPERATION_REMEDY
    elif kind in ("Maximum", "Multiply", "Divide") and len(sources(layer)) > 1:
        yield f"the operation {called} on two layers", remedy("Multiply")
    elif kind in _FUNCTIONS and not is_last:
        yield f"{kind_of(layer)} inside the network", "train with ReLU there"
    elif kind == "ReLU" and has_limits(settings):
        yield "ReLU with a limit or a slope", "train with a plain ReLU"
    elif kind == "ReLU" and is_last:
        yield f"the operation {called} at the end", _LINEAR_END


def _is_quantised(dtype: Any) -> bool:
    return isinstance(dtype, dict) and "Quantized" in str(dtype.get("class_name"))


def _remedy_of_wrapped(kind: str) -> str | None:
    """Layers of libraries for quantised networks (QKeras: QConv2D, Larq: QuantConv2D)."""
    bare = kind.removeprefix("Quant").removeprefix("Q")
    return remedy("QuantizeLayer") if bare != kind and bare in ALLOWED else None
