"""How the weights of each layer are spread, before and after pruning."""

from collections.abc import Iterator, Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import EngFormatter

from spikesweep.plots.axes import hide_overlapping_tick_labels
from spikesweep.plots.colours import Colour, ordered_colours
from spikesweep.plots.levels import evenly_chosen
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.pruning.axis import METHODS
from spikesweep.study.pruning.names import split_names
from spikesweep.study.pruning.unpruned import with_unpruned
from spikesweep.words import percentage

_SPARSITIES_SHOWN = 4
_MOST_COLUMNS = 4


def plot_pruning_weights(
    histograms: pd.DataFrame, *, title: str, network_labels: Mapping[str, str], palette: str
) -> Figure:
    """Draw how many weights have which value: a row per network and method, a panel per layer.

    histograms: one row per (network, method, target_sparsity, seed, layer, bin), named
    `pruning/<network>/<variant>`; weights counted; a bin of no width counts the zeros, which are
    not drawn. Counts are means over seeds. Where there are more layers or sparsities than fit,
    evenly chosen ones are shown.
    """
    rows = list(_rows(split_names(histograms), network_labels))
    shown = [_chosen(table) for _, table in rows]
    levels = sorted({level for of_row in shown for level in of_row})
    colours = dict(zip(levels, ordered_colours(palette, len(levels)), strict=True))
    columns = max(len(_layers(table)) for _, table in rows)
    with figure_style():
        figure = new_figure(0.8 + 1.9 * len(rows), title=title)
        grid = figure.subplots(len(rows), columns, sharey="row", squeeze=False)
        for panels, (name, table), sparsities in zip(grid, rows, shown, strict=True):
            layers = _layers(table)
            for axes, layer in zip(panels, layers, strict=False):
                of_layer = table[table["layer"] == layer]
                for sparsity in sparsities:
                    bins = of_layer[of_layer["target_sparsity"] == sparsity]
                    _draw(axes, bins, colours[sparsity])
                axes.set_title(layer, loc="left")
                axes.set_xlabel("weight")
            for axes in panels[len(layers) :]:
                axes.remove()
            panels[0].set_ylabel(name)
            panels[0].set_yscale("log")
            panels[0].yaxis.set_major_formatter(EngFormatter())
        _add_legend(figure, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _rows(
    histograms: pd.DataFrame, network_labels: Mapping[str, str]
) -> Iterator[tuple[str, pd.DataFrame]]:
    """What a row of panels is called, and its weights, counted per seed and without zeros."""
    for network, label in network_labels.items():
        table = with_unpruned(histograms[histograms["network"] == network])
        table["weights"] /= table["seed"].nunique()
        table = table[table["high"] > table["low"]]
        for method in METHODS:
            of_method = table[table["method"] == method]
            if len(of_method):
                yield f"{label},\nwithout {METHODS[method]}:\nweights in a bin", of_method


def _layers(table: pd.DataFrame) -> list[str]:
    return evenly_chosen(table["layer"].drop_duplicates().tolist(), _MOST_COLUMNS)


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
