"""What scaling a layer gains, against the rate at which it fires."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.style import (
    category_colours,
    figure_style,
    hide_overlapping_tick_labels,
    new_figure,
    percent_axis,
)
from spikesweep.study.rate_transfer.kinds import (
    KINDS,
    correlation_in_words,
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
    """Draw a panel a network, a point a (layer, seed, variant, setting), a colour a depth.

    transfer: rows of the study of rates; benefit: its tests, of which the correlations of
    gain and rate are written into the titles. Networks whose neurons do not let their layers be
    rescaled have no rows, and no panel.
    """
    if transfer.empty:
        return nothing_to_rescale(title)
    networks = [network for network in network_labels if network in set(transfer["network"])]
    colours = category_colours(palette, int(transfer["depth"].max()) + 1)
    columns = min(_MOST_COLUMNS, len(networks))
    rows = math.ceil(len(networks) / columns)
    with figure_style():
        figure = new_figure(1.5 + 2.5 * rows, title=title)
        panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
        for position, (axes, network) in enumerate(zip(panels.flat, networks, strict=False)):
            _draw_network(axes, transfer[transfer["network"] == network], colours)
            correlations = _correlations(benefit, network)
            axes.set_title("\n".join([network_labels[network], *correlations]), loc="left")
            axes.set_xlabel("rate before scaling (Hz)")
            if position % columns == 0:
                axes.set_ylabel("accuracy gained by scaling")
        for axes in panels.flat[len(networks) :]:
            axes.remove()
        percent_axis(panels[0, 0])
        _add_legend(figure, transfer, colours, _correlations(benefit, "all"))
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_network(
    axes: Axes, transfer: pd.DataFrame, colours: list[tuple[float, float, float]]
) -> None:
    axes.axhline(0, color="0.6", linewidth=0.8, zorder=1)
    for kind, rows in transfer.groupby(kind_of(transfer)):
        axes.scatter(
            rows["base_rate_hz"],
            rows["gain"],
            s=22,
            marker=_MARKERS[kind],
            color=[colours[depth] for depth in rows["depth"]],
            linewidth=0,
            alpha=0.8,
            zorder=2,
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(lambda rate, _position: f"{rate:g}")
    axes.xaxis.set_minor_formatter("")


def _correlations(benefit: pd.DataFrame, network: str) -> list[str]:
    words = {
        "trained": correlation_in_words(benefit, "observed_rate", network),
        "slowed": correlation_in_words(benefit, "caused_rate", network),
    }
    return [f"{name} {word}" for name, word in words.items() if word]


def _add_legend(
    figure: Figure,
    transfer: pd.DataFrame,
    colours: list[tuple[float, float, float]],
    together: list[str],
) -> None:
    kinds = [
        Line2D([], [], marker=_MARKERS[kind], color="0.35", linestyle="", markersize=6)
        for kind in KINDS
    ]
    depths = [Line2D([], [], marker="s", color=colour, linestyle="") for colour in colours]
    names = [f"layer {depth + 1}" for depth in range(len(colours))]
    figure.legend(
        kinds + depths,
        [*KINDS.values(), *names],
        title=f"Rank correlations of all networks: {', '.join(together)}" if together else None,
        loc="outside lower left",
        alignment="left",
        ncols=6,
        handletextpad=0.2,
        columnspacing=1,
    )
