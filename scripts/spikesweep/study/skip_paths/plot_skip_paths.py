"""Accuracy over time, with skip paths as they are and with their spikes relayed."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import (
    hide_overlapping_tick_labels,
    label_outer_panels,
    panel_grid,
    percent_axis,
)
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.levels import has_synapse, synapse_label, synapse_levels
from spikesweep.plots.style import figure_style, new_figure

_LABELS = {"accuracy": "early, as it is", "relayed_accuracy": "relayed"}
_MARKERS = {"accuracy": "o", "relayed_accuracy": "s"}


def plot_skip_paths(
    gained: pd.DataFrame, *, title: str, network_labels: Mapping[str, str], palette: str
) -> Figure:
    """Draw accuracy against time, a row per network and scale, a column per synapse.

    gained: the rows of `early_arrival`.
    """
    synapses = synapse_levels(gained["synapse_s"])
    rows = list(gained.groupby(["network", "scale_firing_rates"], sort=False))
    colours = dict(zip(_LABELS, category_colours(palette, len(_LABELS)), strict=True))
    with figure_style():
        figure = new_figure(1.2 + 2.1 * len(rows), title=title)
        panels = panel_grid(
            figure, len(rows) * len(synapses), len(synapses), sharex=True, sharey="row"
        )
        for number, ((network, scale), of_row) in enumerate(rows):
            in_row = panels[number * len(synapses) : (number + 1) * len(synapses)]
            for axes, synapse in zip(in_row, synapses, strict=True):
                _draw(axes, of_row[has_synapse(of_row["synapse_s"], synapse)], colours)
                axes.set_title(f"synapse: {synapse_label(synapse)}", loc="left")
            in_row[0].set_ylim(bottom=0)
            percent_axis(in_row[0])
            name = f"{network_labels[str(network)]}\nscale {scale:g}: accuracy"
            label_outer_panels(in_row, len(synapses), xlabel="", ylabel=name)
        figure.supxlabel("time after which the answer is read (ms)", size=9)
        _add_legend(figure, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, colours: Mapping[str, Colour]) -> None:
    times = 1000 * rows["time_s"]
    # Where the interval of the difference leaves out zero.
    shown = (rows["gained_low"] > 0) | (rows["gained_high"] < 0)
    ends = rows.loc[shown, ["accuracy", "relayed_accuracy"]]
    axes.vlines(times[shown], *ends.to_numpy().T, color=NEUTRAL, alpha=0.4, linewidth=6)
    for column, colour in colours.items():
        # The relayed line is thin, so that both are seen where they are the same.
        width = 1.0 if column == "relayed_accuracy" else 2.0
        axes.plot(
            times, rows[column], color=colour, marker=_MARKERS[column], markersize=4, lw=width
        )
    axes.axhline(rows["ann_accuracy"].mean(), color=NEUTRAL, lw=1, linestyle="--")


def _add_legend(figure: Figure, colours: Mapping[str, Colour]) -> None:
    lines = [
        Line2D([], [], color=colour, marker=_MARKERS[column], markersize=4)
        for column, colour in colours.items()
    ]
    ann = Line2D([], [], color=NEUTRAL, linewidth=1, linestyle="--")
    figure.legend(
        [*lines, ann],
        [*_LABELS.values(), "ANN"],
        loc="outside right upper",
        title="skip paths",
        alignment="left",
    )
