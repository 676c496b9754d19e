"""Axes that figures share: their units, scales, ticks and the interval around a point."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import (
    EngFormatter,
    FuncFormatter,
    LogLocator,
    NullFormatter,
    PercentFormatter,
)

from spikesweep.words import THIN_SPACE, percentage, points


def panel_grid(figure: Figure | SubFigure, count: int, columns: int, **options: Any) -> list[Axes]:
    """Make `count` panels in rows of `columns`; the last row may be short.

    The lowest panel of each column has tick labels, although it may not be in the last row.
    options: of `Figure.subplots`.
    """
    grid = figure.subplots(math.ceil(count / columns), columns, squeeze=False, **options)
    for axes in grid.flat[count:]:
        axes.remove()
    panels = list(grid.flat[:count])
    for axes in panels[-columns:]:
        axes.tick_params(labelbottom=True)
    return panels


def label_outer_panels(panels: Sequence[Axes], columns: int, *, xlabel: str, ylabel: str) -> None:
    """Label a `panel_grid` below its columns and at its left."""
    for position, axes in enumerate(panels):
        axes.set_xlabel(xlabel if position + columns >= len(panels) else "")
        axes.set_ylabel(ylabel if position % columns == 0 else "")


def interval_errors(table: pd.DataFrame, column: str) -> np.ndarray:
    """Distances of `<column>_low` and `<column>_high` from `column`, as matplotlib wants them.

    Shape (2, rows); NaN, which draws no bar, if there is no interval.
    """
    value = table[column]
    # Rounding can put the mean of values beyond the mean of their bounds.
    return np.clip([value - table[f"{column}_low"], table[f"{column}_high"] - value], 0, None)


def percent(decimals: int | None = 0) -> PercentFormatter:
    """Show shares between 0 and 1 as percentages; None: with as many digits as needed."""
    return PercentFormatter(1, decimals=decimals, symbol=f"{THIN_SPACE}%")


def as_points() -> FuncFormatter:
    """Show differences of shares as percentage points."""
    return FuncFormatter(lambda share, _: points(share, ".3g"))


def plain_numbers() -> FuncFormatter:
    """Show numbers of a logarithmic axis in full; by itself it would write formulas."""
    return FuncFormatter(lambda value, _: f"{value:g}")


def counts() -> FuncFormatter:
    """Show counts with prefixes, `10 k`; what is less than one, a mean of few, without."""
    prefixed = EngFormatter()
    return FuncFormatter(
        lambda value, position: f"{value:g}" if abs(value) < 1 else prefixed(value, position)
    )


def percent_axis(axes: Axes) -> None:
    """Show percentages on the vertical axis, with as many digits as its range needs."""
    axes.yaxis.set_major_formatter(percent(decimals=None))


def log_percent_axis(axes: Axes) -> None:
    """Show percentages on a logarithmic vertical axis."""
    axes.set_yscale("log")
    # There may be at most one power of ten in view, which would not be a legible scale.
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percentage(share, "g")))
    axes.yaxis.set_minor_formatter(NullFormatter())


def cost_axis(axes: Axes, costs: pd.Series) -> None:
    """Show spikes or synops on the horizontal axis, logarithmic unless some are zero."""
    # A silent network costs nothing, and the logarithm of zero is not finite.
    if (costs > 0).all():
        axes.set_xscale("log")
        # Over more than two decades, ticks between the powers of ten would be crowded.
        crowded = costs.max() > 100 * costs.min()
        axes.xaxis.set_major_locator(LogLocator(subs=(1,) if crowded else (1, 2, 5)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_formatter(counts())


def show_levels(axes: Axes, levels: Sequence[float]) -> None:
    """Put horizontal ticks at the measured levels, logarithmic if they span a wide range."""
    positive = [level for level in levels if level > 0]
    if len(positive) == len(levels) and max(levels) / min(levels) >= 8:
        axes.set_xscale("log")
    axes.set_xticks(levels, labels=[f"{level:g}" for level in levels])
    axes.set_xticks([], minor=True)


def slant_if_crowded(axes: Axes, names: Sequence[str], most_characters: int) -> None:
    """Slant the horizontal tick labels if `names`, side by side, would run into each other."""
    if sum(map(len, names)) > most_characters:
        for label in axes.get_xticklabels():
            label.set(rotation=40, ha="right", rotation_mode="anchor")


def hide_overlapping_tick_labels(figure: Figure) -> None:
    """Hide tick labels that would touch their left neighbour; call it after everything is drawn."""
    figure.draw_without_rendering()
    for axes in figure.axes:
        last_right = -math.inf
        low, high = sorted(axes.get_xlim())
        for tick in axes.xaxis.get_major_ticks():
            label = tick.label1
            # Ticks out of view are not drawn, and slanted labels do not fill their boxes.
            if not low <= tick.get_loc() <= high or not label.get_text() or label.get_rotation():
                continue
            box = label.get_window_extent()
            if box.x0 < last_right + 2:
                label.set_visible(False)
            else:
                last_right = box.x1
