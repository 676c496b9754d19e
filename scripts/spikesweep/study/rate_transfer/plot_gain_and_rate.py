"""What scaling a layer gains, against the rate at which it fires."""

import math

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import (
    as_points,
    hide_overlapping_tick_labels,
    label_outer_panels,
    panel_grid,
)
from spikesweep.plots.colours import Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.rate_transfer.kinds import (
    KINDS,
    difference_in_words,
    kind_of,
    nothing_to_rescale,
)

_MOST_COLUMNS = 3
_MARKERS = {"trained": "o", "alike": ".", "slowed": "^"}


def plot_gain_and_rate(
    transfer: pd.DataFrame,
    benefit: pd.DataFrame,
    *,
    title: str,
    network_labels: dict[str, str],
    palette: str,
) -> Figure:
    """Draw a panel per network, a point per (layer, seed, variant, setting), a colour per depth.

    transfer: rows of the study of rates; benefit: its tests; what the slow layers gain less what
    the others gain is written into the titles. Networks whose layers cannot be given other rates
    have no rows, and no panel.
    """
    if transfer.empty:
        return nothing_to_rescale(title)
    networks = [network for network in network_labels if network in set(transfer["network"])]
    colours = category_colours(palette, int(transfer["depth"].max()) + 1)
    columns = min(_MOST_COLUMNS, len(networks))
    rows = math.ceil(len(networks) / columns)
    with figure_style():
        figure = new_figure(1.5 + 2.5 * rows, title=title)
        panels = panel_grid(figure, len(networks), columns, sharey=True)
        for axes, network in zip(panels, networks, strict=True):
            _draw_network(axes, transfer[transfer["network"] == network], colours)
            differences = _differences(benefit, network)
            axes.set_title("\n".join([network_labels[network], *differences]), loc="left")
        label_outer_panels(
            panels,
            columns,
            xlabel="rate before scaling (Hz)",
            ylabel="gain of accuracy (points)",
        )
        panels[0].yaxis.set_major_formatter(as_points())
        _add_legend(figure, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_network(axes: Axes, transfer: pd.DataFrame, colours: list[Colour]) -> None:
    axes.axhline(0, color="0.6", linewidth=0.8, zorder=1)
    sns.scatterplot(
        transfer,
        x="base_rate_hz",
        y="gain",
        hue="depth",
        palette=dict(enumerate(colours)),
        style=kind_of(transfer),
        markers=_MARKERS,
        s=22,
        linewidth=0,
        alpha=0.8,
        legend=False,
        ax=axes,
    )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter("")


def _differences(benefit: pd.DataFrame, network: str) -> list[str]:
    words = {
        "trained": difference_in_words(benefit, "slowest_less_others", network),
        "slowed": difference_in_words(benefit, "slowed_less_others", network),
    }
    return [f"{name} {word}" for name, word in words.items() if word]


def _add_legend(figure: Figure, colours: list[Colour]) -> None:
    kinds = [
        Line2D([], [], marker=_MARKERS[kind], color="0.35", linestyle="", markersize=6)
        for kind in KINDS
    ]
    depths = [Line2D([], [], marker="s", color=colour, linestyle="") for colour in colours]
    names = [f"layer {depth + 1}" for depth in range(len(colours))]
    figure.legend(
        kinds + depths,
        [*KINDS.values(), *names],
        title="Above: gain of the slowest layer less the mean of the others, in points",
        loc="outside lower left",
        alignment="left",
        ncols=6,
        handletextpad=0.2,
        columnspacing=1,
    )
