"""Which layers of a network are scaled together."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, groupby

from spikesweep.errors import UserError

# Joins the names of a subset's layers, first to last, in a table.
SEPARATOR = "+"

Subset = tuple[str, ...]


def subsets(
    layers: Sequence[str],
    all_up_to: int,
    pairs_up_to: int = 0,
    more: Iterable[Iterable[str]] = (),
    stages: Iterable[Subset] = (),
) -> list[Subset]:
    """Choose subsets of the layers (given first to last), small ones first, each once.

    Every single layer and all layers; every subset of at most `all_up_to` layers, every pair of at
    most `pairs_up_to`, as the number of subsets grows with the square of the layers or faster; the
    two halves and the `stages`, whose number does not; then those of `more` whose layers this
    network has.
    """
    count = len(layers)
    several = range(2, count) if count <= all_up_to else [2] if count <= pairs_up_to else []
    chosen = [subset for size in (1, *several) for subset in combinations(layers, size)]
    chosen += sorted({*stages, *halves(layers)} - set(chosen), key=lambda one: _order(one, layers))
    chosen.append(tuple(layers))
    chosen += [_in_order(extra, layers) for extra in more if set(extra) <= set(layers)]
    return list(dict.fromkeys(chosen))


def halves(layers: Sequence[str]) -> tuple[Subset, ...]:
    """The first and the last half of the layers; an odd one in the middle is in neither.

    None of them for a single layer.
    """
    size = len(layers) // 2
    return (tuple(layers[:size]), tuple(layers[-size:])) if size else ()


def stages(sizes: Mapping[str, tuple[int, ...]]) -> list[Subset]:
    """Layers in a row that see the image at one size, as the stages of a residual network do.

    sizes: of each layer, first to last: height and width, nothing for a dense layer. None if they
    are all of one size.
    """
    found = [tuple(names) for _, names in groupby(sizes, key=sizes.__getitem__)]
    return found if len(found) > 1 else []


def in_words(subset: Subset, layers: Sequence[str]) -> str:
    """A subset for a figure: long ones by their first and last layer."""
    if len(subset) == len(layers) > 1:
        return "all layers"
    first = list(layers).index(subset[0])
    if len(subset) > 2 and subset == tuple(layers[first : first + len(subset)]):
        return f"{subset[0]} to {subset[-1]}"
    return " + ".join(subset)


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


def _order(subset: Subset, layers: Sequence[str]) -> tuple[int, int]:
    return len(subset), list(layers).index(subset[0])


def _in_order(names: Iterable[str], layers: Sequence[str]) -> Subset:
    return tuple(sorted(set(names), key=list(layers).index))
