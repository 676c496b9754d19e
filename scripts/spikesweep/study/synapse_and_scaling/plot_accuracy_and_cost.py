"""What accuracy costs: against the scale, and against the synaptic operations."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

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


def plot_accuracy_and_cost(
    sweeps: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw accuracy against scale (left) and against synops per image (right)."""
    averaged = mean_over_seeds(sweeps)
    synapses = synapse_levels(averaged["synapse_s"])
    colours = ordered_colours(palette, len(synapses))
    with figure_style():
        figure = new_figure(3.5, title=f"{title}: {network_label}")
        by_scale, by_cost = figure.subplots(1, 2, sharey=True)
        for position, (synapse, colour) in enumerate(zip(synapses, colours, strict=True)):
            line = "--" if math.isnan(synapse) else "-"
            chosen = averaged[has_synapse(averaged["synapse_s"], synapse)]
            per_seed = sweeps[has_synapse(sweeps["synapse_s"], synapse)]
            shift = _shift(position, len(synapses), chosen["scale_firing_rates"])
            _draw_against_scale(by_scale, chosen, per_seed, colour, line, shift)
            by_cost.scatter("synops_per_image", "accuracy", data=chosen, s=16, color=[colour])
        _draw_ann_level(by_scale, averaged)
        _draw_ann_level(by_cost, averaged)
        _draw_pareto_front(by_cost, averaged)
        _draw_ann_cost(by_cost, averaged)
        show_levels(by_scale, sorted(averaged["scale_firing_rates"].unique()))
        by_scale.set(xlabel="scale of the firing rates", ylabel="accuracy")
        by_scale.set_title("a  Accuracy against scale", loc="left")
        by_cost.set_title("b  Accuracy against cost", loc="left")
        by_cost.set_xlabel("synaptic operations per image")
        percent_axis(by_scale)
        _add_legend(figure, synapses, colours)
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


def _draw_pareto_front(axes: Axes, averaged: pd.DataFrame) -> None:
    front = pareto_front(averaged)
    axes.plot(
        front["synops_per_image"],
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


def _draw_ann_cost(axes: Axes, averaged: pd.DataFrame) -> None:
    cost_axis(axes, averaged["synops_per_image"])
    axes.axvline(averaged["ann_macs_per_image"].mean(), color=NEUTRAL, linestyle=":", linewidth=1.2)


def _add_legend(figure: Figure, synapses: list[float], colours: list[Colour]) -> None:
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
    figure.legend(
        [front, ann, cost],
        ["Pareto front", "ANN accuracy", "ANN multiply-adds"],
        loc="outside right lower",
    )
    figure.legend(lines, names, loc="outside right upper", title="synapse", alignment="left")
