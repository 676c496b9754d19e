"""Accuracy with each synapse, against how long an image is shown."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import (
    hide_overlapping_tick_labels,
    interval_errors,
    label_outer_panels,
    panel_grid,
    percent_axis,
    show_levels,
)
from spikesweep.plots.colours import NEUTRAL, Colour, ordered_colours
from spikesweep.plots.levels import has_synapse, synapse_label, synapse_levels
from spikesweep.plots.style import figure_style, new_figure

_MOST_COLUMNS = 2


def plot_settling(
    settling: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw accuracy against presentation time, a panel per scale, a colour per synapse.

    settling: the rows of the study of one network, all its seeds.
    """
    synapses = synapse_levels(settling["synapse_s"])
    colours = ordered_colours(palette, len(synapses))
    scales = sorted(settling["scale_firing_rates"].unique())
    columns = min(_MOST_COLUMNS, len(scales))
    rows = math.ceil(len(scales) / columns)
    with figure_style():
        figure = new_figure(0.9 + 2.3 * rows, title=f"{title}: {network_label}")
        panels = panel_grid(figure, len(scales), columns, sharex=True, sharey=True)
        for axes, scale in zip(panels, scales, strict=True):
            of_scale = settling[settling["scale_firing_rates"] == scale]
            for synapse, colour in zip(synapses, colours, strict=True):
                _draw_synapse(axes, of_scale[has_synapse(of_scale["synapse_s"], synapse)], colour)
            axes.axhline(settling["ann_accuracy"].mean(), color=NEUTRAL, lw=1, linestyle="--")
            axes.set_title(f"scale {scale:g}", loc="left")
        panels[0].set_ylim(bottom=0)
        show_levels(panels[0], [1000 * time for time in sorted(settling["time_s"].unique())])
        percent_axis(panels[0])
        label_outer_panels(panels, columns, xlabel="", ylabel="accuracy")
        figure.supxlabel("presentation time (ms)", size=9)
        _add_legend(figure, synapses, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_synapse(axes: Axes, rows: pd.DataFrame, colour: Colour) -> None:
    mean = rows.groupby("time_s")[["accuracy", "accuracy_low", "accuracy_high"]].mean()
    axes.errorbar(
        mean.index * 1000,
        mean["accuracy"],
        yerr=interval_errors(mean, "accuracy"),
        color=colour,
        marker="o",
        elinewidth=0.7,
        capsize=1.5,
    )


def _add_legend(figure: Figure, synapses: list[float], colours: list[Colour]) -> None:
    lines = [Line2D([], [], color=colour, marker="o") for colour in colours]
    ann = Line2D([], [], color=NEUTRAL, linewidth=1, linestyle="--")
    figure.legend(
        [*lines, ann],
        [*map(synapse_label, synapses), "ANN"],
        loc="outside right upper",
        title="synapse",
        alignment="left",
    )
