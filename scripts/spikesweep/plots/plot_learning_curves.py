"""How training went: accuracy and loss after each epoch, for every network."""

import math
from textwrap import fill

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from spikesweep.plots.axes import hide_overlapping_tick_labels, percent_axis
from spikesweep.plots.colours import Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure

_MOST_COLUMNS = 4
# Of a title above a panel that is one of four.
_MOST_CHARACTERS = 14
_MEASURES = {"accuracy": "accuracy", "loss": "loss (cross-entropy)"}


def plot_learning_curves(
    history: pd.DataFrame, *, title: str, network_labels: dict[str, str], palette: str
) -> Figure:
    """Draw training and validation curves: two panels per network, a thin line per seed.

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
            for axes, (measure, label) in zip(panels, _MEASURES.items(), strict=True):
                _draw_curves(axes, history[history["network"] == network], measure, colours)
                axes.set(xlabel="", ylabel="" if column else label)
            panels[0].set_title(fill(network_labels[network], _MOST_CHARACTERS), loc="left")
            panels[1].set_xlabel("epoch")
            percent_axis(panels[0])
        for position in range(len(networks), blocks * columns):
            for axes in grid[2 * (position // columns) :, position % columns]:
                axes.remove()
        lines = [Line2D([], [], color=colour) for colour in colours]
        figure.legend(lines, ["training", "validation"], loc="outside lower center", ncols=2)
        figure.align_ylabels()
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_curves(axes: Axes, history: pd.DataFrame, measure: str, colours: list[Colour]) -> None:
    curves = history.melt(["seed", "epoch"], [measure, f"val_{measure}"], "images")
    look = {"x": "epoch", "y": "value", "hue": "images", "palette": colours, "legend": False}
    if history["seed"].nunique() > 1:
        seeds = {"units": "seed", "estimator": None, "linewidth": 0.6, "alpha": 0.5}
        sns.lineplot(curves, ax=axes, **look, **seeds)
    marker = "o" if history["epoch"].nunique() == 1 else None
    sns.lineplot(curves, ax=axes, errorbar=None, marker=marker, markeredgewidth=0, **look)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, min_n_ticks=1))
