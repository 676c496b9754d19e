"""How fast each layer fires, before and after scaling."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.style import (
    figure_style,
    hide_overlapping_tick_labels,
    new_figure,
    ordered_colours,
    percent,
)
from spikesweep.study.firing_rates.panels import (
    name_layers,
    of_setting,
    rate_settings,
    setting_names,
)

_MOST_COLUMNS = 4
# Of the names of all layers, side by side below one of the lower panels.
_MOST_CHARACTERS = 32


def plot_firing_rates(
    rates: pd.DataFrame, histogram: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw the distribution of rates in each layer, their quartiles, silent and saturated shares.

    rates: one row a (seed, setting, layer); histogram: shares of (image, neuron) pairs by
    rate, the silent ones in a bin of no width. Both are averaged over seeds.
    """
    settings = rate_settings(rates)
    colours = ordered_colours(palette, len(settings))
    layers = rates.sort_values("depth")["layer"].unique().tolist()
    columns = min(_MOST_COLUMNS, len(layers))
    rows = math.ceil(len(layers) / columns)
    with figure_style():
        figure = new_figure(3.3 + 1.6 * rows, title=f"{title}: {network_label}")
        upper, lower = figure.subfigures(2, 1, height_ratios=[0.45 + 1.6 * rows, 2.5])
        panels = upper.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for axes, layer in zip(panels.flat, layers, strict=False):
            for setting, colour in zip(settings.itertuples(index=False), colours, strict=True):
                of_layer = of_setting(histogram[histogram["layer"] == layer], setting)
                _draw_distribution(axes, of_layer, colour)
            axes.set_title(layer, loc="left")
        for axes in panels.flat[len(layers) :]:
            axes.remove()
        fastest = histogram.loc[histogram["share"] > 0, "rate_high_hz"].max()
        _label_distributions(panels.flat[: len(layers)], columns, fastest)
        quartiles, shares = lower.subplots(1, 2)
        _draw_quartiles(quartiles, rates, settings, layers, colours)
        _draw_shares(shares, rates, settings, layers, colours)
        _add_legend(lower, settings, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_distribution(
    axes: Axes, histogram: pd.DataFrame, colour: tuple[float, float, float]
) -> None:
    firing = histogram[histogram["rate_high_hz"] > histogram["rate_low_hz"]]
    if firing.empty:
        return
    share = firing.groupby(["rate_low_hz", "rate_high_hz"])["share"].mean().reset_index()
    edges = [*share["rate_low_hz"], share["rate_high_hz"].iloc[-1]]
    axes.stairs(share["share"], edges, color=colour, linewidth=1.3)
    axes.stairs(share["share"], edges, color=colour, alpha=0.12, fill=True, linewidth=0)


def _label_distributions(panels: list[Axes], columns: int, fastest_hz: float) -> None:
    for position, axes in enumerate(panels):
        if position % columns == 0:
            axes.set_ylabel("share of pairs")
        if position + columns >= len(panels):
            axes.set_xlabel("firing rate (Hz)")
            axes.tick_params(labelbottom=True)
    # Rates span decades, and a bin that starts at 0 Hz has no place on a logarithmic axis.
    panels[0].set_xscale("symlog", linthresh=10, linscale=0.5)
    panels[0].set_xlim(0, max(10, fastest_hz))
    panels[0].yaxis.set_major_formatter(percent())


def _draw_quartiles(
    axes: Axes,
    rates: pd.DataFrame,
    settings: pd.DataFrame,
    layers: list[str],
    colours: list[tuple[float, float, float]],
) -> None:
    width = 0.8 / len(settings)
    parts = ["whislo", "q1", "med", "q3", "whishi"]
    columns = ["p05_rate_hz", "p25_rate_hz", "median_rate_hz", "p75_rate_hz", "p95_rate_hz"]
    for position, (setting, colour) in enumerate(
        zip(settings.itertuples(index=False), colours, strict=True)
    ):
        mean = of_setting(rates, setting).groupby("layer")[[*columns, "mean_rate_hz"]].mean()
        boxes = [dict(zip(parts, mean.loc[layer, columns], strict=True)) for layer in layers]
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
        axes.plot(places, mean.loc[layers, "mean_rate_hz"], "D", color=colour, markersize=3)
    axes.set_yscale("symlog", linthresh=10, linscale=0.5)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("firing rate (Hz)")
    axes.set_title("Rates of each layer", loc="left")
    name_layers(axes, layers, _MOST_CHARACTERS)


def _draw_shares(
    axes: Axes,
    rates: pd.DataFrame,
    settings: pd.DataFrame,
    layers: list[str],
    colours: list[tuple[float, float, float]],
) -> None:
    width = 0.8 / len(settings)
    for position, (setting, colour) in enumerate(
        zip(settings.itertuples(index=False), colours, strict=True)
    ):
        columns = ["silent_share", "saturated_share"]
        share = of_setting(rates, setting).groupby("layer")[columns].mean().loc[layers]
        places = np.arange(len(layers)) + (position + 0.5) * width - 0.4
        axes.bar(places, share["silent_share"], 0.85 * width, color=colour)
        # No pair is both, so the two kinds of bars cannot meet.
        saturated = axes.bar(places, -share["saturated_share"], 0.85 * width, bottom=1)
        for bar in saturated:
            bar.set(facecolor="none", edgecolor=colour, hatch="//////", linewidth=0)
    axes.set_ylim(0, 1)
    axes.yaxis.set_major_formatter(percent())
    axes.set_ylabel("share of pairs")
    axes.set_title("Silent; from above: saturated", loc="left")
    name_layers(axes, layers, _MOST_CHARACTERS)


def _add_legend(
    figure: Figure, settings: pd.DataFrame, colours: list[tuple[float, float, float]]
) -> None:
    key, names = setting_names(settings)
    figure.legend(
        [Line2D([], [], color=colour, linewidth=4) for colour in colours],
        names,
        title=key,
        loc="outside right upper",
        alignment="left",
        handlelength=1,
    )
