"""What sparsity means for spikes: accuracy, cost, the scale that it takes, and rates."""

import math
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, NullFormatter

from spikesweep.experiments.operating_points import ABOVE, BELOW, INSIDE
from spikesweep.plots.axes import (
    cost_axis,
    hide_overlapping_tick_labels,
    interval_errors,
    log_percent_axis,
    percent_axis,
)
from spikesweep.plots.colours import NEUTRAL, Colour, ordered_colours
from spikesweep.plots.levels import has_synapse, synapse_label, synapse_levels
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.pruning.axis import LINES, MARKERS, METHODS, show_sparsities
from spikesweep.study.pruning.unpruned import PUBLISHED_SPARSITY
from spikesweep.words import number, percentage, points

# The parts of a spiking network's work, with the column of the ratio if there is one: spikes, and
# the operations that each of them causes.
_PARTS = {
    "spikes_ratio": ("spikes", "^"),
    "synops_per_spike": ("synops per spike", "v"),
    "synops_ratio": ("synops", "D"),
}


def plot_pruning_spikes(
    spiking: pd.DataFrame,
    scale: pd.DataFrame,
    *,
    title: str,
    network_labels: Mapping[str, str],
    palette: str,
) -> Figure:
    """Draw accuracy against synops, the scale that each network needs, and the work that is left.

    spiking: one row per (network, method, target_sparsity, seed, setting). scale: as
    `pruned_scale` gives it. Of several synapses the one in the middle is drawn. Each network has
    a block of panels; one of which no seed was converted has none.
    """
    synapse = _middle_synapse(spiking)
    spiking = spiking[has_synapse(spiking["synapse_s"], synapse)]
    scale = scale[has_synapse(scale["synapse_s"], synapse)]
    networks = [name for name in network_labels if name in set(spiking["network"])]
    methods = [method for method in METHODS if method in set(spiking["method"])]
    sparsities = sorted(spiking["target_sparsity"].unique())
    colours = dict(zip(sparsities, ordered_colours(palette, len(sparsities)), strict=True))
    with figure_style():
        figure = new_figure(
            0.4 + 6.2 * len(networks), title=f"{title}, synapse {synapse_label(synapse)}"
        )
        blocks = figure.subfigures(len(networks), 1, squeeze=False)
        for network, block in zip(networks, blocks.flat, strict=True):
            of_network = scale[scale["network"] == network]
            _draw_network(
                block, _averaged(spiking[spiking["network"] == network]), of_network, colours
            )
            block.suptitle(network_labels[network], x=0.012, ha="left", size=9, weight="bold")
        _add_legend(figure, colours, methods)
        hide_overlapping_tick_labels(figure)
    return figure


def in_words(scale: pd.DataFrame, method: str) -> str:
    """Say in three lines what the published sparsity (or the nearest tried) means for spikes.

    scale: rows of `pruned_scale` of one network and synapse.
    """
    pruned = scale[(scale["method"] == method) & (scale["target_sparsity"] > 0)]
    if pruned.empty:
        return f"{METHODS[method].capitalize()}: only the unpruned network was tried."
    nearest = (pruned["target_sparsity"] - PUBLISHED_SPARSITY).abs().idxmin()
    row = pruned.loc[nearest]
    work = "multiply" if row["synops_ratio"] < row["weights_left"] else "do not multiply"
    lost = points(row["compared_loss"], "g")
    if row["loss_reached"] != INSIDE:
        side = {ABOVE: "more", BELOW: "less"}[row["loss_reached"]]
        needs = (
            f"loses {side} than {lost} points to spikes at every scale, or the unpruned one does"
        )
    else:
        needs = (
            f"for {lost} points lost to spikes, {_times(row, 'scale_ratio')} the unpruned scale "
            f"and {_times(row, 'synops_ratio_at_loss')} its synops"
        )
    if row["accuracy_reached"] != INSIDE:
        side = {ABOVE: "less", BELOW: "more"}[row["accuracy_reached"]]
        same = f"is {side} accurate than the unpruned one then at every scale"
    else:
        same = f"for the same accuracy, {_times(row, 'synops_ratio_at_accuracy')} the synops"
    columns = ("weights_left", "spikes_ratio", "synops_ratio")
    left, spikes, synops = (percentage(row[column], ".0f") for column in columns)
    return (
        f"{METHODS[method].capitalize()}, {left} left: at the same scale {spikes} of the spikes "
        f"and {synops} of the synops: sparsity and low rates {work};\n    {needs};\n    {same}."
    )


def _times(row: pd.Series, column: str) -> str:
    value, low, high = (row[f"{column}{end}"] for end in ("", "_low", "_high"))
    interval = "" if math.isnan(low) else f" ({number(low, '.2f')} to {number(high, '.2f')})"
    return f"{number(value, '.2f')} times{interval}"


