"""The layers of a network, what they read, how fast they fire, and which scale is recommended."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import NullFormatter

from spikesweep.plots.axes import hide_overlapping_tick_labels, plain_numbers
from spikesweep.plots.colours import NEUTRAL, ordered_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.firing_rates.panels import what_settings_are, with_settings

_ROW_INCHES = 0.24
_MARGIN_INCHES = 1.3
IMAGE = "image"
_TIMES = " \N{MULTIPLICATION SIGN} "


def plot_network_graph(
    layers: pd.DataFrame,
    rates: pd.DataFrame,
    recommended: pd.DataFrame,
    *,
    title: str,
    network_label: str,
    palette: str,
) -> Figure:
    """Draw the layers from top to bottom, with their rates, and their scales if they are known.

    layers: one row per spiking layer and one for the readout, with what each of them reads.
    rates: of each layer at each probed setting, for all seeds; dots are means over these.
    recommended: the scale of each layer in the recommended setting; empty if none was searched.
    """
    names = [IMAGE, *layers["layer"]]
    shown = len(recommended) > 0
    with figure_style():
        height = _MARGIN_INCHES + _ROW_INCHES * len(names)
        figure = new_figure(height, title=f"{title}: {network_label}")
        widths = [1.4, 1, 0.8] if shown else [1.4, 1]
        panels = figure.subplots(1, len(widths), sharey=True, width_ratios=widths)
        _draw_layers(panels[0], layers, names)
        _draw_rates(figure, panels[1], rates, names, palette)
        if shown:
            _draw_scales(panels[2], recommended, names)
        hide_overlapping_tick_labels(figure)
    return figure


def edges(layers: pd.DataFrame) -> list[tuple[int, int]]:
    """Pairs of rows, the image being row 0: what is read, and what reads it."""
    rows = {name: row for row, name in enumerate(layers["layer"], start=1)}
    return [
        (rows[name] if name else 0, row)
        for row, reads in enumerate(layers["reads"].fillna(""), start=1)
        for name in reads.split(" ")
    ]


def _draw_layers(axes: Axes, layers: pd.DataFrame, names: list[str]) -> None:
    axes.set_xlim(-1.0, 2.2)
    axes.set_ylim(len(names) - 0.5, -0.5)
    longest = max(target - source for source, target in edges(layers))
    for source, target in edges(layers):
        hops = target - source
        # Those that skip a layer bulge, the farther the more.
        bulge = 0.0 if hops == 1 else 0.35 + 0.8 * hops / longest
        corners = [(0, source), (-bulge, source), (-bulge, target), (0, target)]
        curve = Path(corners, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
        colour = "black" if hops == 1 else NEUTRAL
        axes.add_patch(PathPatch(curve, fill=False, edgecolor=colour, linewidth=1.2))
    axes.plot(np.zeros(len(names)), range(len(names)), "o", color="black", markersize=4)
    for row, name in enumerate(names):
        shape = "" if row == 0 else f"  {layers['shape'].iloc[row - 1]}".replace(" x ", _TIMES)
        axes.text(0.1, row, name.removesuffix("_relu") + shape, va="center")
    axes.set_axis_off()


def _draw_rates(
    figure: Figure, axes: Axes, rates: pd.DataFrame, names: list[str], palette: str
) -> None:
    rates = with_settings(rates)
    rows = rates["layer"].map(names.index)
    settings = rates["setting"].cat.categories
    for setting, colour in zip(settings, ordered_colours(palette, len(settings)), strict=True):
        chosen = rates["setting"] == setting
        means = rates[chosen].groupby(rows[chosen])["mean_rate_hz"].mean()
        # A silent layer has no place on a logarithmic axis.
        means = means[means > 0]
        axes.plot(means, means.index, "o-", color=colour, markersize=4, label=setting)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(plain_numbers())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("mean rate (Hz)")
    axes.tick_params(left=False, labelleft=False)
    axes.grid(axis="y", visible=True)
    figure.legend(title=what_settings_are(rates), loc="outside right upper", alignment="left")


def _draw_scales(axes: Axes, recommended: pd.DataFrame, names: list[str]) -> None:
    rows = [names.index(layer) for layer in recommended["layer"]]
    axes.hlines(rows, 0, recommended["scale"], color="0.75")
    axes.plot(recommended["scale"], rows, "o", color="black", markersize=4)
    axes.set_xlim(0, 1.35 * recommended["scale"].max())
    for row, scale in zip(rows, recommended["scale"], strict=True):
        axes.annotate(f"{scale:g}", (scale, row), (5, 0), textcoords="offset points", va="center")
    axes.set_xlabel("recommended scale")
    axes.tick_params(left=False, labelleft=False)
