"""What scaling single layers and pairs of layers gains, as matrices."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import FuncFormatter

from spikesweep.plots.style import PAGE_WIDTH_INCHES, figure_style, new_figure
from spikesweep.statistics.intervals import mean_interval
from spikesweep.study.layer_scaling.gains import COMPARISONS, SAME_FACTOR, layer_gains, layers_of
from spikesweep.study.layer_scaling.subsets import Subset, subset_name
from spikesweep.words import percentage, points

# A character of a layer's name at 8 pt, and what else stands beside the cells.
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
    """Draw the gain in accuracy: a row of panels a base scale, a panel a way to compare.

    scaling: the layer-scaling study's rows of one network, all its seeds; matched: what
    `matched_budgets` makes of them. Each cell is a mean over the levels (factors, or budgets)
    that all subsets have, and over seeds; its second line is half the t interval over seeds.
    """
    gains = layer_gains(scaling, matched)
    gains = gains[gains["common"].astype(bool)]
    layers = layers_of(scaling)
    bases = scaling["base_scale"].unique()
    names = _CHARACTER_INCHES * max(map(len, layers))
    width = PAGE_WIDTH_INCHES - _MARGIN_INCHES - names
    cell = min(0.7, width / len(COMPARISONS) / len(layers))
    upright = names > cell
    height = 1.0 + (names if upright else 0.1) + cell * len(layers)
    with figure_style():
        figure = new_figure(0.3 + height * len(bases), title=f"{title}: {network_label}")
        rows = np.atleast_1d(figure.subfigures(len(bases), 1))
        for row, base_scale in zip(rows, bases, strict=True):
            of_base = gains[gains["base_scale"] == base_scale]
            _draw_row(row, of_base, layers, palette, confidence, cell, upright=upright)
            row.suptitle(
                _base_in_words(scaling, base_scale), x=0.012, ha="left", size=9, weight="normal"
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
    cells = {
        comparison: _cells(of_comparison, layers, confidence)
        for comparison, of_comparison in gains.groupby("comparison")
    }
    shown = np.concatenate([[0.0], *(values[0][~np.isnan(values[0])] for values in cells.values())])
    norm = Normalize(shown.min(), max(shown.max(), shown.min() + 0.01))
    panels = row.subplots(1, len(COMPARISONS), sharey=True)
    for axes, comparison in zip(panels, COMPARISONS, strict=True):
        _label_axes(axes, layers, upright=upright)
        of_comparison = gains[gains["comparison"] == comparison]
        axes.set_title(_levels_in_words(comparison, of_comparison["level"]), loc="left")
        if comparison not in cells:
            continue
        mean, half = cells[comparison]
        image = axes.pcolormesh(mean, cmap=palette, norm=norm, edgecolor="white", linewidth=1)
        _write_gains(axes, mean, half, image.to_rgba(mean), cell)
        _write_gain_of_all(axes, of_comparison, layers, confidence)
    bar = row.colorbar(
        image,
        ax=panels,
        format=FuncFormatter(lambda gain, _: points(gain, "g")),
        pad=0.02,
        shrink=0.9,
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


def _write_gains(
    axes: Axes, mean: np.ndarray, half: np.ndarray, colours: np.ndarray, cell: float
) -> None:
    if cell < _CELL_WITH_GAIN_INCHES:
        return
    narrow = cell < _CELL_WITH_INTERVAL_INCHES
    luminance = colours[..., :3] @ [0.2126, 0.7152, 0.0722]
    for (row, column), gain in np.ndenumerate(mean):
        if not np.isnan(gain):
            ink = "black" if luminance[row, column] > 0.45 else "white"
            text = points(gain, "+.0f") if narrow else _in_points(gain, half[row, column])
            place = (column + 0.5, row + 0.5)
            axes.text(*place, text, ha="center", va="center", color=ink, size=8, linespacing=1.1)


def _write_gain_of_all(axes: Axes, gains: pd.DataFrame, layers: Subset, confidence: float) -> None:
    # Two layers are a pair, which has a cell of its own.
    if len(layers) > 2:
        text = _in_points(*_mean_and_half(gains, subset_name(layers), confidence))
        axes.text(0.99, 0.97, f"all layers\n{text}", transform=axes.transAxes, ha="right", va="top")


def _in_points(gain: float, half: float) -> str:
    if np.isnan(half):
        return points(gain, "+.1f")
    # Two seeds have intervals of tens of points, whose decimals say nothing.
    return f"{points(gain, '+.1f')}\n±{points(half, '.1f' if half < 0.0995 else '.0f')}"


def _label_axes(axes: Axes, layers: Subset, *, upright: bool) -> None:
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    centres = np.arange(len(layers)) + 0.5
    axes.set_xticks(centres, labels=layers, rotation=90 if upright else 0)
    axes.set_yticks(centres, labels=layers)
    axes.set_xlim(0, len(layers))
    axes.set_ylim(len(layers), 0)
    axes.set_aspect("equal")


def _levels_in_words(comparison: str, levels: pd.Series) -> str:
    if levels.empty:
        return f"{comparison}\n(none that all reach)"
    low, high = levels.min(), levels.max()
    if comparison == SAME_FACTOR:
        return f"{comparison}\n" + (f"{low:g} to {high:g}" if high > low else f"{low:g}")
    low, high = f"+{points(low, 'g')}", f"+{percentage(high, 'g')}"
    return f"{comparison}\n" + (f"{low} to {high}" if levels.nunique() > 1 else high)


def _base_in_words(scaling: pd.DataFrame, base_scale: float) -> str:
    base = scaling[(scaling["base_scale"] == base_scale) & (scaling["layers_scaled"] == 0)]
    accuracy, ann = (percentage(base[column].mean()) for column in ("accuracy", "ann_accuracy"))
    return f"other layers at scale {base_scale:g}: accuracy {accuracy}, ANN {ann}"
