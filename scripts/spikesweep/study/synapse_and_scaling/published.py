"""A published table compared with the numbers of this run."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES, accuracy_interval
from spikesweep.tables import SETTING_COLUMNS, read_tables, write_csv


def compare_with_published(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the comparison of one network's sweep, all its seeds, with a published table.

    inputs: sweeps, over_time. outputs: comparison.
    config: images (of the published table), ann_accuracy, settings.
    """
    sweeps, over_time = read_tables(inputs["sweeps"]), read_tables(inputs["over_time"])
    write_csv(comparison(sweeps, over_time, config), outputs["comparison"])


def comparison(
    sweeps: pd.DataFrame, over_time: pd.DataFrame, config: Mapping[str, Any]
) -> pd.DataFrame:
    """One row per published accuracy, that of the trained network (as rates) first.

    Columns: kind (rates or spikes), synapse_s, scale_firing_rates, steps; published_accuracy
    with its Wilson 95 % interval for the published number of images; accuracy, the mean over
    seeds, with the lowest and highest seed; seeds and images of this run; overlap, whether
    the published interval meets the range spanned by the Wilson intervals of this run's seeds.

    Raises KeyError if a setting was not swept; the config is checked for that beforehand.
    """
    rates = _row({"kind": "rates"}, config, config["ann_accuracy"], _ann(sweeps))
    rows = [rates]
    for setting in config["settings"]:
        found = _found(over_time, setting)
        facts = {"kind": "spikes", **{key: setting[key] for key in _SETTING}}
        rows.append(_row(facts, config, setting["accuracy"], found))
    table = pd.DataFrame(rows)
    return table.assign(seeds=sweeps["seed"].nunique(), images=sweeps["images"].iloc[0])


_SETTING = (*SETTING_COLUMNS, "steps")


def _ann(sweeps: pd.DataFrame) -> pd.DataFrame:
    ann = sweeps.groupby("seed")[["ann_accuracy", "ann_accuracy_low", "ann_accuracy_high"]].first()
    return ann.rename(columns=lambda name: name.removeprefix("ann_"))


def _found(over_time: pd.DataFrame, setting: Mapping[str, Any]) -> pd.DataFrame:
    """The rows of all seeds at a setting, read after its number of steps."""
    synapse = over_time["synapse_s"]
    same = synapse.isna() if setting["synapse_s"] is None else synapse == setting["synapse_s"]
    same &= over_time["scale_firing_rates"] == setting["scale_firing_rates"]
    same &= over_time["step"] == setting["steps"]
    if not same.any():
        raise KeyError(f"{dict(setting)} was not swept")
    return over_time[same]


def _row(
    facts: Mapping[str, Any], config: Mapping[str, Any], published: float, found: pd.DataFrame
) -> dict[str, Any]:
    images: int = config["images"]
    # With the confidence of this run's accuracies.
    _, low, high = accuracy_interval(round(published * images), images, CONFIDENCE_OF_ACCURACIES)
    return {
        **facts,
        "published_accuracy": published,
        "published_accuracy_low": low,
        "published_accuracy_high": high,
        "accuracy": found["accuracy"].mean(),
        "accuracy_lowest_seed": found["accuracy"].min(),
        "accuracy_highest_seed": found["accuracy"].max(),
        "overlap": found["accuracy_low"].min() <= high and low <= found["accuracy_high"].max(),
    }
