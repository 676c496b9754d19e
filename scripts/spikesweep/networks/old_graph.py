"""Reading the graph of a loaded network, of Keras 2 or Keras 3: who made a tensor from what."""

from collections import Counter, defaultdict
from typing import Any

from spikesweep.networks.convertible_layers import LEFT_OUT, MODELS
from spikesweep.networks.operations import is_operation, kind_of_operation

Key = tuple[int, int, int]

# Kinds that may be nothing but a scaling of their one input.
_SCALINGS = {"Rescaling", "Normalization", "Add", "Subtract", "Multiply", "Divide", "Negative"}


def key(tensor: Any) -> Key:
    """Identity of a tensor: layer, which of its calls, which of its outputs."""
    layer, node_index, tensor_index = tensor._keras_history
    return id(layer), node_index, tensor_index


def maker(tensor: Any) -> tuple[Any, Any]:
    """Layer that made a tensor, and which of its calls did."""
    layer, node_index, _ = tensor._keras_history
    return layer, layer._inbound_nodes[node_index]


def kind_of(layer: Any) -> str:
    """Class name of a loaded layer; of an operation, the name of the layer that does the same."""
    kind = type(layer).__name__
    if not is_operation(kind, type(layer).__module__):
        return kind
    return kind_of_operation(kind, layer.get_config()) or kind


def operands(node: Any) -> list[Any]:
    """Tensors and numbers that a layer or operation was applied to, in their order."""
    args, kwargs = _arguments(node)
    numbers = [kwargs[name] for name in ("x1", "x", "x2", "y", "bias") if name in kwargs]
    named = [value for value in kwargs.values() if tensors(value) and not _holds(numbers, value)]
    found: list[Any] = []
    for value in [*args, *named, *numbers]:
        if listed := tensors(value):
            found += listed
        elif value is not None:
            found.append(value)
    return found


def tensors(value: Any) -> list[Any]:
    """The tensors of old layers that a value is or lists."""
    values = value if isinstance(value, list | tuple) else [value]
    return [part for part in values if hasattr(part, "_keras_history")]


def named_arguments(node: Any) -> dict[str, Any]:
    """Settings of an operation that Keras 2 keeps as arguments of its call."""
    _, kwargs = _arguments(node)
    return {name: kwargs[name] for name in ("axis", "keepdims") if name in kwargs}


def scalings_of_input(model: Any) -> set[int]:
    """Ids of the layers that only scale the input, before anything else reads it.

    Only these can become part of how pixels are scaled.
    """
    return _leading_scalings(model)[0]


def _leading_scalings(model: Any) -> tuple[set[int], bool]:
    """Ids of the layers that only scale the input of a model, and whether these are all of it."""
    found: set[int] = set()
    readers = _readers(model)
    calls = Counter(id(layer) for reads in readers.values() for layer, _ in reads)
    tensor = model.inputs[0]
    while len(readers[key(tensor)]) == 1:
        ((layer, output),) = readers[key(tensor)]
        if calls[id(layer)] > 1:
            return found, False
        if type(layer).__name__ in MODELS:
            inside, is_whole = _leading_scalings(layer)
            found |= inside
            if not is_whole:
                return found, False
        elif kind_of(layer) in _SCALINGS | LEFT_OUT and _reads_one_tensor(output):
            found.add(id(layer))
        else:
            return found, False
        tensor = output
    return found, key(tensor) == key(model.outputs[0])


def _reads_one_tensor(output: Any) -> bool:
    return len(tensors(operands(maker(output)[1]))) == 1


def _readers(model: Any) -> dict[Key, list[tuple[Any, Any]]]:
    """By tensor, the layers that read it, each with its output."""
    found: dict[Key, list[tuple[Any, Any]]] = defaultdict(list)
    seen = {key(tensor) for tensor in model.inputs}
    waiting = [model.outputs[0]]
    while waiting:
        output = waiting.pop()
        if key(output) in seen:
            continue
        seen.add(key(output))
        layer, node = maker(output)
        for tensor in tensors(operands(node)):
            found[key(tensor)].append((layer, output))
            waiting.append(tensor)
    return found


def _holds(values: list[Any], value: Any) -> bool:
    # Comparing tensors would make an operation of its own.
    return any(value is other for other in values)


def _arguments(node: Any) -> tuple[Any, dict[str, Any]]:
    # Keras 3 and Keras 2 have different names for them.
    if hasattr(node, "arguments"):
        return node.arguments.args, node.arguments.kwargs
    return node.call_args, node.call_kwargs
