"""What a residual network gains while its images are shown, because skip paths are early."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikesweep.experiments.answers import load_answers
from spikesweep.statistics.crossed import crossed_effect
from spikesweep.study.skip_paths.run import EARLY, RELAYED
from spikesweep.tables import read_table, write_csv

COLUMNS = (
    *("network", "synapse_s", "scale_firing_rates", "step", "time_s", "seeds", "images"),
    *("accuracy", "relayed_accuracy", "gained", "gained_low", "gained_high", "ann_accuracy"),
    *("synops_per_image", "relayed_synops_per_image"),
)
_MEANS = ["accuracy", "synops_per_image", "ann_accuracy"]


def compare_paths(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the result of `early_arrival` for all networks.

    inputs: skip_paths, the tables of all networks and seeds; answers, the files beside them.
    outputs: gained. config: confidence.
    """
    tables = [read_table(path) for path in inputs["skip_paths"]]
    right = [load_answers(path).correct for path in inputs["answers"]]
    write_csv(early_arrival(tables, right, config["confidence"]), outputs["gained"])


def early_arrival(
    tables: Sequence[pd.DataFrame], right: Sequence[NDArray[np.bool_]], confidence: float
) -> pd.DataFrame:
    """One row per (network, setting, step): the accuracy as it is less that with relays.

    tables: that of each network and seed; right: (settings, steps, images) of each, whether an
        image was recognised, first as it is, then with relays.

    gained: positive if spikes that arrive early help; its interval holds for all steps of a setting
        at once (Bonferroni), so that the step of the largest gain may be picked.
    """
    found: list[dict[str, Any]] = []
    names = [str(table["network"].iloc[0]) for table in tables]
    for network in dict.fromkeys(names):
        mine = [number for number, name in enumerate(names) if name == network]
        found += _of_network(
            [tables[number] for number in mine], [right[number] for number in mine], confidence
        )
    return pd.DataFrame(found, columns=list(COLUMNS))


def _of_network(
    tables: Sequence[pd.DataFrame], right: Sequence[NDArray[np.bool_]], confidence: float
) -> list[dict[str, Any]]:
    """Rows of `early_arrival`; those of early and relayed paths are in the same order."""
    halves = {paths: _mean_over_seeds(tables, paths) for paths in (EARLY, RELAYED)}
    early, relayed = np.split(np.array(right, float), 2, axis=1)
    steps = early.shape[2]
    rows = []
    for number, (one, other) in enumerate(
        zip(halves[EARLY].to_dict("records"), halves[RELAYED].to_dict("records"), strict=True)
    ):
        setting, step = divmod(number, steps)
        difference = early[:, setting, step] - relayed[:, setting, step]
        gain = crossed_effect(difference, confidence=1 - (1 - confidence) / steps)
        rows.append(
            one
            | {
                "seeds": early.shape[0],
                "images": early.shape[3],
                "relayed_accuracy": other["accuracy"],
                "relayed_synops_per_image": other["synops_per_image"],
                "gained": gain.value,
                "gained_low": gain.low,
                "gained_high": gain.high,
            }
        )
    return rows


def _mean_over_seeds(tables: Sequence[pd.DataFrame], paths: str) -> pd.DataFrame:
    """The rows of these paths, in their order, with what differs between seeds averaged."""
    chosen = [table[table["paths"] == paths].reset_index(drop=True) for table in tables]
    mean = chosen[0].copy()
    mean[_MEANS] = np.mean([table[_MEANS] for table in chosen], axis=0)
    return mean
