"""What accuracy costs: against the scale, and against all operations, next to the ANN's."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.experiments.costs import with_network_costs
from spikesweep.experiments.operating_points import mean_over_seeds, pareto_front
from spikesweep.plots.axes import (
    cost_axis,
    hide_overlapping_tick_labels,
    interval_errors,
    percent_axis,
    show_levels,
)
from spikesweep.plots.colours import NEUTRAL, Colour, ordered_colours
from spikesweep.plots.levels import has_synapse, synapse_label, synapse_levels
from spikesweep.plots.style import figure_style, new_figure

# Panels by their letter: title, cost of a setting, the ANN's cost counted in the same way.
_COSTS = {
    "b": ("b  All operations", "operations_per_image", "ann_macs_per_image"),
    "c": (
        "c  Zeros left out on both sides",
        "effective_operations_per_image",
        "ann_effective_macs_per_image",
    ),
}


def plot_accuracy_and_cost(
    sweeps: pd.DataFrame, costs: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw accuracy against scale (a) and against operations per image (b, c).

    sweeps, costs: of one network, all its seeds; see `with_network_costs`.
    """
    averaged = mean_over_seeds(with_network_costs(sweeps, costs))
    synapses = synapse_levels(averaged["synapse_s"])
    colours = ordered_colours(palette, len(synapses))
    with figure_style():
        figure = new_figure(5.6, title=f"{title}: {network_label}")
        panels = figure.subplot_mosaic([["a", "key"], ["b", "c"]], sharey=True)
        for position, (synapse, colour) in enumerate(zip(synapses, colours, strict=True)):
            line = "--" if math.isnan(synapse) else "-"
            chosen = averaged[has_synapse(averaged["synapse_s"], synapse)]
            per_seed = sweeps[has_synapse(sweeps["synapse_s"], synapse)]
            shift = _shift(position, len(synapses), chosen["scale_firing_rates"])
            _draw_against_scale(panels["a"], chosen, per_seed, colour, line, shift)
            for panel, (_, cost, _) in _COSTS.items():
                panels[panel].scatter(cost, "accuracy", data=chosen, s=16, color=[colour])
        _draw_ann_level(panels["a"], averaged)
        show_levels(panels["a"], sorted(averaged["scale_firing_rates"].unique()))
        panels["a"].set(xlabel="scale of the firing rates", ylabel="accuracy")
        panels["a"].set_title("a  Accuracy against scale", loc="left")
        for panel, (name, cost, ann_cost) in _COSTS.items():
            _draw_ann_level(panels[panel], averaged)
            _draw_pareto_front(panels[panel], averaged, cost)
            _draw_ann_cost(panels[panel], averaged, cost, ann_cost)
            panels[panel].set_title(name, loc="left")
            panels[panel].set_xlabel("operations per image")
        panels["b"].set_ylabel("accuracy")
        percent_axis(panels["a"])
        _add_legends(panels["key"], synapses, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _shift(position: int, count: int, scales: pd.Series) -> float:
    # Bars at the same scale would hide each other; a shift of at most 2 % is not misread.
    return 1 + 0.02 * (2 * position / max(1, count - 1) - 1) if len(scales) > 1 else 1.0


def _draw_against_scale(
    axes: Axes,
    chosen: pd.DataFrame,
    per_seed: pd.DataFrame,
    colour: Colour,
    line: str,
    shift: float,
) -> None:
    axes.errorbar(
        chosen["scale_firing_rates"] * shift,
        chosen["accuracy"],
        yerr=interval_errors(chosen, "accuracy"),
        color=colour,
        linestyle=line,
        marker="o",
        markersize=3,
        elinewidth=0.8,
        capsize=1.5,
    )
    if per_seed["seed"].nunique() > 1:
        scales = per_seed["scale_firing_rates"] * shift
        axes.scatter(scales, per_seed["accuracy"], s=5, color=[colour], alpha=0.45, linewidth=0)


def _draw_ann_level(axes: Axes, averaged: pd.DataFrame) -> None:
    ann = averaged[["ann_accuracy", "ann_accuracy_low", "ann_accuracy_high"]].mean()
    axes.axhline(ann["ann_accuracy"], color=NEUTRAL, linewidth=1, zorder=1)
    axes.axhspan(
        ann["ann_accuracy_low"], ann["ann_accuracy_high"], color="0.85", linewidth=0, zorder=0
    )


def _draw_pareto_front(axes: Axes, averaged: pd.DataFrame, cost: str) -> None:
    # Each setting of a network costs the same besides its synops, so all costs order them alike.
    front = pareto_front(averaged)
    axes.plot(
        front[cost],
        front["accuracy"],
        color="black",
        linewidth=1,
        marker="o",
        markersize=5.5,
        markerfacecolor="none",
        markeredgewidth=1,
        zorder=3,
        gid="pareto-front",
    )


def _draw_ann_cost(axes: Axes, averaged: pd.DataFrame, cost: str, ann_cost: str) -> None:
    ann = averaged[ann_cost].mean()
    cost_axis(axes, pd.concat([averaged[cost], pd.Series([ann])]))
    axes.axvline(ann, color=NEUTRAL, linestyle=":", linewidth=1.2, gid="ann-cost")


def _add_legends(axes: Axes, synapses: list[float], colours: list[Colour]) -> None:
    axes.set_axis_off()
    lines = [
        Line2D([], [], color=colour, marker="o", linestyle="--" if math.isnan(synapse) else "-")
        for synapse, colour in zip(synapses, colours, strict=True)
    ]
    names = [
        "no synapse" if math.isnan(synapse) else synapse_label(synapse) for synapse in synapses
    ]
    front = Line2D([], [], color="black", marker="o", markerfacecolor="none", linewidth=1)
    ann = Line2D([], [], color=NEUTRAL, linewidth=1)
    cost = Line2D([], [], color=NEUTRAL, linestyle=":", linewidth=1.2)
    place = {"loc": "upper left", "borderaxespad": 0, "alignment": "left"}
    levels = axes.legend(lines, names, title="synapse", **place)
    axes.add_artist(levels)
    axes.legend(
        [front, ann, cost],
        ["Pareto front", "ANN accuracy", "operations of the ANN"],
        bbox_to_anchor=(0.45, 1),
        **place,
    )
