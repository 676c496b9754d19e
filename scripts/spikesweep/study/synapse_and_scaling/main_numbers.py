"""The numbers that answer the study's question: one row per network."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.experiments.costs import settled_after, with_network_costs
from spikesweep.experiments.operating_points import best_setting, cheapest_within, mean_over_seeds
from spikesweep.snn.energy import CONVENTIONS
from spikesweep.tables import SETTING_COLUMNS, read_tables, write_csv

_OF_NETWORK = [
    "seeds",
    "images",
    "steps",
    "ann_accuracy",
    "ann_accuracy_low",
    "ann_accuracy_high",
    "ann_macs_per_image",
    "ann_effective_macs_per_image",
    "ann_activation_sparsity",
    "input_macs_per_image",
    "input_effective_macs_per_image",
    "input_macs_without_latch_per_image",
    "zero_input_share",
    "neurons",
    "neuron_updates_per_image",
    "weights",
    "connection_sparsity",
    "weight_bytes",
    "state_bytes",
    "footprint_bytes",
    *(f"ann_energy_j_{name}" for name, convention in CONVENTIONS.items() if convention.ann),
]
_OF_SETTING = [
    *SETTING_COLUMNS,
    "accuracy",
    "accuracy_low",
    "accuracy_high",
    "synops_per_image",
    "operations_per_image",
    "operations_over_ann",
    "effective_operations_per_image",
    "effective_operations_over_ann",
    "mean_rate_hz",
    "activation_sparsity",
    "settled_after_s",
    "settled_synops_per_image",
    *(f"energy_j_{name}" for name in CONVENTIONS),
    *(
        f"{kind}energy_over_ann_{name}"
        for name, convention in CONVENTIONS.items()
        if convention.ann
        for kind in ("", "effective_")
    ),
]


def tabulate_main_numbers(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the table of the main numbers, see `main_numbers`.

    inputs: sweeps, over_time, costs. outputs: numbers.
    config: accuracy_margin.
    """
    tables = {name: read_tables(inputs[name]) for name in ("sweeps", "over_time", "costs")}
    numbers = main_numbers(**tables, accuracy_margin=config["accuracy_margin"])
    write_csv(numbers, outputs["numbers"])


def main_numbers(
    sweeps: pd.DataFrame, over_time: pd.DataFrame, costs: pd.DataFrame, accuracy_margin: float
) -> pd.DataFrame:
    """Return the best and the cheapest good setting of each network, means over seeds.

    sweeps, over_time: the synapse-and-scaling tables of all networks and seeds
    costs: what their conversion counted, see `network_costs`
    accuracy_margin: a setting is good if it loses at most this much against the ANN

    Columns `best_*` and `cheapest_*` describe the two settings; if no setting is good,
    `cheapest_found` is False and the others of `cheapest_*` are empty. The cheapest has the
    fewest synops; all that is counted besides is the same at each setting of a network.
    """
    averaged = mean_over_seeds(with_network_costs(sweeps, costs)).merge(
        settled_after(over_time, accuracy_margin), on=["network", *SETTING_COLUMNS], how="left"
    )
    rows = [
        _row(network, of_network, accuracy_margin)
        for network, of_network in averaged.groupby("network", sort=False)
    ]
    return pd.DataFrame(rows)


def _row(network: str, averaged: pd.DataFrame, accuracy_margin: float) -> dict[str, Any]:
    best = best_setting(averaged)
    cheapest = cheapest_within(averaged, accuracy_margin)
    row = {"network": network, **best[_OF_NETWORK], "accuracy_margin": accuracy_margin}
    row |= {f"best_{column}": best[column] for column in _OF_SETTING}
    row["cheapest_found"] = cheapest is not None
    row |= {
        f"cheapest_{column}": None if cheapest is None else cheapest[column]
        for column in _OF_SETTING
    }
    return row
