"""How training went: accuracy and loss after each epoch, for every network."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from spikesweep.plots.style import (
    category_colours,
    figure_style,
    hide_overlapping_tick_labels,
    new_figure,
    percent_axis,
)

_MOST_COLUMNS = 3
_MEASURES = {"accuracy": "accuracy", "loss": "loss (cross-entropy)"}


def plot_learning_curves(
    history: pd.DataFrame, *, title: str, network_labels: dict[str, str], palette: str
) -> Figure:
    """Draw training and validation curves: two panels a network, a thin line a seed.

    history: columns network, seed, epoch, accuracy, loss, val_accuracy, val_loss.
    """
    networks = [network for network in network_labels if network in set(history["network"])]
    colours = category_colours(palette, 2)
    columns = min(_MOST_COLUMNS, len(networks))
    blocks = math.ceil(len(networks) / columns)
    with figure_style():
        figure = new_figure(0.8 + 3.3 * blocks, title=title)
        grid = figure.subplots(2 * blocks, columns, squeeze=False)
        for position, network in enumerate(networks):
            block, column = divmod(position, columns)
            panels = grid[2 * block : 2 * block + 2, column]
            for axes, measure in zip(panels, _MEASURES, strict=True):
                _draw_curves(axes, history[history["network"] == network], measure, colours)
            panels[0].set_title(network_labels[network], loc="left")
            panels[1].set_xlabel("epoch")
            percent_axis(panels[0])
            if column == 0:
                for axes, label in zip(panels, _MEASURES.values(), strict=True):
                    axes.set_ylabel(label)
        for position in range(len(networks), blocks * columns):
            for axes in grid[2 * (position // columns) :, position % columns]:
                axes.remove()
        lines = [Line2D([], [], color=colour) for colour in colours]
        figure.legend(lines, ["training", "validation"], loc="outside lower center", ncols=2)
        figure.align_ylabels()
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_curves(
    axes: Axes, history: pd.DataFrame, measure: str, colours: list[tuple[float, float, float]]
) -> None:
    several_seeds = history["seed"].nunique() > 1
    marker = "o" if history["epoch"].nunique() == 1 else None
    for column, colour in zip((measure, f"val_{measure}"), colours, strict=True):
        if several_seeds:
            for _, of_seed in history.groupby("seed"):
                axes.plot(of_seed["epoch"], of_seed[column], color=colour, linewidth=0.6, alpha=0.5)
        mean = history.groupby("epoch")[column].mean()
        axes.plot(mean.index, mean, color=colour, marker=marker)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, min_n_ticks=1))
