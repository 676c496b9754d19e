"""What the figures of firing rates share: their settings, and an axis of layers."""

import math

import pandas as pd
from matplotlib.axes import Axes

from spikesweep.plots.style import synapse_label

_KEYS = ["scale_firing_rates", "synapse_s"]


def rate_settings(rates: pd.DataFrame) -> pd.DataFrame:
    """The probed settings, one a row, by ascending scale."""
    return rates[_KEYS].drop_duplicates().sort_values(_KEYS, na_position="first")


def of_setting(table: pd.DataFrame, setting: tuple[float, float]) -> pd.DataFrame:
    """The rows of one row of `rate_settings`."""
    scale, synapse = setting
    synapses = table["synapse_s"]
    same_synapse = synapses.isna() if math.isnan(synapse) else synapses == synapse
    return table[same_synapse & (table["scale_firing_rates"] == scale)]


def setting_names(settings: pd.DataFrame) -> tuple[str, list[str]]:
    """What tells the settings apart (scale, or scale and synapse), and a name for each."""
    one_synapse = settings["synapse_s"].nunique(dropna=False) == 1
    names = [
        f"{scale:g}" if one_synapse else f"{scale:g}, {synapse_label(synapse)}"
        for scale, synapse in settings.itertuples(index=False)
    ]
    return "scale" if one_synapse else "scale, synapse", names


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
