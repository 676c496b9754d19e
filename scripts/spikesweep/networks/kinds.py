"""Kinds of networks: a claim about one kind is judged only on networks of that kind."""

from collections.abc import Iterable

from spikesweep.errors import UserError
from spikesweep.networks.registry import load_architecture

DENSE = "dense"
CONVOLUTIONAL = "convolutional"
RESIDUAL = "residual"
# No claim is about these.
OTHER = "other"
KINDS = (DENSE, CONVOLUTIONAL, RESIDUAL, OTHER)


def kind_of_architecture(architecture: str) -> str:
    """Kind of a named architecture, as its module declares it.

    Raises UserError for an unknown architecture, or one that declares no kind or an unknown one.
    """
    module = load_architecture(architecture)
    kind = getattr(module, "KIND", None)
    if kind not in KINDS:
        raise UserError(f"{module.__file__}: KIND is {kind!r}; it may be {', '.join(KINDS)}")
    return kind


def kind_of_layers(types: Iterable[str]) -> str:
    """Kind of a network made of layers of these types, by the names that Keras gives the types.

    Sums of layers make a network residual. Layers that are joined in another way make it `other`,
    since the claims about early and late layers are about chains.
    """
    types = set(types)
    if "Add" in types:
        return RESIDUAL
    if "Concatenate" in types:
        return OTHER
    if any("Conv" in kind for kind in types):
        return CONVOLUTIONAL
    return DENSE if "Dense" in types else OTHER
