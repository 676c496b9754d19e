"""Techniques in the order of their accuracy, and what becomes of each network as spikes."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from spikesweep.experiments.operating_points import COMPARED_LOSS
from spikesweep.plots.axes import as_points, hide_overlapping_tick_labels, percent
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.preprocessing.ranking import BASELINE
from spikesweep.words import points


def plot_preprocessing_ranking(
    ranking: pd.DataFrame, *, title: str, network_labels: dict[str, str], palette: str
) -> Figure:
    """Draw a row of panels per network: accuracy, accuracy lost to spikes, and what they cost.

    ranking: as `rank_techniques` gives it; its order of techniques is kept.
    network_labels: in the order in which networks are shown.
    """
    networks = [name for name in network_labels if name in set(ranking["network"])]
    colours = category_colours(palette, 2)
    counts = [int((ranking["network"] == network).sum()) for network in networks]
    with figure_style():
        figure = new_figure(1.0 + sum(0.75 + 0.19 * count for count in counts), title=title)
        grid = figure.subplots(
            len(networks),
            3,
            squeeze=False,
            sharey="row",
            height_ratios=[0.75 + 0.19 * count for count in counts],
            width_ratios=[3, 2, 2],
        )
        for network, (accuracy, loss, cost) in zip(networks, grid, strict=True):
            table = ranking[ranking["network"] == network].reset_index(drop=True)
            _draw_accuracy(accuracy, table, colours)
            _draw_loss(loss, table, colours[1])
            _draw_cost(cost, table, colours[1])
            accuracy.set_title(network_labels[network], loc="left", weight="bold")
        figure.legend(
            [
                _marker(colours[0], filled=True),
                _marker(colours[1], filled=False),
                Line2D([], [], color=NEUTRAL, linestyle=":", linewidth=1),
            ],
            ["trained network, all test images", "spiking network, a sample of them", BASELINE],
            loc="outside lower center",
            ncols=3,
        )
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_accuracy(axes: Axes, table: pd.DataFrame, colours: list[Colour]) -> None:
    for name, colour, shift in (("test", colours[0], -0.13), ("snn", colours[1], 0.13)):
        _draw_dots(axes, table, f"{name}_accuracy", colour, shift, filled=name == "test")
    _draw_baseline(axes, table, "test_accuracy")
    axes.set_yticks(table.index, labels=table["technique"])
    axes.set_ylim(len(table) - 0.4, -0.6)
    _show_percentages(axes, table[["test_accuracy", "snn_accuracy"]])
    axes.set_xlabel("test accuracy")


def _draw_loss(axes: Axes, table: pd.DataFrame, colour: Colour) -> None:
    _draw_dots(axes, table, "snn_loss", colour, 0, filled=False)
    _draw_baseline(axes, table, "snn_loss")
    _show_percentages(axes, table[["snn_loss"]])
    axes.xaxis.set_major_formatter(as_points())
    axes.set_xlabel("accuracy lost to\nspikes (points)")


def _draw_cost(axes: Axes, table: pd.DataFrame, colour: Colour) -> None:
    # Rescaling compared with itself costs the same.
    ratio = table["cost_ratio"].mask(table["technique"] == BASELINE, 1.0)
    _draw_dots(axes, table.assign(cost_ratio=ratio), "cost_ratio", colour, 0, filled=False)
    axes.axvline(1, color=NEUTRAL, linestyle=":", linewidth=1, zorder=0)
    axes.set_xscale("log")
    margin = 1.3
    axes.set_xlim(np.nanmin([*ratio, 1]) / margin, np.nanmax([*ratio, 1]) * margin)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=6))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(f"cost at {points(COMPARED_LOSS, 'g')} points lost,\nrelative to {BASELINE}")


def _draw_dots(
    axes: Axes, table: pd.DataFrame, column: str, colour: Colour, shift: float, *, filled: bool
) -> None:
    rows = table.index + shift
    low, high = table[f"{column}_low"], table[f"{column}_high"]
    axes.hlines(rows, low, high, color=colour, linewidth=1.2)
    style = {"color": colour, "mfc": colour if filled else "white", "zorder": 3}
    axes.plot(table[column], rows, "o", **style)


def _show_percentages(axes: Axes, dots: pd.DataFrame) -> None:
    # Intervals of two seeds would leave no room for the dots; they run out of the panel.
    low, high = np.nanmin(dots), np.nanmax(dots)
    margin = 0.3 * (high - low) or 0.01
    axes.set_xlim(low - margin, high + margin)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(percent(decimals=None))


def _draw_baseline(axes: Axes, table: pd.DataFrame, column: str) -> None:
    for value in table.loc[table["technique"] == BASELINE, column]:
        if np.isfinite(value):
            axes.axvline(value, color=NEUTRAL, linestyle=":", linewidth=1, zorder=0)


def _marker(colour: Colour, *, filled: bool) -> Line2D:
    return Line2D([], [], color=colour, marker="o", mfc=colour if filled else "white")
