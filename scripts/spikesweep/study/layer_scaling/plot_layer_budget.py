"""Accuracy against cost for each subset of layers: where spikes are spent best."""

from itertools import cycle

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import (
    cost_axis,
    hide_overlapping_tick_labels,
    interval_errors,
    percent_axis,
)
from spikesweep.plots.colours import NEUTRAL, Colour, ordered_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.layer_scaling.base_in_words import base_in_words, nothing_reached
from spikesweep.study.layer_scaling.gains import layers_of
from spikesweep.study.layer_scaling.subsets import Subset, subset_name

_COSTS = {
    "spikes_per_image": "spikes per image",
    "synops_per_image": "synaptic operations per image",
}
# Besides colours, which are much alike if there are many layers.
_MARKERS = "osD^vPX"
_OTHERS: dict[str, object] = {"color": "0.72", "linewidth": 0.8, "zorder": 1.5}
_ALL: dict[str, object] = {"color": "black", "linewidth": 1.6, "zorder": 3}


def plot_layer_budget(
    scaling: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw accuracy against spikes (left) and synops (right), a row of panels per operating point.

    scaling: the layer-scaling study's rows of one network. Accuracy and cost are means over
    its seeds, bars are mean Wilson 95 % intervals. Each line starts at the base, where no layer
    is scaled, and joins one subset's factors.
    """
    title = f"{title}: {network_label}"
    if scaling.empty:
        return nothing_reached(title)
    averaged = _averaged(scaling)
    layers = layers_of(scaling)
    bases = scaling["operating_point"].unique()
    colours = ordered_colours(palette, len(layers))
    with figure_style():
        figure = new_figure(0.7 + 2.3 * len(bases), title=title)
        grid = figure.subplots(len(bases), len(_COSTS), sharey="row", squeeze=False)
        for panels, operating_point in zip(grid, bases, strict=True):
            of_base = averaged[averaged["operating_point"] == operating_point]
            for axes, cost in zip(panels, _COSTS, strict=True):
                _draw_subsets(axes, of_base, cost, layers, colours)
                cost_axis(axes, of_base[cost])
            panels[0].set_title(base_in_words(scaling, operating_point), loc="left")
            panels[0].set_ylabel("accuracy")
            percent_axis(panels[0])
        for axes, label in zip(grid[-1], _COSTS.values(), strict=True):
            axes.set_xlabel(label)
        _add_legend(figure, averaged, layers, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _averaged(scaling: pd.DataFrame) -> pd.DataFrame:
    keys = ["operating_point", "layers_scaled", "subset", "factor"]
    numbers = ["accuracy", "accuracy_low", "accuracy_high", "ann_accuracy", *_COSTS]
    table = scaling.fillna({"subset": ""})
    return table.groupby(keys, sort=False)[numbers].mean().reset_index()


def _draw_subsets(
    axes: Axes,
    of_base: pd.DataFrame,
    cost: str,
    layers: Subset,
    colours: list[Colour],
) -> None:
    looks = {subset_name(layers): _ALL}
    # One layer is also all layers.
    looks |= {name: {"color": colour} for name, colour in zip(layers, colours, strict=True)}
    markers = dict(zip(layers, cycle(_MARKERS), strict=False))
    base = of_base[of_base["subset"] == ""]
    for subset, rows in of_base[of_base["subset"] != ""].groupby("subset", sort=False):
        line = pd.concat([base, rows]).sort_values("factor")
        axes.plot(line[cost], line["accuracy"], **looks.get(subset, _OTHERS))
        if subset in looks:
            marker = markers.get(subset, "o")
            _draw_points(axes, rows, cost, looks[subset]["color"], marker=marker)
    _draw_points(axes, base, cost, "black", markerfacecolor="white", markersize=5.5)
    axes.axhline(of_base["ann_accuracy"].mean(), color=NEUTRAL, linewidth=1, linestyle="--")


def _draw_points(axes: Axes, rows: pd.DataFrame, cost: str, colour: object, **look: object) -> None:
    errors = interval_errors(rows, "accuracy")
    style = {"linestyle": "", "marker": "o", "markersize": 3, "elinewidth": 0.7, "capsize": 1.5}
    axes.errorbar(
        rows[cost], rows["accuracy"], yerr=errors, color=colour, zorder=3, **{**style, **look}
    )


def _add_legend(
    figure: Figure,
    averaged: pd.DataFrame,
    layers: Subset,
    colours: list[Colour],
) -> None:
    base = Line2D([], [], color="black", marker="o", markerfacecolor="white", linestyle="")
    ann = Line2D([], [], color=NEUTRAL, linewidth=1, linestyle="--")
    entries = {"no layer": base}
    entries |= {
        name: Line2D([], [], color=colour, marker=marker, markersize=3)
        for name, colour, marker in zip(layers, colours, cycle(_MARKERS), strict=False)
    }
    if np.any((averaged["layers_scaled"] > 1) & (averaged["layers_scaled"] < len(layers))):
        entries["several layers"] = Line2D([], [], **_OTHERS)
    if len(layers) > 1:
        entries["all layers"] = Line2D([], [], marker="o", markersize=3, **_ALL)
    entries["ANN"] = ann
    figure.legend(
        entries.values(),
        entries.keys(),
        title="scaled",
        loc="outside right upper",
        alignment="left",
    )
