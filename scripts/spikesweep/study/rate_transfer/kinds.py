"""What the figures of gain and rate share: kinds of points, words for correlations."""

import pandas as pd
from matplotlib.figure import Figure

from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.rate_transfer.variants import SLOW, TRAINED
from spikesweep.words import number

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
        text = (
            "Nothing to show: only layers of spiking ReLUs can be rescaled, and no network has any."
        )
        figure.text(0.012, 0.4, text)
    return figure


def correlation_in_words(benefit: pd.DataFrame, test: str, network: str) -> str | None:
    """A statistic and its interval, as `-0.75 [-0.84, -0.67]`; None if it was not computed."""
    chosen = benefit[(benefit["test"] == test) & (benefit["networks"] == network)]
    if chosen.empty:
        return None
    row = chosen.iloc[0]
    columns = ("statistic", "statistic_low", "statistic_high")
    value, low, high = (number(row[column], ".2f") for column in columns)
    return f"{value} [{low}, {high}]"
