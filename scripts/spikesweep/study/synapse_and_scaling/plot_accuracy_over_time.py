"""Accuracy at every time step of a presentation: how long an answer takes."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.experiments.operating_points import (
    best_setting,
    cheapest_within,
    mean_over_seeds,
)
from spikesweep.plots.axes import (
    hide_overlapping_tick_labels,
    label_outer_panels,
    panel_grid,
    percent_axis,
)
from spikesweep.plots.colours import NEUTRAL, Colour, ordered_colours
from spikesweep.plots.levels import evenly_chosen, has_synapse, synapse_label, synapse_levels
from spikesweep.plots.style import figure_style, new_figure

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
    accuracy_margin: float,
) -> Figure:
    """Draw accuracy against time, a panel per synapse, a colour per scale.

    over_time: accuracy after each step; sweeps: hold the accuracy of the ANN.
    If more synapses or scales were swept than fit, those of the best setting and of the cheapest
    one that is accurate enough are shown, and others evenly spaced.
    """
    synapses = synapse_levels(over_time["synapse_s"])
    scales = sorted(over_time["scale_firing_rates"].unique())
    noted = _noted_places(sweeps, accuracy_margin, synapses, scales)
    synapses = evenly_chosen(synapses, synapses_shown, [place[0] for place in noted])
    scales = evenly_chosen(scales, scales_shown, [place[1] for place in noted])
    colours = ordered_colours(palette, len(scales))
    columns = min(_MOST_COLUMNS, len(synapses))
    rows = math.ceil(len(synapses) / columns)
    with figure_style():
        figure = new_figure(1.1 + 1.75 * rows, title=f"{title}: {network_label}")
        panels = panel_grid(figure, len(synapses), columns, sharex=True, sharey=True)
        for axes, synapse in zip(panels, synapses, strict=True):
            of_synapse = over_time[has_synapse(over_time["synapse_s"], synapse)]
            for scale, colour in zip(scales, colours, strict=True):
                of_scale = of_synapse[of_synapse["scale_firing_rates"] == scale]
                _draw_mean_and_interval(axes, of_scale, colour)
            axes.axhline(sweeps["ann_accuracy"].mean(), color=NEUTRAL, linewidth=1, linestyle="--")
            axes.set_title(
                "no synapse" if math.isnan(synapse) else f"synapse {synapse_label(synapse)}",
                loc="left",
            )
        panels[0].set_ylim(bottom=0)
        percent_axis(panels[0])
        label_outer_panels(panels, columns, xlabel="", ylabel="accuracy")
        figure.supxlabel("time since the image appeared (ms)", size=9)
        _add_legend(figure, scales, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _noted_places(
    sweeps: pd.DataFrame, accuracy_margin: float, synapses: list[float], scales: list[float]
) -> list[tuple[int, int]]:
    """Where synapse and scale of the best setting stand, and of the cheapest if there is one."""
    averaged = mean_over_seeds(sweeps)
    noted = [best_setting(averaged), cheapest_within(averaged, accuracy_margin)]
    texts = [*map(synapse_label, synapses)]
    return [
        (texts.index(synapse_label(row["synapse_s"])), scales.index(row["scale_firing_rates"]))
        for row in noted
        if row is not None
    ]


def _draw_mean_and_interval(axes: Axes, of_setting: pd.DataFrame, colour: Colour) -> None:
    mean = of_setting.groupby("time_s")[["accuracy", "accuracy_low", "accuracy_high"]].mean()
    time_ms = mean.index * 1000
    marker = "o" if len(mean) == 1 else None
    axes.plot(time_ms, mean["accuracy"], color=colour, marker=marker)
    axes.fill_between(
        time_ms, mean["accuracy_low"], mean["accuracy_high"], color=colour, alpha=0.2, linewidth=0
    )


def _add_legend(figure: Figure, scales: list[float], colours: list[Colour]) -> None:
    lines = [Line2D([], [], color=colour) for colour in colours]
    ann = Line2D([], [], color=NEUTRAL, linewidth=1, linestyle="--")
    figure.legend(
        [*lines, ann],
        [*(f"{scale:g}" for scale in scales), "ANN"],
        loc="outside right upper",
        title="scale",
        alignment="left",
    )
