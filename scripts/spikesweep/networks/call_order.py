"""Whether the layers of a described network can be called one after the other.

Keras calls each layer as soon as what feeds it is there, and looks for ever for what never comes.
"""

from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from spikesweep.errors import UserError
from spikesweep.networks.convertible_layers import MODELS
from spikesweep.networks.description import Entry, feeds

# A layer, and which of its calls.
Call = tuple[str, int]


def check_call_order(description: Entry, path: str | Path) -> None:
    """Raise UserError if a call is fed by one that there is not, or by itself."""
    for model in _functional_models(description):
        layers = {_name(layer): layer for layer in model["config"]["layers"]}
        calls = {name: [*feeds(layer)] for name, layer in layers.items()}
        first = _first_calls(layers, calls)
        before = {
            (name, number): [(source, at - first.get(source, 0)) for source, at in sources]
            for name, made in calls.items()
            # An input has one call, which nothing feeds.
            for number, sources in enumerate(made or [[]])
        }
        for (name, _), sources in before.items():
            if lacking := [source for source in sources if source not in before]:
                raise UserError(
                    f"{path}: layer {name!r} is fed by {lacking[0][0]!r}, which is not there or "
                    "not called: the file is damaged; save the network again"
                )
        try:
            TopologicalSorter(before).prepare()
        except CycleError as error:
            circle = " → ".join(dict.fromkeys(name for name, _ in error.args[1]))
            raise UserError(
                f"{path}: layers feed each other in a circle ({circle}): the file is damaged; save "
                "the network again"
            ) from None


def _functional_models(description: Entry) -> Iterator[Entry]:
    if description["class_name"] not in MODELS:
        return
    if description["class_name"] != "Sequential":
        yield description
    for layer in description["config"]["layers"]:
        yield from _functional_models(layer)


def _name(layer: Entry) -> str:
    return str(layer.get("name") or layer["config"]["name"])


def _first_calls(layers: dict[str, Entry], calls: dict[str, list[list[Call]]]) -> dict[str, int]:
    """Number of the first call of each layer: those of models inside the model may count from 1."""
    numbers = defaultdict[str, set[int]](set)
    for name, number in (source for made in calls.values() for read in made for source in read):
        numbers[name].add(number)
    return {
        name: int(layer["class_name"] in MODELS and len(calls[name]) in numbers[name])
        for name, layer in layers.items()
    }
