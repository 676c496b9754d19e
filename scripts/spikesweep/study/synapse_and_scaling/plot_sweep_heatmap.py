"""Accuracy of every pair of synapse and scale, as a heatmap."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from spikesweep.experiments.operating_points import mean_over_seeds
from spikesweep.plots.axes import percent
from spikesweep.plots.heatmap import draw_heatmap
from spikesweep.plots.levels import synapse_label
from spikesweep.plots.style import PAGE_WIDTH_INCHES, figure_style, new_figure
from spikesweep.words import percentage, points

# "100.0" at 8 pt, with air.
_NARROWEST_CELL_WITH_TEXT_INCHES = 0.37
_MARGIN_INCHES = 1.7
_BEST = "#d1180b"


def plot_sweep_heatmap(
    sweeps: pd.DataFrame, alike: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw accuracy (mean over seeds) against scale and synapse.

    alike: the result of `alike_the_best`. The best setting has a thick frame, those that cannot be
    told from it a thin one. Cells too narrow for 8 pt text carry no number.
    """
    averaged = mean_over_seeds(sweeps)
    # A pair that was not simulated is NaN, and its cell empty.
    accuracy = averaged.pivot(
        index="synapse_s", columns="scale_firing_rates", values="accuracy"
    ).sort_index(na_position="first")
    rows, columns = accuracy.shape
    cell = min(0.8, (PAGE_WIDTH_INCHES - _MARGIN_INCHES) / columns)
    with figure_style():
        figure = new_figure(
            height_inches=1.6 + max(0.28, min(0.4, cell)) * rows,
            title=f"{title}: {network_label}",
            width_inches=max(4.4, _MARGIN_INCHES + cell * columns),
        )
        axes = figure.add_subplot()
        written = np.vectorize(points)(accuracy)
        draw_heatmap(
            axes,
            accuracy,
            palette=palette,
            words=written if cell >= _NARROWEST_CELL_WITH_TEXT_INCHES else None,
            xticklabels=[f"{scale:g}" for scale in accuracy.columns],
            yticklabels=[*map(synapse_label, accuracy.index)],
            cbar=True,
            cbar_kws={"format": percent(None), "pad": 0.02, "label": "accuracy"},
        )
        # Synapses grow upwards.
        axes.invert_yaxis()
        axes.set(xlabel="scale of the firing rates", ylabel="synapse")
        _frame_best_settings(axes, alike, accuracy)
        axes.set_title(_ann_in_words(averaged), loc="left")
        _add_legend(figure)
    return figure


def _frame_best_settings(axes: Axes, alike: pd.DataFrame, accuracy: pd.DataFrame) -> None:
    best = alike["accuracy"].idxmax()
    for index, setting in alike[alike["alike"]].iterrows():
        column = accuracy.columns.get_loc(setting["scale_firing_rates"])
        row = accuracy.index.get_loc(setting["synapse_s"])
        is_best = index == best
        # Twice, so that the frame is distinct from dark and from pale cells.
        halo, line = (("white", 3.6), (_BEST, 2.2)) if is_best else (("white", 2.0), ("black", 0.9))
        for colour, width in (halo, line):
            corner = (column + 0.06, row + 0.06)
            frame = Rectangle(corner, 0.88, 0.88, fill=False, edgecolor=colour, linewidth=width)
            frame.set_gid("best" if is_best else "as-good")
            axes.add_patch(frame)


def _ann_in_words(averaged: pd.DataFrame) -> str:
    ann = averaged[["ann_accuracy", "ann_accuracy_low", "ann_accuracy_high"]].mean()
    return (
        f"ANN on the same images: {percentage(ann['ann_accuracy'])} "
        f"({points(ann['ann_accuracy_low'])}\u2013{percentage(ann['ann_accuracy_high'])})"
    )


def _add_legend(figure: Figure) -> None:
    square = {"linestyle": "", "marker": "s", "markersize": 8, "markerfacecolor": "none"}
    best = Line2D([], [], markeredgecolor=_BEST, markeredgewidth=2, **square)
    good = Line2D([], [], markeredgecolor="black", markeredgewidth=0.9, **square)
    figure.legend(
        [best, good],
        [
            "best setting",
            "cannot be told from the best",
        ],
        loc="outside lower left",
        ncols=2,
        handletextpad=0.2,
    )
