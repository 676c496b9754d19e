"""What scaling single layers and pairs of layers gains, as matrices."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from spikesweep.plots.axes import as_points
from spikesweep.plots.heatmap import draw_heatmap
from spikesweep.plots.style import PAGE_WIDTH_INCHES, figure_style, new_figure
from spikesweep.statistics.intervals import mean_interval
from spikesweep.study.layer_scaling.base_in_words import base_in_words, nothing_reached
from spikesweep.study.layer_scaling.gains import COMPARISONS, SAME_FACTOR, layer_gains, layers_of
from spikesweep.study.layer_scaling.subset_list import draw_list
from spikesweep.study.layer_scaling.subsets import Subset, subset_name
from spikesweep.words import percentage, points

# Width of a character of a layer's name at 8 pt, and of all else next to the cells.
_CHARACTER_INCHES = 0.07
_MARGIN_INCHES = 1.2
# Cells that hold "+12.3" above "±4.5", or "+12" alone, at 8 pt with air.
_CELL_WITH_INTERVAL_INCHES = 0.38
_CELL_WITH_GAIN_INCHES = 0.26


def plot_subset_matrix(
    scaling: pd.DataFrame,
    matched: pd.DataFrame,
    *,
    title: str,
    network_label: str,
    palette: str,
    confidence: float,
) -> Figure:
    """Draw the gain in accuracy: a row of panels per operating point, a panel per way to compare.

    scaling: the layer-scaling study's rows of one network, all its seeds; matched: the
    result of `matched_budgets` for them. Each cell is a mean over the levels (factors, or budgets)
    that all subsets have, and over seeds; its second line is half the t interval over seeds.

    A network whose pairs were not simulated, as there are too many, has a list instead.
    """
    title = f"{title}: {network_label}"
    if scaling.empty:
        return nothing_reached(title)
    gains = layer_gains(scaling, matched)
    gains = gains[gains["common"].astype(bool)]
    layers = layers_of(scaling)
    if subset_name((layers[0], layers[-1])) not in set(scaling["subset"]) and len(layers) > 2:
        with figure_style():
            return draw_list(gains, layers, title, palette)
    bases = scaling["operating_point"].unique()
    names = _CHARACTER_INCHES * max(map(len, layers))
    width = PAGE_WIDTH_INCHES - _MARGIN_INCHES - names
    cell = min(0.7, width / len(COMPARISONS) / len(layers))
    upright = names > cell
    height = 1.0 + (names if upright else 0.1) + cell * len(layers)
    with figure_style():
        figure = new_figure(0.3 + height * len(bases), title=title)
        rows = np.atleast_1d(figure.subfigures(len(bases), 1))
        for row, operating_point in zip(rows, bases, strict=True):
            of_base = gains[gains["operating_point"] == operating_point]
            _draw_row(row, of_base, layers, palette, confidence, cell, upright=upright)
            row.suptitle(
                base_in_words(scaling, operating_point), x=0.012, ha="left", size=9, weight="normal"
            )
    return figure


def _draw_row(
    row: SubFigure,
    gains: pd.DataFrame,
    layers: Subset,
    palette: str,
    confidence: float,
    cell: float,
    *,
    upright: bool,
) -> None:
    of_comparisons = [gains[gains["comparison"] == comparison] for comparison in COMPARISONS]
    cells = [_cells(of_comparison, layers, confidence) for of_comparison in of_comparisons]
    shown = np.array([0.0, *(gain for mean, _ in cells for gain in mean[~np.isnan(mean)])])
    limits = {"vmin": shown.min(), "vmax": max(shown.max(), shown.min() + 0.01)}
    panels = row.subplots(1, len(COMPARISONS), sharey=True)
    for axes, comparison, of_comparison, (mean, half) in zip(
        panels, COMPARISONS, of_comparisons, cells, strict=True
    ):
        table = pd.DataFrame(mean, index=layers, columns=layers)
        words = _in_cells(mean, half, cell)
        look = {"linewidths": 1, "square": True, **limits}
        draw_heatmap(axes, table, palette=palette, words=words, **look)
        axes.tick_params(axis="x", labelrotation=90 if upright else 0)
        axes.set_title(_levels_in_words(comparison, of_comparison["level"]), loc="left")
        if of_comparison.empty:
            axes.set_xticks([])
        else:
            _write_gain_of_all(axes, of_comparison, layers, confidence)
    bar = row.colorbar(
        panels[0].collections[0], ax=panels, format=as_points(), pad=0.02, shrink=0.9
    )
    bar.outline.set_visible(False)
    bar.set_label("gain (points)")


def _cells(gains: pd.DataFrame, layers: Subset, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean gain, and half the width of its interval: singles on the diagonal, pairs below it."""
    mean, half = np.full((2, len(layers), len(layers)), np.nan)
    for row, second in enumerate(layers):
        for column, first in enumerate(layers[: row + 1]):
            names = dict.fromkeys((first, second))
            mean[row, column], half[row, column] = _mean_and_half(
                gains, subset_name(names), confidence
            )
    return mean, half


def _mean_and_half(gains: pd.DataFrame, subset: str, confidence: float) -> tuple[float, float]:
    of_seeds = gains[gains["subset"] == subset].groupby("seed")["gain"].mean().to_numpy()
    if len(of_seeds) == 0:
        return np.nan, np.nan
    if len(of_seeds) == 1:
        return of_seeds[0], np.nan
    _, low, high = mean_interval(of_seeds, confidence)
    return (low + high) / 2, (high - low) / 2


def _in_cells(mean: np.ndarray, half: np.ndarray, cell: float) -> np.ndarray | None:
    """As much of gain and interval as fits into a cell; None if nothing does."""
    if cell < _CELL_WITH_GAIN_INCHES:
        return None
    if cell < _CELL_WITH_INTERVAL_INCHES:
        return np.vectorize(lambda gain: points(gain, "+.0f"))(mean)
    return np.vectorize(_in_points)(mean, half)


def _write_gain_of_all(axes: Axes, gains: pd.DataFrame, layers: Subset, confidence: float) -> None:
    # Two layers are a pair, which already has its cell.
    if len(layers) > 2:
        text = _in_points(*_mean_and_half(gains, subset_name(layers), confidence))
        axes.text(0.99, 0.97, f"all layers\n{text}", transform=axes.transAxes, ha="right", va="top")


def _in_points(gain: float, half: float) -> str:
    if np.isnan(half):
        return points(gain, "+.1f")
    # Two seeds give intervals of tens of points, in which decimals mean nothing.
    return f"{points(gain, '+.1f')}\n±{points(half, '.1f' if half < 0.0995 else '.0f')}"


def _levels_in_words(comparison: str, levels: pd.Series) -> str:
    if levels.empty:
        return f"{comparison}\n(none that all reach)"
    low, high = levels.min(), levels.max()
    if comparison == SAME_FACTOR:
        return f"{comparison}\n" + (f"{low:g} to {high:g}" if high > low else f"{low:g}")
    low, high = f"+{points(low, 'g')}", f"+{percentage(high, 'g')}"
    return f"{comparison}\n" + (f"{low} to {high}" if levels.nunique() > 1 else high)
