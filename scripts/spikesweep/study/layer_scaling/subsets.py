"""Which layers of a network are scaled together."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from spikesweep.errors import UserError

# Joins the names of a subset's layers, first to last, in a table.
SEPARATOR = "+"

Subset = tuple[str, ...]


def subsets(
    layers: Sequence[str], all_up_to: int, more: Iterable[Iterable[str]] = ()
) -> list[Subset]:
    """Choose subsets of the layers (given first to last), small ones first, each once.

    Every single layer, every pair and all layers; every subset of at most `all_up_to`
    layers; then those of `more` whose layers this network has.
    """
    several = range(3, len(layers)) if len(layers) <= all_up_to else ()
    chosen = [subset for size in (1, 2, *several) for subset in combinations(layers, size)]
    chosen.append(tuple(layers))
    chosen += [_in_order(extra, layers) for extra in more if set(extra) <= set(layers)]
    return list(dict.fromkeys(chosen))


def check_more_subsets(more: Iterable[Iterable[str]], layers: Iterable[str]) -> None:
    """Raise UserError for a subset with a layer that is not among those of the studied networks."""
    known = list(dict.fromkeys(layers))
    for extra in more:
        if unknown := [name for name in extra if name not in known]:
            raise UserError(
                "config layer_scaling.more_subsets: no network of the study has a spiking "
                f"layer {unknown[0]!r}; allowed: {', '.join(known)}"
            )


def subset_name(subset: Iterable[str]) -> str:
    """The subset's name in tables; empty for the empty subset."""
    return SEPARATOR.join(subset)


def subset_layers(name: str) -> Subset:
    """The layers of the subset that a table calls `name`."""
    return tuple(name.split(SEPARATOR)) if name else ()


def _in_order(names: Iterable[str], layers: Sequence[str]) -> Subset:
    return tuple(sorted(set(names), key=list(layers).index))
