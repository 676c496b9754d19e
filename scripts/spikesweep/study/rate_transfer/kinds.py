"""What the figures of gain and rate share: kinds of points, words for effects."""

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.rate_transfer.variants import SLOW, TRAINED
from spikesweep.words import number, points

# How a layer came to its rate.
KINDS = {"trained": "as trained", "alike": "made as fast as others", "slowed": "made slow"}


def kind_of(transfer: pd.DataFrame) -> pd.Series:
    """For each row, one of KINDS."""
    slowed = transfer["variant"] == SLOW + transfer["layer"]
    trained = transfer["variant"] == TRAINED
    return pd.Series("alike", transfer.index).mask(slowed, "slowed").mask(trained, "trained")


def nothing_to_rescale(title: str) -> Figure:
    """A figure that says there is nothing to draw."""
    with figure_style():
        figure = new_figure(1, title=title)
        text = "Nothing to show: no network has layers that compare where it is usable."
        figure.text(0.012, 0.4, text)
    return figure


def correlation_in_words(benefit: pd.DataFrame, test: str, network: str) -> str | None:
    """A statistic and its interval, as `-0.75 [-0.84, -0.67]`; None if it was not computed."""
    return _in_words(benefit, test, network, lambda value: number(value, ".2f"))


def difference_in_words(benefit: pd.DataFrame, test: str, network: str) -> str | None:
    """The same of a difference of accuracies, in percentage points: `+2.1 [+0.8, +3.4]`."""
    return _in_words(benefit, test, network, lambda value: points(value, "+.1f"))


def _in_words(
    benefit: pd.DataFrame, test: str, network: str, written: Callable[[float], str]
) -> str | None:
    chosen = benefit[(benefit["test"] == test) & (benefit["network"] == network)]
    # Over all operating points.
    chosen = chosen[chosen["operating_point"].isna()]
    if chosen.empty:
        return None
    row = chosen.iloc[0]
    value, low, high = (written(row[f"statistic{end}"]) for end in ("", "_low", "_high"))
    return f"{value} [{low}, {high}]"
