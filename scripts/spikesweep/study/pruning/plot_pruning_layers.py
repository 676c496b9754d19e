"""What pruning leaves of each layer."""

from collections.abc import Mapping

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import hide_overlapping_tick_labels, log_percent_axis
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.pruning.axis import METHODS, show_sparsities
from spikesweep.study.pruning.names import split_names

# The column counted before pruning, and the column of what is left.
_MEASURES = {"weights": "nonzero", "units": "units_left"}


def plot_pruning_layers(
    layer_sparsity: pd.DataFrame, *, title: str, network_labels: Mapping[str, str], palette: str
) -> Figure:
    """Draw the share of weights (above) and of units (below) that each layer keeps.

    layer_sparsity: one row per (network, method, target_sparsity, seed, layer), named
    `pruning/<network>/<variant>`; a column of panels per network and method.
    """
    table = split_names(layer_sparsity)
    pruned = table[table["target_sparsity"] > 0]
    names = table["layer"].drop_duplicates().tolist()
    colours = dict(zip(names, category_colours(palette, len(names)), strict=True))
    shown = [
        (network, method)
        for network in network_labels
        for method in METHODS
        if ((pruned["network"] == network) & (pruned["method"] == method)).any()
    ]
    with figure_style():
        figure = new_figure(4.8, title=title)
        grid = figure.subplots(2, len(shown), sharex="col", sharey="row", squeeze=False)
        for row, (measure, left) in zip(grid, _MEASURES.items(), strict=True):
            for axes, (network, method) in zip(row, shown, strict=True):
                of_column = (pruned["network"] == network) & (pruned["method"] == method)
                _draw_layers(axes, pruned[of_column], measure, left, colours)
                axes.set_ylabel(f"share of the layer's {measure}")
            log_percent_axis(row[0])
        for axes in grid.flat:
            axes.label_outer()
        for axes, (network, method) in zip(grid[0], shown, strict=True):
            axes.set_title(f"{network_labels[network]},\n{METHODS[method]}", loc="left")
        for axes, (network, _) in zip(grid[-1], shown, strict=True):
            show_sparsities(axes, pruned.loc[pruned["network"] == network, "target_sparsity"])
            axes.set_xlabel("target sparsity (%)")
        lines = [Line2D([], [], color=colour, marker="o") for colour in colours.values()]
        total = Line2D([], [], color=NEUTRAL, linestyle="--")
        figure.legend([*lines, total], [*names, "all layers"], loc="outside right upper")
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_layers(
    axes: Axes, table: pd.DataFrame, measure: str, left: str, colours: dict[str, Colour]
) -> None:
    shares = table.assign(share=table[left] / table[measure])
    look: dict[str, object] = {"x": "target_sparsity", "y": "share", "hue": "layer"}
    look |= {"palette": colours, "legend": False, "ax": axes}
    sns.scatterplot(shares, s=5, alpha=0.45, linewidth=0, **look)
    line = {"marker": "o", "markersize": 4.5, "markeredgewidth": 0}
    sns.lineplot(shares, errorbar=None, **line, **look)
    total = table.groupby("target_sparsity")[[left, measure]].sum()
    axes.plot(total.index, total[left] / total[measure], color=NEUTRAL, linestyle="--")
