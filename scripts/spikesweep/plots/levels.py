"""The levels of a swept quantity: which there are, which are shown, and their names."""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

# What the answer is the highest of, by the config's names of read-outs.
SCORES_READ = {
    "last": "last score",
    "mean": "mean score over all steps",
    "second_half": "mean score over the later half",
    "last_third": "mean score over the last third",
}
_Level = TypeVar("_Level")


def synapse_levels(synapses_s: pd.Series) -> list[float]:
    """Return the distinct synapses, no synapse (NaN) first, then from short to long."""
    levels: list[float] = sorted(synapses_s.dropna().unique().tolist())
    return [math.nan, *levels] if synapses_s.isna().any() else levels


def has_synapse(synapses_s: pd.Series, synapse_s: float) -> pd.Series:
    """Mark the rows of one synapse, where NaN means no synapse and equals itself."""
    return synapses_s.isna() if math.isnan(synapse_s) else synapses_s == synapse_s


def synapse_label(synapse_s: float) -> str:
    """Write a synaptic time constant as a reader says it: `none` or `5 ms`."""
    return "none" if math.isnan(synapse_s) else f"{1000 * synapse_s:g} ms"


def evenly_chosen(levels: Sequence[_Level], count: int, always: Sequence[int] = ()) -> list[_Level]:
    """Choose at most `count` of the levels, evenly spaced, the last among them.

    always: places of levels that are chosen in any case, each instead of its nearest neighbour
        among the others; the first of them if there is no room for all.
    """
    if len(levels) <= count:
        return list(levels)
    last = len(levels) - 1
    places = [last] if count == 1 else np.linspace(0, last, count).round().astype(int).tolist()
    wanted = list(dict.fromkeys(always))[:count]
    for place in wanted:
        if place not in places:
            nearest = min(set(places) - set(wanted), key=lambda other: abs(other - place))
            places[places.index(nearest)] = place
    return [levels[place] for place in sorted(places)]
