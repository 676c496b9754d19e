"""What pruning leaves of each layer."""

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import hide_overlapping_tick_labels, log_percent_axis
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.pruning.axis import METHODS, show_sparsities

# The column counted before pruning; the column of what is left, and the title.
_MEASURES = {
    "weights": ("nonzero", "Weights left"),
    "units": ("units_left", "Units left"),
}


def plot_pruning_layers(
    layer_sparsity: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw the share of weights (above) and of units (below) that each layer keeps.

    layer_sparsity: one row per (method, target_sparsity, seed, layer); a column of panels per
    method.
    """
    pruned = layer_sparsity[layer_sparsity["target_sparsity"] > 0]
    names = layer_sparsity["layer"].drop_duplicates().tolist()
    colours = dict(zip(names, category_colours(palette, len(names)), strict=True))
    methods = [method for method in METHODS if method in set(layer_sparsity["method"])]
    with figure_style():
        figure = new_figure(4.6, title=f"{title}: {network_label}")
        grid = figure.subplots(2, len(methods), sharex=True, sharey="row", squeeze=False)
        letters = iter("abcd")
        for row, (measure, (left, name)) in zip(grid, _MEASURES.items(), strict=True):
            for axes, method in zip(row, methods, strict=True):
                _draw_layers(axes, pruned[pruned["method"] == method], measure, left, colours)
                axes.set_title(f"{next(letters)}  {name}, {METHODS[method]}", loc="left")
                axes.set_ylabel(f"share of the layer's {measure}")
            log_percent_axis(row[0])
        for axes in grid.flat:
            axes.label_outer()
        for axes in grid[-1]:
            show_sparsities(axes, pruned["target_sparsity"])
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
