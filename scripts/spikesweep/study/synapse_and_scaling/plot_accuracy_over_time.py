"""Accuracy at every time step of a presentation: how long an answer takes."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.style import (
    NEUTRAL,
    evenly_chosen,
    figure_style,
    has_synapse,
    hide_overlapping_tick_labels,
    new_figure,
    ordered_colours,
    percent_axis,
    synapse_label,
    synapse_levels,
)

_MOST_COLUMNS = 3


def plot_accuracy_over_time(
    over_time: pd.DataFrame,
    sweeps: pd.DataFrame,
    *,
    title: str,
    network_label: str,
    palette: str,
    synapses_shown: int,
    scales_shown: int,
) -> Figure:
    """Draw accuracy against time, a panel a synapse, a colour a scale.

    over_time: accuracy after each step; sweeps: where the accuracy of the ANN stands.
    Where more synapses or scales were swept than are shown, evenly spaced ones are.
    """
    synapses = evenly_chosen(synapse_levels(over_time["synapse_s"]), synapses_shown)
    scales = evenly_chosen(sorted(over_time["scale_firing_rates"].unique()), scales_shown)
    colours = ordered_colours(palette, len(scales))
    columns = min(_MOST_COLUMNS, len(synapses))
    rows = math.ceil(len(synapses) / columns)
    with figure_style():
        figure = new_figure(1.1 + 1.75 * rows, title=f"{title}: {network_label}")
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for axes, synapse in zip(grid.flat, synapses, strict=False):
            of_synapse = over_time[has_synapse(over_time["synapse_s"], synapse)]
            for scale, colour in zip(scales, colours, strict=True):
                of_scale = of_synapse[of_synapse["scale_firing_rates"] == scale]
                _draw_mean_and_interval(axes, of_scale, colour)
            axes.axhline(sweeps["ann_accuracy"].mean(), color=NEUTRAL, linewidth=1, linestyle="--")
            axes.set_title(
                "no synapse" if math.isnan(synapse) else f"synapse {synapse_label(synapse)}",
                loc="left",
            )
        for axes in grid.flat[len(synapses) :]:
            axes.remove()
        _label_outer_axes(grid.flat[: len(synapses)], columns)
        figure.supxlabel("time since the image appeared (ms)", size=9)
        _add_legend(figure, scales, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_mean_and_interval(
    axes: Axes, of_setting: pd.DataFrame, colour: tuple[float, float, float]
) -> None:
    mean = of_setting.groupby("time_s")[["accuracy", "accuracy_low", "accuracy_high"]].mean()
    time_ms = mean.index * 1000
    marker = "o" if len(mean) == 1 else None
    axes.plot(time_ms, mean["accuracy"], color=colour, marker=marker)
    axes.fill_between(
        time_ms, mean["accuracy_low"], mean["accuracy_high"], color=colour, alpha=0.2, linewidth=0
    )


def _label_outer_axes(panels: list[Axes], columns: int) -> None:
    for position, axes in enumerate(panels):
        if position % columns == 0:
            axes.set_ylabel("accuracy")
        if position + columns >= len(panels):
            # Shared axes label only the last row; a short last row leaves others at the bottom.
            axes.tick_params(labelbottom=True)
    panels[0].set_ylim(bottom=0)
    percent_axis(panels[0])


def _add_legend(
    figure: Figure, scales: list[float], colours: list[tuple[float, float, float]]
) -> None:
    lines = [Line2D([], [], color=colour) for colour in colours]
    ann = Line2D([], [], color=NEUTRAL, linewidth=1, linestyle="--")
    figure.legend(
        [*lines, ann],
        [*(f"{scale:g}" for scale in scales), "ANN"],
        loc="outside right upper",
        title="scale",
        alignment="left",
    )
