"""The key numbers of each network: what the first screen of the report shows.

One row per setting: the recommended one, the cheapest one of the sweep that is accurate enough, and
the most accurate one of the sweep.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from spikesweep.report.conclusions import recommended_scales
from spikesweep.report.rows import Row
from spikesweep.snn.energy import CONVENTIONS, ann_energy_j, spiking_energy_j

RECOMMENDED = "recommended"
CHEAPEST = "cheapest of the sweep"
BEST = "most accurate of the sweep"
CHEAPEST_AND_BEST = "cheapest and most accurate of the sweep"
# The convention that energies of the spiking network and of the ANN are compared by.
ENERGY = "45nm"
_WITH_UPDATES = "45nm_updates"
# Seconds per time step, in which every study simulates.
_DT_S = 0.001
_MEASURED = (
    *("accuracy_low", "accuracy_high", "synops_per_image"),
    *("operations_per_image", "operations_over_ann"),
)


def key_numbers(
    main_numbers: Iterable[Row], recommendations: Iterable[Row], sweeps: Iterable[Row]
) -> dict[str, list[dict[str, Any]]]:
    """The rows of each network, the one that answers best how few spikes suffice first.

    sweeps: of all networks and seeds; spikes are means over seeds.

    Each row has: setting (RECOMMENDED, CHEAPEST, BEST or CHEAPEST_AND_BEST), synapse_s (None for
    none), scales in words, accuracy and loss with their intervals (None if there is none),
    ann_accuracy, enough (whether it is within the accuracy margin), promise (kept, uncertain or
    broken on unseen test images; None for settings of the sweep, which promise nothing),
    spikes_per_image,
    synops_per_image, operations_per_image, operations_over_ann, energy_over_ann,
    energy_with_updates_over_ann (with neuron updates), latency_s, images, seeds.
    """
    recommended = {row["network"]: row for row in recommendations}
    sweeps = list(sweeps)
    rows = {}
    for numbers in main_numbers:
        network = numbers["network"]
        of_network = [row for row in sweeps if row["network"] == network]
        found = [_recommended(recommended[network], numbers)] if network in recommended else []
        found += [
            _of_sweep(setting, which, numbers, of_network)
            for setting, which in _settings_of_sweep(numbers)
        ]
        rows[network] = found
    return rows


def recommended_rows(recommendations: Iterable[Row], main_numbers: Iterable[Row]) -> list[Row]:
    """Rows of `recommendations.csv` with their `scales` in words and their energy.

    The latter by every convention, `energy_j_<name>`; and next to the ANN's by those that price
    one, `energy_over_ann_<name>`.
    """
    numbers = {row["network"]: row for row in main_numbers}
    return [
        row
        | {"scales": recommended_scales(row["scale_firing_rates"])}
        | _energy(row, numbers[row["network"]]["neurons"])
        for row in recommendations
    ]


def _energy(row: Row, neurons: float) -> dict[str, float]:
    energy = spiking_energy_j(
        synops=row["synops_per_image"],
        multiply_adds=row["input_macs_per_image"],
        updates=neurons * row["steps"],
    )
    ann = ann_energy_j(multiply_adds=row["ann_macs_per_image"], neurons=neurons)
    ratios = {
        f"energy_over_ann_{name}": energy[f"energy_j_{name}"] / ann[f"ann_energy_j_{name}"]
        for name, convention in CONVENTIONS.items()
        if convention.ann
    }
    return energy | ratios


def _settings_of_sweep(numbers: Row) -> list[tuple[str, str]]:
    if not numbers["cheapest_found"]:
        return [(BEST, "best")]
    settings = {
        (numbers[f"{which}_synapse_s"], numbers[f"{which}_scale_firing_rates"])
        for which in ("cheapest", "best")
    }
    if len(settings) == 1:
        return [(CHEAPEST_AND_BEST, "best")]
    return [(CHEAPEST, "cheapest"), (BEST, "best")]


def _recommended(row: Row, numbers: Row) -> dict[str, Any]:
    energy = _energy(row, numbers["neurons"])
    return {
        "setting": RECOMMENDED,
        "scales": recommended_scales(row["scale_firing_rates"]),
        "enough": bool(row["within_margin"]),
        "promise": row["verdict"],
        "energy_over_ann": energy[f"energy_over_ann_{ENERGY}"],
        "energy_with_updates_over_ann": energy[f"energy_over_ann_{_WITH_UPDATES}"],
        "latency_s": row["steps"] * _DT_S,
        **_copied(row, "synapse_s", "accuracy", "ann_accuracy", "loss", "loss_low", "loss_high"),
        **_copied(row, "accuracy_low", "accuracy_high"),
        **_copied(row, "spikes_per_image", "synops_per_image", "operations_per_image"),
        **_copied(row, "operations_over_ann", "images", "seeds"),
    }


def _of_sweep(setting: str, which: str, numbers: Row, sweeps: Iterable[Row]) -> dict[str, Any]:
    synapse_s, scale = numbers[f"{which}_synapse_s"], numbers[f"{which}_scale_firing_rates"]
    spikes = [
        row["spikes_per_image"]
        for row in sweeps
        if (row["synapse_s"], row["scale_firing_rates"]) == (synapse_s, scale)
    ]
    accuracy, ann_accuracy = numbers[f"{which}_accuracy"], numbers["ann_accuracy"]
    return {
        "setting": setting,
        "synapse_s": synapse_s,
        "scales": recommended_scales(scale),
        "accuracy": accuracy,
        "ann_accuracy": ann_accuracy,
        "loss": ann_accuracy - accuracy,
        "loss_low": None,
        "loss_high": None,
        # If any setting is within the margin, the most accurate one is.
        "enough": bool(numbers["cheapest_found"]),
        "promise": None,
        "spikes_per_image": sum(spikes) / len(spikes),
        "energy_over_ann": numbers[f"{which}_energy_over_ann_{ENERGY}"],
        "energy_with_updates_over_ann": numbers[f"{which}_energy_over_ann_{_WITH_UPDATES}"],
        "latency_s": numbers["steps"] * _DT_S,
        **_copied(numbers, "images", "seeds"),
        **{name: numbers[f"{which}_{name}"] for name in _MEASURED},
    }


def _copied(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}
