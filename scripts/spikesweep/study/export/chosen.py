"""The setting that a network is exported at, and what to expect of it there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.simulation.setting import Setting
from spikesweep.statistics.margins import within_margin
from spikesweep.tables import SETTING_COLUMNS, read_table

_EXPECTED = [
    "images",
    "accuracy",
    "accuracy_low",
    "accuracy_high",
    "ann_accuracy",
    "spikes_per_image",
    "synops_per_image",
]


@dataclass(frozen=True)
class Chosen:
    """A setting with its read-out, who chose it, and what it does on test images.

    why: in words, after "the setting is".
    expected: accuracy with its 95 % interval, that of the ANN, and costs, on so many test images.
    """

    candidate: Candidate
    why: str
    expected: dict[str, float]


def chosen_setting(inputs: dict[str, Any], seed: int, margin: float) -> Chosen:
    """What was recommended, or the cheapest of the sweep if nothing was.

    inputs: candidates, check and sweep, those that there are not empty.
    """
    if inputs["candidates"]:
        return recommended(inputs["candidates"], inputs["check"], seed)
    return cheapest_of_sweep(inputs["sweep"], margin)


def recommended(candidates_path: str | Path, check_path: str | Path, seed: int) -> Chosen:
    """What was recommended, and what the network of this seed did when that was checked.

    candidates_path, check_path: what `recommend_setting` and `check_recommendation` wrote.
    """
    candidates, check = read_table(candidates_path), read_table(check_path)
    chosen = candidates[candidates["chosen"]].iloc[0]
    row = check[check["seed"].astype(str) == str(seed)].iloc[0]
    why = (
        "recommended: the cheapest that was shown to be accurate enough"
        if chosen["within_margin"]
        else "recommended: the most accurate, as none was shown to be accurate enough"
    )
    return Chosen(Candidate.from_table(chosen), why, _expected(row))


def cheapest_of_sweep(sweep_path: str | Path, margin: float) -> Chosen:
    """The cheapest setting of a sweep that loses at most the margin, or the most accurate.

    sweep_path: what the study of synapse and scaling wrote of one network and seed.
    """
    sweep = read_table(sweep_path)
    enough = sweep[within_margin(sweep["ann_accuracy"] - sweep["accuracy"], margin)]
    if len(enough):
        row, why = enough.loc[enough["synops_per_image"].idxmin()], "the cheapest of its sweep"
        why += f" that loses at most {margin:g} of accuracy on the same images"
    else:
        row, why = sweep.loc[sweep["accuracy"].idxmax()], "the most accurate of its sweep"
    setting = Setting.from_table(*row[SETTING_COLUMNS])
    return Chosen(Candidate(setting, Reading(int(row["steps"]), "last")), why, _expected(row))


def _expected(row: pd.Series) -> dict[str, float]:
    return {name: float(row[name]) for name in _EXPECTED}
