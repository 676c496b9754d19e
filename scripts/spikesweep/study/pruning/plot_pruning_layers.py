"""What pruning leaves of each layer."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter

from spikesweep.plots.style import (
    NEUTRAL,
    category_colours,
    figure_style,
    hide_overlapping_tick_labels,
    new_figure,
)
from spikesweep.study.pruning.axis import METHODS, show_sparsities
from spikesweep.words import percentage

_MEASURES = {
    "weights": ("nonzero", "Weights left", "weights"),
    "units": ("units_left", "Units left", "units"),
}


def plot_pruning_layers(
    layers: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw the share of weights (above) and of units (below) that each layer keeps.

    layers: one row a (method, target_sparsity, seed, layer); a column of panels a method.
    """
    names = layers["layer"].drop_duplicates().tolist()
    colours = dict(zip(names, category_colours(palette, len(names)), strict=True))
    methods = [method for method in METHODS if method in set(layers["method"])]
    with figure_style():
        figure = new_figure(4.6, title=f"{title}: {network_label}")
        grid = figure.subplots(2, len(methods), sharex=True, sharey="row", squeeze=False)
        for column, method in enumerate(methods):
            of_method = layers[(layers["method"] == method) & (layers["target_sparsity"] > 0)]
            for row, measure in enumerate(_MEASURES):
                axes = grid[row, column]
                for name in names:
                    of_layer = of_method[of_method["layer"] == name]
                    _draw_layer(axes, of_layer, measure, colours[name])
                _draw_total(axes, of_method, measure)
                letter = "abcd"[row * len(methods) + column]
                axes.set_title(f"{letter}  {_MEASURES[measure][1]}, {METHODS[method]}", loc="left")
        for axes in grid[0]:
            axes.tick_params(labelbottom=False)
        for axes in grid[-1]:
            show_sparsities(axes, layers.loc[layers["target_sparsity"] > 0, "target_sparsity"])
            axes.set_xlabel("target sparsity (%)")
        for axes, (_, _, what) in zip(grid[:, 0], _MEASURES.values(), strict=True):
            axes.set_yscale("log")
            axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percentage(share, "g")))
            axes.yaxis.set_minor_formatter(NullFormatter())
            axes.set_ylabel(f"share of the layer's {what}")
        lines = [Line2D([], [], color=colour, marker="o") for colour in colours.values()]
        total = Line2D([], [], color=NEUTRAL, linestyle="--")
        figure.legend([*lines, total], [*names, "all layers"], loc="outside right upper")
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_layer(
    axes: Axes, table: pd.DataFrame, measure: str, colour: tuple[float, float, float]
) -> None:
    share = table[_MEASURES[measure][0]] / table[measure]
    axes.scatter(table["target_sparsity"], share, s=5, color=[colour], alpha=0.45, linewidth=0)
    mean = share.groupby(table["target_sparsity"]).mean()
    axes.plot(mean.index, mean, color=colour, marker="o", markersize=3.5)


def _draw_total(axes: Axes, table: pd.DataFrame, measure: str) -> None:
    left = _MEASURES[measure][0]
    total = table.groupby("target_sparsity")[[left, measure]].sum()
    axes.plot(total.index, total[left] / total[measure], color=NEUTRAL, linestyle="--")
