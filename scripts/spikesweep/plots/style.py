"""The look that all figures share, and how a figure becomes files that do not change by chance."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from spikesweep.files import atomic_path

# Two columns of a printed page; no text is smaller than 8 pt at this width.
PAGE_WIDTH_INCHES = 7.1
BITMAP_DPI = 220
NEUTRAL = "0.35"

_SETTINGS = {
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "figure.titlesize": 10,
    "figure.titleweight": "bold",
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.title_fontsize": 8,
    "legend.frameon": False,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "0.9",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.4,
    "lines.markersize": 4,
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    # Text as paths: the figure looks the same on a machine that lacks the font.
    "svg.fonttype": "path",
    # Without it every file gets new random ids.
    "svg.hashsalt": "spikesweep",
}


@contextmanager
def figure_style() -> Iterator[None]:
    """Apply the shared look within a block; it must enclose drawing and saving."""
    with mpl.rc_context({**mpl.rcParamsDefault, **sns.axes_style("ticks"), **_SETTINGS}):
        yield


def save_figure(figure: Figure, *, svg: str | Path, png: str | Path) -> None:
    """Write a figure as vectors and as a bitmap, without dates: same figure, same bytes."""
    with figure_style():
        with atomic_path(svg) as path:
            figure.savefig(path, metadata={"Date": None, "Creator": None})
        with atomic_path(png) as path:
            figure.savefig(path, dpi=BITMAP_DPI, metadata={"Software": None})


def new_figure(height_inches: float, title: str, width_inches: float = PAGE_WIDTH_INCHES) -> Figure:
    """Make an empty figure with its title at the left, as the axes' titles have theirs."""
    figure = Figure(figsize=(width_inches, height_inches))
    figure.suptitle(title, x=0.012, ha="left")
    return figure


def ordered_colours(palette: str, count: int) -> list[tuple[float, float, float]]:
    """Return `count` colours from dark to light; the palest end is left out, it is illegible."""
    colours = sns.color_palette(palette, as_cmap=True)
    if count == 1:
        return [colours(0.35)[:3]]
    return [colours(0.9 * index / (count - 1))[:3] for index in range(count)]


def category_colours(palette: str, count: int) -> list[tuple[float, float, float]]:
    """Return `count` colours that are easy to tell apart."""
    return sns.color_palette(palette, count)


def synapse_levels(synapses_s: pd.Series) -> list[float]:
    """Return the distinct synapses, no synapse (NaN) first, then from short to long."""
    levels: list[float] = sorted(synapses_s.dropna().unique().tolist())
    return [math.nan, *levels] if synapses_s.isna().any() else levels


def has_synapse(synapses_s: pd.Series, synapse_s: float) -> pd.Series:
    """Mark the rows of one synapse, where NaN means no synapse and equals itself."""
    return synapses_s.isna() if math.isnan(synapse_s) else synapses_s == synapse_s


def synapse_label(synapse_s: float) -> str:
    """Write a synaptic time constant as a reader says it: `none` or `5 ms`."""
    return "none" if math.isnan(synapse_s) else f"{1000 * synapse_s:g} ms"


def evenly_chosen(levels: Sequence[float], count: int) -> list[float]:
    """Choose at most `count` of the levels, evenly spaced, the first and last among them."""
    if len(levels) <= count:
        return list(levels)
    if count == 1:
        return [levels[-1]]
    return [levels[index] for index in np.linspace(0, len(levels) - 1, count).round().astype(int)]


def percent(decimals: int | None = 0) -> PercentFormatter:
    """Show shares between 0 and 1 as percentages."""
    return PercentFormatter(1, decimals=decimals, symbol="\u2009%")


def percent_axis(axes: Axes) -> None:
    """Show percentages on the vertical axis, with as many digits as its range needs."""
    axes.yaxis.set_major_formatter(percent(decimals=None))


def show_levels(axes: Axes, levels: Sequence[float]) -> None:
    """Put horizontal ticks at the levels that were measured, logarithmic if they span much."""
    positive = [level for level in levels if level > 0]
    if len(positive) == len(levels) and max(levels) / min(levels) >= 8:
        axes.set_xscale("log")
    axes.set_xticks(levels, labels=[f"{level:g}" for level in levels])
    axes.set_xticks([], minor=True)


def hide_overlapping_tick_labels(figure: Figure) -> None:
    """Hide tick labels that would touch their left neighbour; call it when all is drawn."""
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
