"""The fewest spikes and synops found with another neuron, start and read-out, in a sentence."""

from collections.abc import Iterable, Mapping
from typing import Any

from spikesweep.plots.levels import synapse_label
from spikesweep.report.conclusions import best_by
from spikesweep.report.ways import NEURONS, method_in_words
from spikesweep.words import count, counted, factor_between, listed, points, si

_WAY = ("neuron", "initial_voltages", "read_out", "synapse_s")
# A need, the factor by which a way takes less of it, and how the need is written.
_NEEDS = {
    "spikes": ("fewer", "spikes_per_image", count),
    "synops": ("cheaper", "synops_per_image", si),
}


def fewest_found(comparison: Iterable[Mapping[str, Any]]) -> str:
    """What the study of neurons found for one network; empty if nothing reaches its accuracy.

    comparison: rows of `neuron_cost/comparison.csv` about it.
    """
    rows = list(comparison)
    one, other = best_by(rows, "fewer"), best_by(rows, "cheaper")
    reference = next((row for row in rows if row["reference"]), None)
    if reference is None or one is None or other is None:
        return ""
    where = (
        f"{_at(reference)}, on {_images(reference, 'test images')} "
        f"({counted(int(reference['seeds']), 'seed')})"
    )
    if one["reference"] and other["reference"]:
        return (
            f"No other neuron, start or read-out that was tried takes fewer, {where}: "
            f"{_needs(one, _NEEDS)} with {_way(one)}."
        )
    if one is other:
        found = f"{_needs(one, _NEEDS)} with {_way(one)}"
    else:
        best = {"spikes": one, "synops": other}
        found = "; ".join(f"{_needs(row, [need])} with {_way(row)}" for need, row in best.items())
    return f"Fewest found, {where}: {found}."


def fewest_briefly(comparison: Iterable[Mapping[str, Any]]) -> str:
    """Fewest spikes, and those of the reference; empty if no other way takes fewer.

    `at 1.0 points lost, on 250 images: 192 spikes, next to 430 with … (2.2 times fewer, …).`
    """
    rows = list(comparison)
    best = best_by(rows, "fewer")
    reference = next((row for row in rows if row["reference"]), None)
    if best is None or reference is None or best["reference"]:
        return ""
    return (
        f"{_at(best)}, on {_images(best, 'images')}: {_written(best, 'spikes')} spikes, next "
        f"to {_written(reference, 'spikes')} with {NEURONS[reference['neuron']]} neurons"
        f"{_factor(best, 'spikes')}."
    )


def fewest_against(comparisons: Mapping[str, Iterable[Mapping[str, Any]]]) -> str:
    """What the factors of these sentences compare; empty if there are none. By network."""
    rows = [row for comparison in comparisons.values() for row in comparison]
    references = list(dict.fromkeys(method_in_words(row) for row in rows if row["reference"]))
    if not references:
        return ""
    ways = len({tuple(row[key] for key in _WAY) for row in rows})
    return (
        f"Fewest found: over every neuron, start, read-out and synapse of the study of neurons "
        f"({ways} ways) at its best scale and time. Factors are next to the cheapest of "
        f"{listed(references)}, on the same images; as the best of several they are slightly "
        "optimistic."
    )


def _at(row: Mapping[str, Any]) -> str:
    return f"at {points(row['loss'])} points lost"


def _images(row: Mapping[str, Any], word: str) -> str:
    """`64 images, each worth 1.6 points`: the latter if the loss is less than a single image."""
    worth = 1 / row["images"]
    finer = f", each worth {points(worth)} points" if worth > row["loss"] > 0 else ""
    return f"{count(row['images'])} {word}{finer}"


def _needs(row: Mapping[str, Any], needs: Iterable[str]) -> str:
    """`192 spikes (2.2 times fewer, 1.7 to 2.8) and 15.1 k synops (2.2 times fewer, …)`."""
    return " and ".join(f"{_written(row, need)} {need}{_factor(row, need)}" for need in needs)


def _written(row: Mapping[str, Any], need: str) -> str:
    _, column, written = _NEEDS[need]
    return written(row[column])


def _factor(row: Mapping[str, Any], need: str) -> str:
    if row["reference"]:
        return ""
    name = _NEEDS[need][0]
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    seeds = int(row["seeds"])
    value, _, interval = factor_between(row[name], low, high, seeds).partition(" ")
    said = interval.strip("()") or (
        "one seed, no interval" if seeds == 1 else "the same with every seed"
    )
    if " to " not in said:
        return f" ({value} times fewer; {said})"
    doubt = ": not shown to be fewer" if low <= 1 else ""
    return f" ({value} times fewer, {said}{doubt})"


def _way(row: Mapping[str, Any]) -> str:
    synapse = row["synapse_s"]
    filtered = "no synapse" if synapse is None else f"a {synapse_label(synapse)} synapse"
    return f"{method_in_words(row)}, {filtered}"
