"""How the weights of each layer are spread, before and after pruning."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import hide_overlapping_tick_labels
from spikesweep.plots.colours import Colour, ordered_colours
from spikesweep.plots.levels import evenly_chosen
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.pruning.axis import METHODS
from spikesweep.study.pruning.knee import with_unpruned
from spikesweep.words import percentage

_SPARSITIES_SHOWN = 4
_MOST_COLUMNS = 4


def plot_pruning_weights(
    histograms: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw how many weights have which value: a row of panels per method, a panel per layer.

    histograms: one row per (method, target_sparsity, seed, layer, bin), weights counted; a bin of
    no width counts the zeros, which are not drawn. Counts are means over seeds. Where there
    are more layers or sparsities than fit, evenly chosen ones are shown.
    """
    table = with_unpruned(histograms)
    table["weights"] /= table["seed"].nunique()
    table = table[table["high"] > table["low"]]
    names = table["layer"].drop_duplicates().tolist()
    layers = evenly_chosen(names, _MOST_COLUMNS)
    methods = [method for method in METHODS if method in set(table["method"])]
    shown = {method: _chosen(table[table["method"] == method]) for method in methods}
    levels = sorted({level for of_method in shown.values() for level in of_method})
    colours = dict(zip(levels, ordered_colours(palette, len(levels)), strict=True))
    with figure_style():
        figure = new_figure(1.0 + 1.8 * len(methods), title=f"{title}: {network_label}")
        grid = figure.subplots(len(methods), len(layers), sharex="col", sharey=True, squeeze=False)
        for row, method in zip(grid, methods, strict=True):
            of_method = table[table["method"] == method]
            for axes, layer in zip(row, layers, strict=True):
                of_layer = of_method[of_method["layer"] == layer]
                for sparsity in shown[method]:
                    bins = of_layer[of_layer["target_sparsity"] == sparsity]
                    _draw(axes, bins, colours[sparsity])
                axes.set_title(layer, loc="left")
            row[0].set_ylabel(f"without {METHODS[method]}:\nweights in a bin")
        grid[0, 0].set_yscale("log")
        for axes in grid[-1]:
            axes.set_xlabel("weight")
        _add_legend(figure, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _chosen(table: pd.DataFrame) -> list[float]:
    return evenly_chosen(sorted(table["target_sparsity"].unique()), _SPARSITIES_SHOWN)


def _draw(axes: Axes, bins: pd.DataFrame, colour: Colour) -> None:
    if bins.empty:
        return
    width = (bins["high"] - bins["low"]).median()
    counts = bins["weights"].groupby((bins["low"] / width).round().astype(int)).sum()
    # Bins without a weight are not in the table, but an outline falls to zero there.
    indices = range(counts.index.min(), counts.index.max() + 1)
    edges = [width * index for index in (*indices, indices[-1] + 1)]
    axes.stairs(counts.reindex(indices, fill_value=0), edges, color=colour, linewidth=1.2)


def _add_legend(figure: Figure, colours: dict[float, Colour]) -> None:
    figure.legend(
        [Line2D([], [], color=colour) for colour in colours.values()],
        ["unpruned" if sparsity == 0 else percentage(sparsity, "g") for sparsity in colours],
        title="sparsity",
        loc="outside right upper",
        alignment="left",
    )
