"""The description that Keras is given to load: what it cannot read, and a network can do without.

Keras does not find functions of TensorFlow that it wrote into a file itself (`activation=
tf.nn.softmax`), nor initializers, regularizers and constraints of a user's own, which act in
training only.
"""

from typing import Any

from spikesweep.networks.convertible_layers import AT_THE_END, OTHER_FUNCTIONS
from spikesweep.networks.description import plain_function

_OF_TRAINING = ("_initializer", "_regularizer", "_constraint")
_FUNCTIONS = frozenset({"relu", *AT_THE_END}) | OTHER_FUNCTIONS


def to_load(value: Any) -> Any:
    """The same description without what acts in training only, functions by their names."""
    if isinstance(value, list):
        return [to_load(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("class_name") == "function" and (name := _plain(value.get("config"))):
        return name
    return {key: to_load(item) for key, item in value.items() if not key.endswith(_OF_TRAINING)}


def _plain(name: Any) -> str | None:
    found = plain_function(name) if isinstance(name, str) else None
    return found if found in _FUNCTIONS else None
