"""What published scales and ours lose and cost, on images on which nothing was chosen."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from scipy.optimize import isotonic_regression

from spikesweep.plots.axes import as_points, cost_axis, hide_overlapping_tick_labels
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure

# Names of the methods, in the order in which the legend shows them, with their markers.
METHODS = {
    "max_norm": ("maximum", "s"),
    "percentile": ("99.9th percentile", "^"),
    "per_channel": ("percentile of each channel", "v"),
    "mmse": ("least squared error", "D"),
    "local_balancing": ("local balancing", "P"),
    "equal_rates": ("equal rates", "X"),
    "bias_correction": ("best, biases corrected", "<"),
    "potential_correction": ("best, voltages corrected", ">"),
}
_OURS = "searched"
_KINDS = {
    "converted": "a  Neurons as converted",
    "signed": "b  Signed current, one spike a step",
}
# How far below the ANN settings are shown, in accepted losses.
_SHOWN_LOSSES = 6


def plot_baselines(
    settings: pd.DataFrame,
    methods: pd.DataFrame,
    *,
    title: str,
    network_label: str,
    palette: str,
) -> Figure:
    """Draw accuracy against the ANN over cost, a panel for each kind of neurons.

    Marks are settings, lines what costs are compared on: losses that never rise with the cost.

    settings: one row per judged setting. methods: one row per method, with the accepted loss.
    """
    colours = dict(zip(METHODS, category_colours(palette, len(METHODS)), strict=True))
    shown = [name for name in METHODS if name in set(settings["method"])]
    with figure_style():
        figure = new_figure(3.9, f"{title}: {network_label}")
        panels = figure.subplots(1, len(_KINDS), sharey=True)
        for axes, (kind, words) in zip(panels, _KINDS.items(), strict=True):
            rows = settings[settings["neurons"] == kind]
            _draw(axes, rows, methods["accepted_loss"].iloc[0], colours)
            axes.set_title(words, loc="left")
        panels[0].set_ylabel("accuracy minus that of the ANN\n(percentage points)")
        _add_legend(figure, {name: colours[name] for name in shown})
        hide_overlapping_tick_labels(figure)
    return figure


def _draw(axes: Axes, rows: pd.DataFrame, accepted: float, colours: dict[str, Colour]) -> None:
    axes.axhspan(-accepted, 0, color="0.9", linewidth=0, zorder=0)
    axes.axhline(0, color=NEUTRAL, linewidth=1, zorder=1)
    for method, of_method in rows.groupby("method", sort=False):
        ordered = of_method.sort_values("synops_per_image")
        ours = method == _OURS
        colour = "black" if ours else colours[method]
        axes.plot(
            ordered["synops_per_image"],
            -ordered["loss"],
            color=colour,
            marker="o" if ours else METHODS[method][1],
            markersize=4.5 if ours else 4,
            linestyle="none",
            zorder=3 if ours else 2,
            gid=f"judged-{method}",
        )
        axes.plot(
            ordered["synops_per_image"],
            -isotonic_regression(ordered["loss"], increasing=False).x,
            color=colour,
            linewidth=1.6 if ours else 1.1,
            zorder=3 if ours else 2,
            gid=f"line-{method}",
        )
    cost_axis(axes, rows["synops_per_image"])
    axes.set_xlabel("synops per image")
    lowest = max(-_SHOWN_LOSSES * max(accepted, 0.005), -rows["loss"].max())
    axes.set_ylim(min(lowest, -accepted) * 1.1, max(-rows["loss"].min(), accepted) * 1.1)
    axes.yaxis.set_major_formatter(as_points())


def _add_legend(figure: Figure, colours: dict[str, Colour]) -> None:
    entries = {
        METHODS[name][0]: Line2D([], [], color=colour, marker=METHODS[name][1], markersize=4)
        for name, colour in colours.items()
    }
    entries |= {
        "ours": Line2D([], [], color="black", marker="o", markersize=5),
        "ANN": Line2D([], [], color=NEUTRAL, linewidth=1),
        "accepted loss": Patch(color="0.9"),
    }
    figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=3)
