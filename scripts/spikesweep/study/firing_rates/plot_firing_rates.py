"""How fast each layer fires, before and after scaling."""

import math
from typing import Any

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import (
    hide_overlapping_tick_labels,
    label_outer_panels,
    panel_grid,
    percent,
    plain_numbers,
    slant_if_crowded,
)
from spikesweep.plots.colours import Colour, ordered_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.firing_rates.panels import what_settings_are, with_settings

_MOST_COLUMNS = 4
# Characters in the names of all layers that fit side by side below one of the lower panels.
_MOST_CHARACTERS = 32
_QUARTILES = {
    "whislo": "p05_rate_hz",
    "q1": "p25_rate_hz",
    "med": "median_rate_hz",
    "q3": "p75_rate_hz",
    "whishi": "p95_rate_hz",
}


def plot_firing_rates(
    rates: pd.DataFrame, histogram: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw the distribution of rates in each layer, their quartiles, silent and saturated shares.

    rates: one row per (seed, setting, layer); histogram: shares of (image, neuron) pairs by
    rate, the silent ones in a bin of no width. Both are averaged over seeds.
    """
    rates, histogram = with_settings(rates.sort_values("depth")), with_settings(histogram)
    layers = rates["layer"].unique().tolist()
    settings = rates["setting"].cat.categories
    colours = dict(zip(settings, ordered_colours(palette, len(settings)), strict=True))
    columns = min(_MOST_COLUMNS, len(layers))
    rows = math.ceil(len(layers) / columns)
    with figure_style():
        figure = new_figure(3.3 + 1.6 * rows, title=f"{title}: {network_label}")
        upper, lower = figure.subfigures(2, 1, height_ratios=[0.45 + 1.6 * rows, 2.5])
        panels = panel_grid(upper, len(layers), columns, sharex=True, sharey=True)
        for axes, layer in zip(panels, layers, strict=True):
            _draw_distributions(axes, histogram[histogram["layer"] == layer], colours)
            axes.set_title(layer, loc="left")
        fastest = histogram.loc[histogram["share"] > 0, "rate_high_hz"].max()
        _label_distributions(panels, columns, fastest)
        quartiles, shares = lower.subplots(1, 2)
        _draw_quartiles(quartiles, rates, layers, colours)
        _draw_shares(shares, rates, colours)
        for axes in (quartiles, shares):
            slant_if_crowded(axes, layers, _MOST_CHARACTERS)
            axes.grid(visible=False, axis="x")
        lower.legend(
            [Line2D([], [], color=colour, linewidth=4) for colour in colours.values()],
            colours,
            title=what_settings_are(rates),
            loc="outside right upper",
            alignment="left",
            handlelength=1,
        )
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_distributions(axes: Axes, histogram: pd.DataFrame, colours: dict[str, Colour]) -> None:
    firing = histogram[histogram["rate_high_hz"] > histogram["rate_low_hz"]]
    if firing.empty:
        return
    sns.histplot(
        x=(firing["rate_low_hz"] + firing["rate_high_hz"]) / 2,
        weights=firing["share"] / firing["seed"].nunique(),
        bins=np.union1d(firing["rate_low_hz"], firing["rate_high_hz"]).tolist(),
        hue=firing["setting"],
        palette=colours,
        element="step",
        alpha=0.12,
        legend=False,
        ax=axes,
    )


def _label_distributions(panels: list[Axes], columns: int, fastest_hz: float) -> None:
    label_outer_panels(panels, columns, xlabel="firing rate (Hz)", ylabel="share of pairs")
    # Rates span decades, and a bin that starts at 0 Hz has no place on a logarithmic axis.
    panels[0].set_xscale("symlog", linthresh=10, linscale=0.5)
    panels[0].xaxis.set_major_formatter(plain_numbers())
    panels[0].set_xlim(0, max(10, fastest_hz))
    panels[0].yaxis.set_major_formatter(percent())


def _draw_quartiles(
    axes: Axes, rates: pd.DataFrame, layers: list[str], colours: dict[str, Colour]
) -> None:
    width = 0.8 / len(colours)
    columns = [*_QUARTILES.values(), "mean_rate_hz"]
    for position, (setting, colour) in enumerate(colours.items()):
        of_setting = rates[rates["setting"] == setting]
        mean = of_setting.groupby("layer")[columns].mean().loc[layers]
        boxes = [
            {part: row[name] for part, name in _QUARTILES.items()} for _, row in mean.iterrows()
        ]
        places = np.arange(len(layers)) + (position + 0.5) * width - 0.4
        line = {"color": colour, "linewidth": 1}
        axes.bxp(
            boxes,
            positions=places,
            widths=0.75 * width,
            showfliers=False,
            manage_ticks=False,
            patch_artist=True,
            boxprops={"facecolor": (*colour, 0.25), "edgecolor": colour, "linewidth": 1},
            medianprops={**line, "linewidth": 1.8},
            whiskerprops=line,
            capprops=line,
        )
        axes.plot(places, mean["mean_rate_hz"], "D", color=colour, markersize=3)
    axes.set_xticks(range(len(layers)), labels=layers)
    axes.set_yscale("symlog", linthresh=10, linscale=0.5)
    axes.yaxis.set_major_formatter(plain_numbers())
    axes.set_ylim(bottom=0)
    axes.set_ylabel("firing rate (Hz)")
    axes.set_title("Rates of each layer", loc="left")


def _draw_shares(axes: Axes, rates: pd.DataFrame, colours: dict[str, Colour]) -> None:
    look: dict[str, Any] = {"x": "layer", "hue": "setting", "errorbar": None, "legend": False}
    sns.barplot(rates, y="silent_share", ax=axes, palette=colours, saturation=1, **look)
    silent = len(axes.patches)
    # No pair is both silent and saturated, so the two kinds of bars cannot overlap.
    hanging = rates.assign(saturated=-rates["saturated_share"])
    sns.barplot(hanging, y="saturated", ax=axes, palette=colours, saturation=1, bottom=1, **look)
    for bar in axes.patches[silent:]:
        bar.set(edgecolor=bar.get_facecolor(), facecolor="none", hatch="//////", linewidth=0)
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(percent())
    axes.set(xlabel="", ylabel="share of pairs")
    axes.set_title("Silent; from above: saturated", loc="left")
