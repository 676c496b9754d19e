"""What the figures of firing rates share: the settings that were probed, and their names."""

import pandas as pd

from spikesweep.plots.levels import synapse_label

_KEYS = ["scale_firing_rates", "synapse_s"]


def with_settings(table: pd.DataFrame) -> pd.DataFrame:
    """The table with a column `setting`, whose categories are the names of the probed settings.

    They ascend by scale; a scale for each layer comes last. A name is the scale, and the synapse
    if there are several.
    """
    settings = table[_KEYS].drop_duplicates().sort_values("synapse_s", na_position="first")
    scale = pd.to_numeric(settings["scale_firing_rates"], errors="coerce")
    settings = settings.loc[scale.sort_values(kind="stable").index]
    names = _scale_names(settings["scale_firing_rates"])
    if settings["synapse_s"].nunique(dropna=False) > 1:
        synapses = settings["synapse_s"].map(synapse_label)
        names = [f"{name}, {synapse}" for name, synapse in zip(names, synapses, strict=True)]
    settings["setting"] = pd.Categorical(names, names)
    return table.merge(settings, on=_KEYS)


def what_settings_are(table: pd.DataFrame) -> str:
    """Say what the names given by `with_settings` mean."""
    return "scale" if table["synapse_s"].nunique(dropna=False) == 1 else "scale, synapse"


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
