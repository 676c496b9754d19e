"""What sparsity means for spikes: accuracy, cost, the scale that it takes, and rates."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import EngFormatter, FuncFormatter, NullFormatter

from spikesweep.plots.pruning_axis import LINES, MARKERS, METHODS, show_sparsities
from spikesweep.plots.style import (
    NEUTRAL,
    figure_style,
    has_synapse,
    hide_overlapping_tick_labels,
    new_figure,
    ordered_colours,
    percent_axis,
    show_levels,
    synapse_label,
    synapse_levels,
)
from spikesweep.study.pruning_knee import with_unpruned

# What a spiking network's work is made of: spikes, and what each of them causes.
_PARTS = {
    "spikes_per_image": ("spikes", "^"),
    "synops_per_spike": ("synops per spike", "v"),
    "synops_per_image": ("synops", "D"),
}


def pruning_spikes(
    spiking: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw accuracy against synops, the accuracy lost by spiking against scale, and the work.

    spiking: one row a (method, target_sparsity, seed, setting). Of several synapses the one in
    the middle is drawn.
    """
    spiking = _one_synapse(spiking)
    table = _averaged(spiking)
    methods = [method for method in METHODS if method in set(table["method"])]
    sparsities = sorted(table["target_sparsity"].unique())
    colours = dict(zip(sparsities, ordered_colours(palette, len(sparsities)), strict=True))
    with figure_style():
        synapse = synapse_label(spiking["synapse_s"].iloc[0])
        figure = new_figure(5.6, title=f"{title}: {network_label}, synapse {synapse}")
        (by_cost, by_scale), lower = figure.subplots(2, 2)
        for (method, sparsity), line in table.groupby(["method", "target_sparsity"]):
            style = {
                "color": colours[sparsity],
                "linestyle": LINES[method],
                "marker": MARKERS[method],
                "markersize": 3.5,
            }
            by_cost.plot(line["synops_per_image"], line["accuracy"], **style)
            by_scale.plot(line["scale_firing_rates"], line["lost_by_spiking"], **style)
        _label_costs(by_cost)
        _label_scales(by_scale, table)
        largest = table["scale_firing_rates"].max()
        work = _averaged(with_unpruned(spiking[spiking["scale_firing_rates"] == largest]))
        for axes, method, letter in zip(lower, methods, "cd", strict=False):
            _draw_work(axes, work[work["method"] == method])
            axes.set_title(f"{letter}  Work at scale {largest:g}, {METHODS[method]}", loc="left")
            show_sparsities(axes, sparsities)
        for axes in lower[len(methods) :]:
            axes.remove()
        if len(methods) > 1:
            lower[1].sharey(lower[0])
        lower[0].set_ylabel("relative to unpruned")
        _add_legends(figure, colours, methods)
        hide_overlapping_tick_labels(figure)
    return figure


def _one_synapse(spiking: pd.DataFrame) -> pd.DataFrame:
    synapses = synapse_levels(spiking["synapse_s"])
    return spiking[has_synapse(spiking["synapse_s"], synapses[len(synapses) // 2])]


def _averaged(spiking: pd.DataFrame) -> pd.DataFrame:
    """Means over seeds, with what the figure shows beside what was measured."""
    keys = ["method", "target_sparsity", "scale_firing_rates"]
    measured = ["sparsity", "accuracy", "ann_accuracy", "spikes_per_image", "synops_per_image"]
    table = spiking.groupby(keys)[measured].mean().reset_index()
    return table.assign(
        lost_by_spiking=table["ann_accuracy"] - table["accuracy"],
        synops_per_spike=table["synops_per_image"] / table["spikes_per_image"],
    )


def _label_costs(axes: Axes) -> None:
    axes.set_title("a  Accuracy against cost", loc="left")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(EngFormatter())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("synaptic operations per image")
    axes.set_ylabel("accuracy")
    percent_axis(axes)


def _label_scales(axes: Axes, table: pd.DataFrame) -> None:
    axes.set_title("b  Accuracy lost by spiking", loc="left")
    axes.axhline(0, color=NEUTRAL, linewidth=1)
    show_levels(axes, sorted(table["scale_firing_rates"].unique()))
    axes.set_xlabel("scale of the firing rates")
    axes.set_ylabel("ANN accuracy \N{MINUS SIGN} SNN accuracy")
    percent_axis(axes)


def _draw_work(axes: Axes, table: pd.DataFrame) -> None:
    unpruned = table[table["target_sparsity"] == 0].iloc[0]
    for part, (_, marker) in _PARTS.items():
        axes.plot(
            table["sparsity"], table[part] / unpruned[part], color="black", linewidth=1,
            marker=marker, markersize=5, markerfacecolor="white",
        )  # fmt: skip
    axes.axhline(1, color=NEUTRAL, linewidth=1)
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g}\u2009%"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _add_legends(
    figure: Figure, colours: dict[float, tuple[float, float, float]], methods: list[str]
) -> None:
    figure.legend(
        [Line2D([], [], color=colour, linewidth=4) for colour in colours.values()],
        [f"{100 * sparsity:g}\u2009%" for sparsity in colours],
        title="target sparsity",
        loc="outside right upper",
        alignment="left",
        handlelength=1,
    )
    methods_drawn = [
        Line2D([], [], color=NEUTRAL, linestyle=LINES[m], marker=MARKERS[m]) for m in methods
    ]
    parts = [
        Line2D([], [], color="black", marker=marker, markerfacecolor="white", linewidth=1)
        for _, marker in _PARTS.values()
    ]
    figure.legend(
        [*methods_drawn, *parts],
        [*(METHODS[m] for m in methods), *(name for name, _ in _PARTS.values())],
        loc="outside right lower",
    )