def _middle_synapse(spiking: pd.DataFrame) -> float:
    synapses = synapse_levels(spiking["synapse_s"])
    return synapses[len(synapses) // 2]


def _draw_network(
    block: SubFigure, table: pd.DataFrame, scale: pd.DataFrame, colours: Mapping[float, Colour]
) -> None:
    methods = [method for method in METHODS if method in set(table["method"])]
    sparsities = sorted(table["target_sparsity"].unique())
    (by_cost, needed), lower = block.subplots(2, 2)
    for (method, sparsity), line in table.groupby(["method", "target_sparsity"]):
        by_cost.plot(
            line["synops_per_image"], line["accuracy"], color=colours[sparsity],
            linestyle=LINES[method], marker=MARKERS[method], markersize=3.5,
        )  # fmt: skip
    _label_costs(by_cost, table["synops_per_image"])
    for method in methods:
        _draw_needed(needed, scale[scale["method"] == method], method)
    _label_needed(needed, scale)
    show_sparsities(needed, sparsities)
    largest = scale["largest_scale"].iloc[0]
    for axes, method, letter in zip(lower, methods, "cd", strict=False):
        _draw_work(axes, scale[scale["method"] == method])
        axes.set_title(f"{letter}  Work at scale {largest:g}, {METHODS[method]}", loc="left")
        show_sparsities(axes, sparsities)
    for axes in lower[len(methods) :]:
        axes.remove()
    if len(methods) > 1:
        # Shared axes take the limits of one panel, which must fit the other's content too.
        lows, highs = zip(*(axes.get_ylim() for axes in lower), strict=True)
        lower[1].sharey(lower[0])
        lower[0].set_ylim(min(lows), max(highs))
    lower[0].set_ylabel("relative to unpruned")
    words = [in_words(scale, method) for method in methods]
    block.supxlabel("\n".join(words), x=0.012, ha="left", size=8)


def _averaged(spiking: pd.DataFrame) -> pd.DataFrame:
    keys = ["method", "target_sparsity", "scale_firing_rates"]
    return spiking.groupby(keys)[["accuracy", "synops_per_image"]].mean().reset_index()


def _label_costs(axes: Axes, costs: pd.Series) -> None:
    axes.set_title("a  Accuracy against cost", loc="left")
    cost_axis(axes, costs)
    axes.set_xlabel("synaptic operations per image")
    axes.set_ylabel("accuracy")
    percent_axis(axes)


def _draw_needed(axes: Axes, scale: pd.DataFrame, method: str) -> None:
    axes.errorbar(
        1 - scale["weights_left"], scale["scale_at_loss"],
        yerr=interval_errors(scale, "scale_at_loss"),
        color=NEUTRAL, linestyle=LINES[method], marker=MARKERS[method], markersize=3.5,
        elinewidth=0.8, capsize=1.5,
    )  # fmt: skip


def _label_needed(axes: Axes, scale: pd.DataFrame) -> None:
    loss = scale["compared_loss"].iloc[0]
    axes.set_title(f"b  Scale that loses {points(loss, 'g')} points", loc="left")
    if scale["scale_at_loss"].notna().any():
        axes.set_yscale("log")
        # Room for the next tick: a logarithmic axis needs at least two to be legible.
        axes.margins(y=0.2)
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=6))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter(NullFormatter())
    else:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "more is lost\nat every scale", transform=axes.transAxes, ha="center")
    axes.set_ylabel("scale of the firing rates")


def _draw_work(axes: Axes, scale: pd.DataFrame) -> None:
    scale = scale.assign(synops_per_spike=scale["synops_ratio"] / scale["spikes_ratio"])
    for part, (_, marker) in _PARTS.items():
        axes.plot(
            1 - scale["weights_left"], scale[part], color="black", linewidth=1,
            marker=marker, markersize=5, markerfacecolor="white",
        )  # fmt: skip
    # Where synops lie below it, the spikes have become fewer as well as cheaper.
    left = scale["weights_left"]
    axes.plot(1 - left, left, color=NEUTRAL, linestyle=":", linewidth=1.2)
    axes.axhline(1, color=NEUTRAL, linewidth=1)
    log_percent_axis(axes)


def _add_legend(figure: Figure, colours: dict[float, Colour], methods: list[str]) -> None:
    lines = {"target sparsity": Line2D([], [], alpha=0)}
    lines |= {
        percentage(sparsity, "g"): Line2D([], [], color=colour, linewidth=4)
        for sparsity, colour in colours.items()
    }
    lines |= {
        METHODS[m]: Line2D([], [], color=NEUTRAL, linestyle=LINES[m], marker=MARKERS[m])
        for m in methods
    }
    lines |= {
        name: Line2D([], [], color="black", marker=marker, markerfacecolor="white", linewidth=1)
        for name, marker in _PARTS.values()
    }
    lines["weights left"] = Line2D([], [], color=NEUTRAL, linestyle=":", linewidth=1.2)
    figure.legend(lines.values(), lines.keys(), loc="outside right upper")
