"""How far a network's accuracy on its training images runs ahead, under each technique."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from spikesweep.plots.axes import (
    hide_overlapping_tick_labels,
    label_outer_panels,
    panel_grid,
    percent,
)
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.preprocessing.baseline import BASELINE
from spikesweep.words import points

_COLUMNS = 4
_PARTS = {"train_accuracy": "training images", "test_accuracy": "test images"}


def plot_preprocessing_gap(
    gap: pd.DataFrame, *, title: str, network_labels: dict[str, str], palette: str
) -> Figure:
    """Draw training and test accuracy over the epochs, a panel per technique, smallest gap first.

    gap: as `gap_over_epochs` gives it.
    """
    networks = list(gap["network"].unique())
    colours = category_colours(palette, len(_PARTS))
    rows = [math.ceil(gap[gap["network"] == n]["technique"].nunique() / _COLUMNS) for n in networks]
    with figure_style():
        figure = new_figure(0.8 + sum(0.5 + 1.25 * count for count in rows), title=title)
        blocks = figure.subfigures(
            len(networks), 1, squeeze=False, height_ratios=[0.5 + 1.25 * count for count in rows]
        )
        for network, block in zip(networks, blocks.flat, strict=True):
            _draw_network(block, gap[gap["network"] == network], colours)
            label = network_labels.get(network, network)
            block.suptitle(label, x=0.012, ha="left", size=9, weight="bold")
        lines = [Line2D([], [], color=colour) for colour in colours]
        lines.append(Line2D([], [], color=NEUTRAL, linestyle=":"))
        names = [*_PARTS.values(), f"the same with {BASELINE} alone"]
        figure.legend(lines, names, loc="outside lower center", ncols=3)
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_network(block: SubFigure, gap: pd.DataFrame, colours: list[Colour]) -> None:
    last = gap[gap["epoch"] == gap["epoch"].max()].sort_values("gap", kind="stable")
    panels = panel_grid(block, len(last), _COLUMNS, sharex=True, sharey=True)
    baseline = gap[gap["technique"] == BASELINE]
    for axes, (_, row) in zip(panels, last.iterrows(), strict=True):
        for part in _PARTS:
            axes.plot(baseline["epoch"], baseline[part], color=NEUTRAL, linestyle=":", linewidth=1)
        _draw_technique(axes, gap[gap["technique"] == row["technique"]], colours)
        axes.set_title(f"{row['technique']}\ngap {_in_points(row)}", loc="left", size=8)
    label_outer_panels(panels, _COLUMNS, xlabel="epoch", ylabel="")
    panels[0].yaxis.set_major_formatter(percent())
    block.supylabel("accuracy", size=9)


def _draw_technique(axes: Axes, gap: pd.DataFrame, colours: list[Colour]) -> None:
    marker = "o" if len(gap) == 1 else None
    for part, colour in zip(_PARTS, colours, strict=True):
        axes.plot(gap["epoch"], gap[part], color=colour, marker=marker)
    axes.fill_between(
        gap["epoch"],
        gap["test_accuracy"],
        gap["train_accuracy"],
        color=colours[0],
        alpha=0.12,
        lw=0,
    )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5, min_n_ticks=1))


def _in_points(row: pd.Series) -> str:
    half = row["gap_high"] - row["gap"]
    interval = "" if math.isnan(half) else f" ± {points(half)}"
    return f"{points(row['gap'])}{interval} points"
