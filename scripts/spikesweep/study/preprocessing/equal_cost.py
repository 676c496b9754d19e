"""What becomes of each technique's network as spikes: at equal cost, loss and accuracy.

A spiking network is more accurate if it spends more spikes, so techniques can only be compared
where one of the two is the same for all. Reference is the setting at which rescaling's spiking
network of the same seed loses `COMPARED_LOSS` against its own ANN.
"""

import numpy as np
import pandas as pd

from spikesweep.experiments.operating_points import (
    COMPARED_LOSS,
    INSIDE,
    Reading,
    accuracy_at_cost,
    value_at_accuracy,
    value_at_loss,
)
from spikesweep.statistics.intervals import geometric_interval, mean_interval
from spikesweep.study.preprocessing.baseline import against_baseline, of_baseline
from spikesweep.study.preprocessing.effects import effects
from spikesweep.study.preprocessing.names import VARIANT, split_names

_COST = "synops_per_image"
_KEY = [*VARIANT, "seed"]


def spiking_at_equal_cost(sweeps: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """One row per network and technique, of the converted seeds.

    snn_accuracy: accuracy at the cost of the reference, `snn_synops_per_image`; and
        snn_difference: minus that of the reference.
    synops_per_image_at_loss: what it costs to lose no more than `compared_loss` against the
        technique's own ANN; cost_ratio: divided by rescaling's.
    cost_ratio_at_accuracy: cost of the accuracy of the reference, divided by rescaling's. It
        counts a worse ANN against a technique, as `cost_ratio` does not.
    snn_reached, loss_reached, accuracy_reached: `inside` if the point lies within the sweep for all
        seeds; otherwise `below` or `above` it, and the values are empty.
    snn_effect, cost_effect, cost_at_accuracy_effect: what the differences, or the logarithms of
        the ratios, show; see `effects`.

    Means over seeds, geometric ones of costs and ratios; `_low` and `_high` are the bounds of
    Student's t interval over the seeds, of the logarithms for ratios.
    """
    measured = _measured(split_names(sweeps))
    rows = [
        dict(zip(VARIANT, key, strict=True)) | _row(of_variant, confidence)
        for key, of_variant in measured.groupby(VARIANT, sort=False)
    ]
    table = pd.DataFrame(rows)
    for column, name, better in (
        ("snn_difference", "snn_effect", 1),
        ("log_cost_ratio", "cost_effect", -1),
        ("log_cost_ratio_at_accuracy", "cost_at_accuracy_effect", -1),
    ):
        table = table.merge(effects(measured, column, name, confidence, better=better), on=VARIANT)
    return table


def _measured(sweeps: pd.DataFrame) -> pd.DataFrame:
    """One row per network, technique and seed: its readings, and their relation to rescaling's."""
    by_network = [(key, rows) for key, rows in sweeps.groupby(_KEY, sort=False)]
    found = pd.DataFrame(
        dict(zip(_KEY, key, strict=True))
        | {"images": rows["images"].iloc[0], "ann_accuracy": rows["ann_accuracy"].iloc[0]}
        | _reading("loss", value_at_loss(rows, COMPARED_LOSS, _COST))
        for key, rows in by_network
    )
    found["reference_accuracy"] = of_baseline(found, "ann_accuracy") - COMPARED_LOSS
    found["reference_cost"] = of_baseline(found, "loss")
    readings = [
        _reading("accuracy", value_at_accuracy(rows, accuracy, _COST))
        | _reading("snn", accuracy_at_cost(rows, cost))
        for (_, rows), accuracy, cost in zip(
            by_network, found["reference_accuracy"], found["reference_cost"], strict=True
        )
    ]
    found = pd.concat([found, pd.DataFrame(readings)], axis=1)
    logs = found.assign(**{name: np.log(found[name]) for name in ("loss", "accuracy")})
    found["snn_difference"] = against_baseline(found, "snn")
    found["log_cost_ratio"] = against_baseline(logs, "loss")
    found["log_cost_ratio_at_accuracy"] = against_baseline(logs, "accuracy")
    return found


def _reading(name: str, reading: Reading) -> dict[str, float | str]:
    return {name: reading.value, f"{name}_reached": reading.reached}


def _row(of_variant: pd.DataFrame, confidence: float) -> dict[str, object]:
    """The means over seeds of one network and technique."""
    accuracy = mean_interval(of_variant["snn"], confidence)
    difference = mean_interval(of_variant["snn_difference"], confidence)
    row: dict[str, object] = {
        "snn_seeds": len(of_variant),
        "snn_images": int(of_variant["images"].iloc[0]),
        "snn_synops_per_image": geometric_interval(of_variant["reference_cost"], confidence)[0],
    }
    row |= _with_bounds("snn_accuracy", accuracy) | _with_bounds("snn_difference", difference)
    row |= {
        "compared_loss": COMPARED_LOSS,
        "synops_per_image_at_loss": geometric_interval(of_variant["loss"], confidence)[0],
    }
    for ratio in ("cost_ratio", "cost_ratio_at_accuracy"):
        logs = mean_interval(of_variant[f"log_{ratio}"], confidence)
        row |= _with_bounds(ratio, tuple(float(np.exp(value)) for value in logs))
    for reached in ("snn_reached", "loss_reached", "accuracy_reached"):
        row[reached] = next((r for r in of_variant[reached] if r != INSIDE), INSIDE)
    return row


def _with_bounds(column: str, found: tuple[float, ...]) -> dict[str, float]:
    return dict(zip((column, f"{column}_low", f"{column}_high"), found, strict=True))
