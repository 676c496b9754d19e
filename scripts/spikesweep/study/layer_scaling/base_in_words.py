"""An operating point in words; or a figure that says that a network reaches none."""

import pandas as pd
from matplotlib.figure import Figure

from spikesweep.plots.style import figure_style, new_figure
from spikesweep.words import percentage


def base_in_words(scaling: pd.DataFrame, operating_point: float) -> str:
    """How the figures head what is shown at an operating point, from the rows of all seeds."""
    at_point = scaling["operating_point"] == operating_point
    base = scaling[at_point & (scaling["layers_scaled"] == 0)]
    accuracy, ann = (percentage(base[column].mean()) for column in ("accuracy", "ann_accuracy"))
    low, high = base["base_scale"].min(), base["base_scale"].max()
    scale = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"other layers at scale {scale}: accuracy {accuracy}, ANN {ann}"


def nothing_reached(title: str) -> Figure:
    """A figure of a network that reaches no operating point."""
    with figure_style():
        figure = new_figure(1, title=title)
        figure.text(0.012, 0.4, "Nothing to show: the network reaches no operating point.")
    return figure
