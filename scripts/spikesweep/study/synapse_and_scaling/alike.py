"""Which settings of a network cannot be told from its best one."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.answered import Answered, answered
from spikesweep.statistics.crossed import crossed_effect
from spikesweep.tables import SETTING_COLUMNS, write_csv

COLUMNS = ("network", *SETTING_COLUMNS, "accuracy", "less_than_best", "low", "high", "alike")


def compare_with_best(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the result of `alike_the_best`.

    inputs: sweeps, the tables of all seeds of a network, and answers, the files beside them.
    outputs: alike. config: confidence.
    """
    rows = [
        row
        for study in answered(inputs["sweeps"], inputs["answers"])
        for row in alike_the_best(study, config["confidence"])
    ]
    write_csv(pd.DataFrame(rows, columns=list(COLUMNS)), outputs["alike"])


def alike_the_best(study: Answered, confidence: float) -> Iterator[dict[str, Any]]:
    """One row per setting: how much less accurate it is than the most accurate one.

    low, high: interval of less_than_best over images, for these networks: the mean over seeds is
    paired by image. The best setting was chosen on the same images, so intervals hold for all
    settings at once (Bonferroni). alike: whether a setting is not shown to be less accurate.
    """
    settings = study.tables[0][SETTING_COLUMNS]
    correct = np.array(
        [
            answers[_in_order(table, settings)]
            for table, answers in zip(study.tables, study.correct, strict=True)
        ]
    ).mean(axis=0)
    accuracy = correct.mean(axis=1)
    best = int(accuracy.argmax())
    for place, setting in enumerate(settings.to_dict("records")):
        lost = crossed_effect(
            (correct[best] - correct[place])[None], confidence=confidence, choices=len(settings)
        )
        yield {
            "network": study.network,
            **setting,
            "accuracy": accuracy[place],
            "less_than_best": lost.value,
            "low": lost.low,
            "high": lost.high,
            "alike": lost.low <= 0,
        }


def _in_order(table: pd.DataFrame, settings: pd.DataFrame) -> np.ndarray:
    """Rows of a table in the order of these settings, NaN being no synapse."""
    places = table[SETTING_COLUMNS].fillna(-1).apply(tuple, axis=1)
    row_of = {setting: row for row, setting in enumerate(places)}
    return np.array([row_of[setting] for setting in settings.fillna(-1).apply(tuple, axis=1)])
