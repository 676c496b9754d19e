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
from spikesweep.study.preprocessing.baseline import BASELINE
from spikesweep.words import points


def plot_preprocessing_ranking(
    ranking: pd.DataFrame, *, title: str, network_labels: dict[str, str], palette: str
) -> Figure:
    """Draw a row of panels per network: accuracy, accuracy as spikes at equal cost, and cost.

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
        for network, (accuracy, equal, cost) in zip(networks, grid, strict=True):
            table = ranking[ranking["network"] == network].reset_index(drop=True)
            _draw_accuracy(accuracy, table, colours[0])
            _draw_at_equal_cost(equal, table, colours[1])
            _draw_cost(cost, table, colours)
            accuracy.set_title(network_labels[network], loc="left", weight="bold")
        figure.legend(
            [
                _marker(colours[0], "o"),
                _marker(colours[1], "o", filled=False),
                _marker(colours[0], "D", filled=False),
                Line2D([], [], color=NEUTRAL, linestyle=":", linewidth=1),
            ],
            [
                "trained network",
                "spiking network, same loss against its own ANN",
                "same accuracy",
                BASELINE,
            ],
            loc="outside lower center",
            ncols=4,
        )
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_accuracy(axes: Axes, table: pd.DataFrame, colour: Colour) -> None:
    _draw_dots(axes, table, "test_accuracy", colour, 0)
    for value in table.loc[table["technique"] == BASELINE, "test_accuracy"]:
        axes.axvline(value, color=NEUTRAL, linestyle=":", linewidth=1, zorder=0)
    axes.set_yticks(table.index, labels=table["technique"])
    axes.set_ylim(len(table) - 0.4, -0.6)
    _show_percentages(axes, table["test_accuracy"])
    axes.set_xlabel("test accuracy")


def _draw_at_equal_cost(axes: Axes, table: pd.DataFrame, colour: Colour) -> None:
    # Rescaling is as accurate as itself.
    difference = table["snn_difference"].mask(table["technique"] == BASELINE, 0.0)
    _draw_dots(
        axes, table.assign(snn_difference=difference), "snn_difference", colour, 0, filled=False
    )
    axes.axvline(0, color=NEUTRAL, linestyle=":", linewidth=1, zorder=0)
    _show_percentages(axes, pd.Series([*difference, 0.0]))
    axes.xaxis.set_major_formatter(as_points())
    axes.set_xlabel(f"accuracy at equal cost,\nless {BASELINE}'s (points)")


def _draw_cost(axes: Axes, table: pd.DataFrame, colours: list[Colour]) -> None:
    ratios = [1.0]
    for column, marker, colour, shift in (
        ("cost_ratio", "o", colours[1], -0.13),
        ("cost_ratio_at_accuracy", "D", colours[0], 0.13),
    ):
        # Rescaling compared with itself costs the same.
        ratio = table[column].mask(table["technique"] == BASELINE, 1.0)
        of_ratio = table.assign(**{column: ratio})
        _draw_dots(axes, of_ratio, column, colour, shift, marker=marker, filled=False)
        ratios += list(ratio)
    axes.axvline(1, color=NEUTRAL, linestyle=":", linewidth=1, zorder=0)
    axes.set_xscale("log")
    margin = 1.3
    axes.set_xlim(np.nanmin(ratios) / margin, np.nanmax(ratios) * margin)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=6))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    lost = points(COMPARED_LOSS, "g")
    axes.set_xlabel(f"cost, relative to {BASELINE}\nat {lost} points lost")


def _draw_dots(
    axes: Axes,
    table: pd.DataFrame,
    column: str,
    colour: Colour,
    shift: float,
    *,
    marker: str = "o",
    filled: bool = True,
) -> None:
    rows = table.index + shift
    low, high = table[f"{column}_low"], table[f"{column}_high"]
    axes.hlines(rows, low, high, color=colour, linewidth=1.2)
    style = {"color": colour, "mfc": colour if filled else "white", "zorder": 3}
    axes.plot(table[column], rows, marker, **style)


def _show_percentages(axes: Axes, dots: pd.Series) -> None:
    # Intervals of two seeds would leave no room for the dots; they run out of the panel.
    low, high = np.nanmin(dots), np.nanmax(dots)
    margin = 0.3 * (high - low) or 0.01
    axes.set_xlim(low - margin, high + margin)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(percent(decimals=None))


def _marker(colour: Colour, shape: str, *, filled: bool = True) -> Line2D:
    return Line2D([], [], color=colour, marker=shape, mfc=colour if filled else "white")
