"""The numbers that answer the study's question: one row per network."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.experiments.operating_points import best_setting, cheapest_within, mean_over_seeds
from spikesweep.files import write_csv
from spikesweep.tables import SETTING_COLUMNS, read_tables

_OF_NETWORK = [
    "seeds",
    "images",
    "steps",
    "ann_accuracy",
    "ann_accuracy_low",
    "ann_accuracy_high",
    "ann_macs_per_image",
    "input_macs_per_image",
]
_OF_SETTING = [
    *SETTING_COLUMNS,
    "accuracy",
    "accuracy_low",
    "accuracy_high",
    "synops_per_image",
    "mean_rate_hz",
]


def tabulate_main_numbers(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the table of the main numbers, see `main_numbers`.

    inputs: sweeps. outputs: numbers.
    config: accuracy_margin.
    """
    sweeps = read_tables(inputs["sweeps"])
    write_csv(main_numbers(sweeps, config["accuracy_margin"]), outputs["numbers"])


def main_numbers(sweeps: pd.DataFrame, accuracy_margin: float) -> pd.DataFrame:
    """Return the best and the cheapest good setting of each network, means over seeds.

    sweeps: the synapse-and-scaling tables of all networks and seeds
    accuracy_margin: a setting is good if it loses at most this much against the ANN

    Columns `best_*` and `cheapest_*` describe the two settings; if no setting is good,
    `cheapest_found` is False and the others of `cheapest_*` are empty.
    """
    rows = [
        _row(network, of_network, accuracy_margin)
        for network, of_network in mean_over_seeds(sweeps).groupby("network", sort=False)
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
