"""The levels of a swept quantity: which there are, which are shown, and their names."""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import pandas as pd

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


def evenly_chosen(levels: Sequence[_Level], count: int) -> list[_Level]:
    """Choose at most `count` of the levels, evenly spaced, always including the last."""
    if len(levels) <= count:
        return list(levels)
    if count == 1:
        return [levels[-1]]
    return [levels[index] for index in np.linspace(0, len(levels) - 1, count).round().astype(int)]
