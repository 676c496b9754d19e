"""Accuracy of every neuron, start and read-out against its cost and against time."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.experiments.operating_points import pareto_front
from spikesweep.plots.axes import (
    cost_axis,
    hide_overlapping_tick_labels,
    percent_axis,
    show_levels,
)
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure

_NEURONS = {
    "spiking_relu": "spiking ReLU",
    "integrate_and_fire": "signed integrate-and-fire",
    "lif": "LIF",
}
_STARTS = {
    "zero": "start at zero",
    "half": "start at half the threshold",
    "uniform": "start at random",
}
_READ_OUTS = {
    "last": ("last step", "-"),
    "mean": ("mean", "--"),
    "second_half": ("mean of later half", ":"),
    "last_third": ("mean of last third", "-."),
}
_SETTING = ["neuron", "initial_voltages", "read_out", "synapse_s", "scale_firing_rates", "step"]


def plot_neuron_cost(
    costs: pd.DataFrame, *, title: str, network_label: str, palette: str, accuracy_margin: float
) -> Figure:
    """Draw the Pareto front (left) and the best accuracy after each step (right) of each method.

    costs: the rows of one network, all its seeds; averaged over these. A method is a neuron, a
        start and a read-out; its synapse, scale and, on the left, step are the best of all.
    """
    numbers = ["accuracy", "ann_accuracy", "synops_per_image"]
    mean = costs.groupby(_SETTING, dropna=False, sort=False)[numbers].mean().reset_index()
    kinds = list(mean.groupby(["neuron", "initial_voltages"], sort=False).groups)
    colours = dict(zip(kinds, category_colours(palette, len(kinds)), strict=True))
    with figure_style():
        figure = new_figure(4.1, title=f"{title}: {network_label}")
        left, right = figure.subplots(1, 2, sharey=True)
        for (*kind, read_out), rows in mean.groupby(_SETTING[:3], sort=False):
            line = {"color": colours[tuple(kind)], "linestyle": _READ_OUTS[read_out][1]}
            # A silent network answers at chance, and has no place on a logarithmic axis.
            front = pareto_front(rows[rows["synops_per_image"] > 0])
            left.plot(front["synops_per_image"], front["accuracy"], **line)
            best = rows.groupby("step")["accuracy"].max()
            right.plot(best.index, best, **line)
        ann = mean["ann_accuracy"].mean()
        for axes in (left, right):
            axes.axhspan(ann - accuracy_margin, ann, color="0.9", linewidth=0, zorder=0)
            axes.axhline(ann, color=NEUTRAL, linewidth=1)
        cost_axis(left, mean["synops_per_image"][mean["synops_per_image"] > 0])
        left.set_xlabel("synops per image")
        left.set_ylabel("accuracy")
        percent_axis(left)
        show_levels(right, sorted(mean["step"].unique()))
        right.set_xlabel("time steps")
        _add_legend(figure, colours, list(mean["read_out"].unique()))
        hide_overlapping_tick_labels(figure)
    return figure


def _add_legend(
    figure: Figure, colours: dict[tuple[str, str], Colour], read_outs: list[str]
) -> None:
    lines = [Line2D([], [], color=colour) for colour in colours.values()]
    names = [f"{_NEURONS[neuron]}, {_STARTS[start]}" for neuron, start in colours]
    for read_out in read_outs:
        label, style = _READ_OUTS[read_out]
        lines.append(Line2D([], [], color=NEUTRAL, linestyle=style))
        names.append(label)
    figure.legend(lines, names, loc="outside lower center", ncols=2)
