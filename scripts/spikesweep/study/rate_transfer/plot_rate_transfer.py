"""Whether the gain follows the rate if other layers are made slow."""

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from spikesweep.plots.axes import as_points, hide_overlapping_tick_labels, slant_if_crowded
from spikesweep.plots.colours import ordered_colours
from spikesweep.plots.heatmap import draw_heatmap
from spikesweep.plots.levels import evenly_chosen
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.rate_transfer.kinds import (
    KINDS,
    correlation_in_words,
    kind_of,
    nothing_to_rescale,
)
from spikesweep.study.rate_transfer.variants import EQUAL, SLOW, TRAINED, slow_layer
from spikesweep.words import THIN_SPACE, percentage, points

_MOST_MATRICES = 2
# More layers leave no room for two matrices side by side, and no room for rates in the cells.
_MOST_LAYERS_ABREAST = 4
_MOST_LAYERS_WITH_RATES = 8
# Characters in the names of all layers that fit side by side below a matrix.
_MOST_CHARACTERS = 32
_SLOWED = "#d1180b"
_PREDICTIONS = {
    "predicted_gain": "Ripple of one filter",
    "predicted_gain_cascade": "Ripple of all filters",
    "predicted_gain_rectified": "One filter, rectified",
}


def plot_rate_transfer(
    transfer: pd.DataFrame,
    benefit: pd.DataFrame,
    *,
    title: str,
    network_label: str,
    palette: str,
) -> Figure:
    """Draw what scaling each layer gains in each variant of one network; predictions below.

    transfer: rows of the study of rates, averaged over seeds in the matrices, of which there is
    one per operating point, for the largest factor. The layer that a variant makes slow has a
    frame: a benefit that follows the rate stays in the frames, one that follows the depth in a
    column.
    benefit: the tests; the correlations of prediction and gain are written into the figure.
    """
    title = f"{title}: {network_label}"
    if transfer.empty:
        return nothing_to_rescale(title)
    layers = transfer.sort_values("depth")["layer"].unique().tolist()
    shares = evenly_chosen(sorted(transfer["operating_point"].unique()), _MOST_MATRICES)
    abreast = len(layers) <= _MOST_LAYERS_ABREAST
    rows = 1 if abreast else len(shares)
    matrix_height = 0.9 + 0.36 * (len(layers) + 2)
    with figure_style():
        figure = new_figure(0.4 + rows * matrix_height + 3.2, title=title)
        upper, lower = figure.subfigures(2, 1, height_ratios=[rows * matrix_height + 0.4, 3.2])
        panels = upper.subplots(rows, len(shares) if abreast else 1, sharey=True, squeeze=False)
        factor = transfer["factor"].max()
        shown = transfer[(transfer["factor"] == factor) & transfer["operating_point"].isin(shares)]
        gains = shown.groupby(["operating_point", "variant", "layer"])["gain"].mean()
        limits = (min(0.0, gains.min()), max(gains.max(), 0.01))
        for axes, share in zip(panels.flat, shares, strict=True):
            at_share = shown[shown["operating_point"] == share]
            _draw_matrix(axes, at_share, layers, palette, limits)
            axes.set_title(f"from {percentage(share, 'g')} of the ANN: points gained", loc="left")
            axes.set_xlabel(f"layer that fires {factor:g} times faster")
        _draw_predictions(lower, transfer, benefit, palette)
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_matrix(
    axes: Axes,
    transfer: pd.DataFrame,
    layers: list[str],
    palette: str,
    limits: tuple[float, float],
) -> None:
    variants = transfer["variant"].drop_duplicates().tolist()
    means = transfer.groupby(["variant", "layer"])[["gain", "base_rate_hz"]].mean()
    gain, rate = (
        means[column].unstack().loc[variants, layers] for column in ("gain", "base_rate_hz")
    )
    with_rates = len(layers) <= _MOST_LAYERS_WITH_RATES
    words = np.vectorize(_in_cell)(gain, rate if with_rates else np.nan)
    draw_heatmap(axes, gain, palette=palette, words=words, vmin=limits[0], vmax=limits[1])
    for row, variant in enumerate(variants):
        if variant in (slowed := [SLOW + layer for layer in layers]):
            corner = (slowed.index(variant) + 0.04, row + 0.04)
            frame = Rectangle(corner, 0.92, 0.92, fill=False, edgecolor=_SLOWED, linewidth=2)
            frame.set_gid("slowed")
            axes.add_patch(frame)
    slant_if_crowded(axes, layers, _MOST_CHARACTERS)
    _label_variants(axes, transfer, variants)


def _in_cell(gain: float, rate_hz: float) -> str:
    gained = points(gain, "+.1f")
    return gained if np.isnan(rate_hz) else f"{gained}\n{rate_hz:.1f}{THIN_SPACE}Hz"


def _label_variants(axes: Axes, transfer: pd.DataFrame, variants: list[str]) -> None:
    names = {TRAINED: "as trained", EQUAL: "all alike"}
    axes.set_yticklabels([names.get(name, f"{slow_layer(name)} slow") for name in variants])
    axes.set_ylabel("")
    base = transfer.groupby("variant")["base_accuracy"].mean()
    # What the gains are added to.
    right = axes.secondary_yaxis("right")
    right.set_yticks(
        np.arange(len(variants)) + 0.5,
        labels=[percentage(base[name], ".0f") for name in variants],
    )
    right.set_ylabel("accuracy before")
    right.tick_params(length=0)
    right.spines[:].set_visible(False)


def _draw_predictions(
    figure: Figure, transfer: pd.DataFrame, benefit: pd.DataFrame, palette: str
) -> None:
    network = transfer["network"].iloc[0]
    colours = dict(zip(KINDS, ordered_colours(palette, len(KINDS)), strict=True))
    look = {"palette": colours, "s": 14, "linewidth": 0, "legend": False}
    for axes, (prediction, name) in zip(
        figure.subplots(1, len(_PREDICTIONS), sharex=True, sharey=True),
        _PREDICTIONS.items(),
        strict=True,
    ):
        axes.axline((0, 0), slope=1, color="0.6", linewidth=0.8, zorder=1)
        sns.scatterplot(transfer, x=prediction, y="gain", hue=kind_of(transfer), ax=axes, **look)
        found = correlation_in_words(benefit, prediction, network)
        axes.set_title(f"{name}\nrank correlation\n{found}" if found else name, loc="left")
        axes.set(xlabel="predicted gain (points)", ylabel="measured gain (points)")
        axes.xaxis.set_major_formatter(as_points())
        axes.yaxis.set_major_formatter(as_points())
        axes.label_outer()
    figure.legend(
        [Line2D([], [], marker="o", color=colours[kind], linestyle="") for kind in KINDS],
        KINDS.values(),
        title="rate of the scaled layer",
        loc="outside lower left",
        alignment="left",
        ncols=3,
        handletextpad=0.2,
    )
