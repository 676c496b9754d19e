"""What the figures of firing rates share: their settings, and an axis of layers."""

import math

import pandas as pd
from matplotlib.axes import Axes

from spikesweep.plots.style import synapse_label

_KEYS = ["scale_firing_rates", "synapse_s"]


def rate_settings(rates: pd.DataFrame) -> pd.DataFrame:
    """The probed settings, one a row, by ascending scale; a scale for each layer comes last."""
    settings = rates[_KEYS].drop_duplicates().sort_values("synapse_s", na_position="first")
    scale = pd.to_numeric(settings["scale_firing_rates"], errors="coerce")
    return settings.loc[scale.sort_values(kind="stable").index]


def of_setting(table: pd.DataFrame, setting: tuple[float, float]) -> pd.DataFrame:
    """The rows of one row of `rate_settings`."""
    scale, synapse = setting
    synapses = table["synapse_s"]
    same_synapse = synapses.isna() if math.isnan(synapse) else synapses == synapse
    return table[same_synapse & (table["scale_firing_rates"] == scale)]


def setting_names(settings: pd.DataFrame) -> tuple[str, list[str]]:
    """What tells the settings apart (scale, or scale and synapse), and a name for each."""
    scales = _scale_names(settings["scale_firing_rates"])
    one_synapse = settings["synapse_s"].nunique(dropna=False) == 1
    names = [
        scale if one_synapse else f"{scale}, {synapse_label(synapse)}"
        for scale, synapse in zip(scales, settings["synapse_s"], strict=True)
    ]
    return "scale" if one_synapse else "scale, synapse", names


def _scale_names(scales: pd.Series) -> list[str]:
    """A number, or `by layer`; counted, if there are several of these."""
    numbers = pd.to_numeric(scales, errors="coerce")
    by_layer = iter(range(1, len(scales) + 1))
    several = numbers.isna().sum() > 1
    return [
        f"{number:g}"
        if number == number
        else f"by layer {next(by_layer)}"
        if several
        else "by layer"
        for number in numbers
    ]


def name_layers(axes: Axes, layers: list[str], most_characters: int) -> None:
    """Put the layers on the horizontal axis, slanted if level names would run into each other."""
    crowded = sum(map(len, layers)) > most_characters
    axes.set_xticks(
        range(len(layers)),
        labels=layers,
        rotation=40 if crowded else 0,
        ha="right" if crowded else "center",
        rotation_mode="anchor" if crowded else "default",
    )
    axes.grid(visible=False, axis="x")
