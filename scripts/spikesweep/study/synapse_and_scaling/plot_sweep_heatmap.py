"""Accuracy of every pair of synapse and scale, as a heatmap."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from spikesweep.experiments.operating_points import as_good_as_best, best_setting, mean_over_seeds
from spikesweep.plots.style import (
    PAGE_WIDTH_INCHES,
    figure_style,
    has_synapse,
    new_figure,
    percent,
    synapse_label,
    synapse_levels,
)
from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES
from spikesweep.words import percentage, points

# "100.0" at 8 pt, with air.
_NARROWEST_CELL_WITH_TEXT_INCHES = 0.37
_MARGIN_INCHES = 1.7
_BEST = "#d1180b"


def plot_sweep_heatmap(
    sweeps: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw accuracy (mean over seeds) against scale and synapse.

    The best setting has a thick frame, those within its 95 % interval a thin one. Cells too
    narrow for 8 pt text carry no number.
    """
    averaged = mean_over_seeds(sweeps)
    synapses = synapse_levels(averaged["synapse_s"])
    scales = sorted(averaged["scale_firing_rates"].unique())
    cell = min(0.8, (PAGE_WIDTH_INCHES - _MARGIN_INCHES) / len(scales))
    with figure_style():
        figure = new_figure(
            height_inches=1.6 + max(0.28, min(0.4, cell)) * len(synapses),
            title=f"{title}: {network_label}",
            width_inches=max(4.4, _MARGIN_INCHES + cell * len(scales)),
        )
        axes = figure.add_subplot()
        grid = _grid(averaged, synapses, scales)
        image = axes.pcolormesh(grid, cmap=palette, edgecolor="white", linewidth=0.5)
        bar = figure.colorbar(image, ax=axes, format=percent(None), pad=0.02)
        bar.outline.set_visible(False)
        bar.set_label("accuracy")
        if cell >= _NARROWEST_CELL_WITH_TEXT_INCHES:
            _write_accuracies(axes, grid, image.to_rgba(grid))
        _frame_best_settings(axes, averaged, synapses, scales)
        _label_axes(axes, synapses, scales)
        axes.set_title(_ann_in_words(averaged), loc="left")
        _add_legend(figure)
    return figure


def _grid(averaged: pd.DataFrame, synapses: list[float], scales: list[float]) -> np.ndarray:
    # A pair that was not simulated stays NaN, and its cell empty.
    grid = np.full((len(synapses), len(scales)), np.nan)
    for row, synapse in enumerate(synapses):
        of_synapse = averaged[has_synapse(averaged["synapse_s"], synapse)]
        accuracy = of_synapse.set_index("scale_firing_rates")["accuracy"]
        grid[row] = accuracy.reindex(scales)
    return grid


def _write_accuracies(axes: Axes, grid: np.ndarray, colours: np.ndarray) -> None:
    luminance = colours[..., :3] @ [0.2126, 0.7152, 0.0722]
    for (row, column), accuracy in np.ndenumerate(grid):
        if not np.isnan(accuracy):
            ink = "black" if luminance[row, column] > 0.45 else "white"
            text = points(accuracy)
            axes.text(column + 0.5, row + 0.5, text, ha="center", va="center", color=ink, size=8)


def _frame_best_settings(
    axes: Axes, averaged: pd.DataFrame, synapses: list[float], scales: list[float]
) -> None:
    best = best_setting(averaged)
    for index, setting in averaged[as_good_as_best(averaged)].iterrows():
        row = [synapse_label(synapse) for synapse in synapses].index(
            synapse_label(setting["synapse_s"])
        )
        corner = (scales.index(setting["scale_firing_rates"]) + 0.06, row + 0.06)
        is_best = index == best.name
        # Twice, so that the frame stands out from dark and from pale cells.
        halo, line = (("white", 3.6), (_BEST, 2.2)) if is_best else (("white", 2.0), ("black", 0.9))
        for colour, width in (halo, line):
            frame = Rectangle(corner, 0.88, 0.88, fill=False, edgecolor=colour, linewidth=width)
            frame.set_gid("best" if is_best else "as-good")
            axes.add_patch(frame)


def _label_axes(axes: Axes, synapses: list[float], scales: list[float]) -> None:
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set_xticks(np.arange(len(scales)) + 0.5, labels=[f"{scale:g}" for scale in scales])
    axes.set_yticks(np.arange(len(synapses)) + 0.5, labels=[*map(synapse_label, synapses)])
    axes.set_xlabel("scale of the firing rates")
    axes.set_ylabel("synapse")


def _ann_in_words(averaged: pd.DataFrame) -> str:
    ann = averaged[["ann_accuracy", "ann_accuracy_low", "ann_accuracy_high"]].mean()
    return (
        f"ANN on the same images: {percentage(ann['ann_accuracy'])} "
        f"({points(ann['ann_accuracy_low'])}\u2013{percentage(ann['ann_accuracy_high'])})"
    )


def _add_legend(figure: Figure) -> None:
    square = {"linestyle": "", "marker": "s", "markersize": 8, "markerfacecolor": "none"}
    best = Line2D([], [], markeredgecolor=_BEST, markeredgewidth=2, **square)
    good = Line2D([], [], markeredgecolor="black", markeredgewidth=0.9, **square)
    figure.legend(
        [best, good],
        [
            "best setting",
            f"within the {percentage(CONFIDENCE_OF_ACCURACIES, 'g')} interval of the best",
        ],
        loc="outside lower left",
        ncols=2,
        handletextpad=0.2,
    )
