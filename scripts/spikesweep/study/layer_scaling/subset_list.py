"""What scaling sets of layers gains, as a list: of networks too deep for a matrix of pairs."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spikesweep.plots.axes import as_points
from spikesweep.plots.heatmap import draw_heatmap
from spikesweep.plots.style import new_figure
from spikesweep.study.layer_scaling.gains import COMPARISONS
from spikesweep.study.layer_scaling.subsets import Subset, in_words, subset_layers, subset_name
from spikesweep.words import percentage, points

# Height of a row whose words have 8 pt, and of all else.
_ROW_INCHES = 0.2
_MARGIN_INCHES = 1.9


def draw_list(gains: pd.DataFrame, layers: Subset, title: str, palette: str) -> Figure:
    """A panel for each operating point; a row for each subset, a column for each comparison.

    gains: rows of `layer_gains` at the levels that all subsets have. Single layers come first, in
    the order of their depth, then sets from the smallest to all layers. Cells are means over levels
    and seeds.
    """
    subsets = sorted(
        map(subset_layers, gains["subset"].unique()),
        key=lambda one: (len(one), layers.index(one[0])),
    )
    figure = new_figure(_MARGIN_INCHES + _ROW_INCHES * len(subsets), title=title)
    operating_points = gains["operating_point"].unique()
    tables = [_table(gains[gains["operating_point"] == at], subsets) for at in operating_points]
    shown = np.concatenate([[0.0], *(table.to_numpy().ravel() for table in tables)])
    low, high = np.nanmin(shown), np.nanmax(shown)
    limits = {"vmin": low, "vmax": max(high, low + 0.01)}
    names = [in_words(subset, layers) for subset in subsets]
    panels = np.atleast_1d(figure.subplots(1, len(tables), sharey=True))
    for axes, table, at in zip(panels, tables, operating_points, strict=True):
        words = np.vectorize(lambda gain: points(gain, "+.1f"))(table.to_numpy())
        draw_heatmap(axes, table.set_axis(names), palette=palette, words=words, **limits)
        axes.tick_params(axis="x", labelrotation=90)
        axes.set(xlabel="", ylabel="")
        _explain_empty(axes, table)
        axes.set_title(f"at {percentage(at, 'g')} of\nthe ANN's accuracy", loc="left")
    bar = figure.colorbar(panels[0].collections[0], ax=list(panels), format=as_points(), pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label("gain (points)")
    return figure


def _explain_empty(axes: Axes, table: pd.DataFrame) -> None:
    for column, comparison in enumerate(table):
        if table[comparison].isna().all():
            place = (column + 0.5, len(table) / 2)
            axes.text(*place, "(none that all reach)", rotation=90, ha="center", va="center")


def _table(gains: pd.DataFrame, subsets: list[Subset]) -> pd.DataFrame:
    """Mean gain over the levels of each seed, then over seeds: (subsets, comparisons)."""
    of_seeds = gains.groupby(["subset", "comparison", "seed"])["gain"].mean()
    means = of_seeds.groupby(["subset", "comparison"]).mean().unstack()
    return means.reindex(index=list(map(subset_name, subsets)), columns=list(COMPARISONS))
