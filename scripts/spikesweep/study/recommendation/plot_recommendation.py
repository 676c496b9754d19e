"""What the search for a cheap setting found, and what is recommended."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

from spikesweep.plots.axes import as_points, cost_axis, hide_overlapping_tick_labels
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.levels import SCORES_READ, synapse_label
from spikesweep.plots.style import figure_style, new_figure

# Names of the methods, in the order in which the legend shows them, with their markers.
_METHODS = {
    "uniform": ("one scale for all layers", "s"),
    "greedy_by_rate": ("greedy by rate", "^"),
    "greedy_by_saving": ("greedy by saving", "v"),
    "additive": ("additive sensitivity", "P"),
    "optuna": ("Optuna's sampler", "D"),
    "exhaustive": ("exhaustive", "o"),
}
# The candidates that were judged on other validation images.
_JUDGED = {"by_layer": ("judged, scales by layer", "o"), "uniform": ("judged, one scale", "s")}
# Full where the loss was shown to be accepted.
_FACES = {True: "black", False: "white"}
_TEST = "crimson"
# How far below the ANN the settings that are shown may be, in accepted losses.
_SHOWN_LOSSES = 6


def plot_recommendation(
    search: pd.DataFrame,
    candidates: pd.DataFrame,
    check: pd.DataFrame,
    layers: pd.DataFrame,
    *,
    title: str,
    network_label: str,
    palette: str,
) -> Figure:
    """Draw the Pareto fronts, how fast each method found its cheapest setting, and the scales.

    search: one row per method, setting and reading; candidates: those that were judged; check:
    the recommended one on test images; layers: scale of each layer of it, and its rates
        without and with that scale.
    """
    methods = [name for name in _METHODS if name in set(search["method"])]
    palette_colours = category_colours(palette, len(_METHODS))
    colours = {name: palette_colours[list(_METHODS).index(name)] for name in methods}
    with figure_style():
        height = 0.6 + max(1.9, 0.18 * len(layers))
        figure = new_figure(3.3 + height, f"{title}: {network_label}")
        upper, lower = figure.subfigures(2, 1, height_ratios=[3.3, height])
        fronts = upper.subplots()
        budget, scales = lower.subplots(1, 2, width_ratios=[1.15, 1])
        _draw_fronts(fronts, search, candidates, check, colours)
        _draw_budget(budget, search, colours)
        _draw_scales(scales, layers)
        scales.set_xlabel(_described(check.iloc[0]))
        _add_legend(upper, colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _draw_fronts(
    axes: Axes,
    search: pd.DataFrame,
    candidates: pd.DataFrame,
    check: pd.DataFrame,
    colours: dict[str, Colour],
) -> None:
    tried = search.assign(against_ann=search["accuracy"] - search["ann_accuracy"])
    checked = check[check["seed"].astype(str) == "mean"].iloc[0]
    accepted = candidates["accepted_loss"].iloc[0]
    lowest = max(-_SHOWN_LOSSES * accepted, tried["against_ann"].min(), -0.1)
    lowest = min(lowest, -checked["loss_high"], -candidates["loss"].max()) - accepted / 2
    shown = tried[tried["against_ann"] >= lowest]
    axes.axhspan(-accepted, 0, color="0.9", linewidth=0, zorder=0)
    axes.axhline(0, color=NEUTRAL, linewidth=1, zorder=1)
    axes.scatter(
        shown["synops_per_image"], shown["against_ann"], s=5, color="0.72", linewidth=0, zorder=1
    )
    for method, colour in colours.items():
        front = tried[(tried["method"] == method) & tried["on_front"]]
        front = front.sort_values("synops_per_image")
        axes.plot(
            front["synops_per_image"],
            front["against_ann"],
            color=colour,
            marker=_METHODS[method][1],
            markersize=3.5,
            linewidth=1.2,
            alpha=0.9,
            gid=f"front-{method}",
        )
    _draw_judged(axes, candidates)
    _draw_checked(axes, checked)
    cost_axis(axes, shown["synops_per_image"])
    costs = pd.concat([shown["synops_per_image"], candidates["synops_per_image"]])
    axes.set_xlim(costs.min() / 1.1, max(costs.max(), checked["synops_per_image"]) * 1.1)
    highest = max(shown["against_ann"].max(), -candidates["loss"].min(), -checked["loss_low"])
    axes.set_ylim(lowest, max(accepted, 1.2 * highest))
    axes.yaxis.set_major_formatter(as_points())
    axes.set(xlabel="synaptic operations per image")
    axes.set_ylabel("accuracy minus that of the ANN\n(percentage points)")
    axes.set_title("a  What was tried, and the Pareto front of each method", loc="left")


def _draw_judged(axes: Axes, candidates: pd.DataFrame) -> None:
    for (kind, shown), rows in candidates.groupby(["kind", "within_margin"]):
        axes.plot(
            rows["synops_per_image"],
            -rows["loss"],
            linestyle="none",
            marker=_JUDGED[kind][1],
            markersize=5,
            markeredgecolor="black",
            markerfacecolor=_FACES[shown],
            zorder=4,
            gid=f"judged-{kind}-{shown}",
        )


def _draw_checked(axes: Axes, checked: pd.Series) -> None:
    axes.errorbar(
        checked["synops_per_image"],
        -checked["loss"],
        yerr=[[checked["loss_high"] - checked["loss"]], [checked["loss"] - checked["loss_low"]]],
        color=_TEST,
        marker="*",
        markersize=11,
        elinewidth=1.3,
        capsize=4,
        linestyle="none",
        zorder=5,
        gid="checked",
    )


def _draw_budget(axes: Axes, search: pd.DataFrame, colours: dict[str, Colour]) -> None:
    axes.set_title("b  Cheapest within the margin so far", loc="left")
    axes.set(xlabel="settings evaluated", ylabel="synaptic operations")
    if search["cheapest_synops_per_image"].isna().all():
        axes.text(0.5, 0.5, "none found", transform=axes.transAxes, ha="center", va="center")
        axes.set(xticks=[], yticks=[])
        return
    for method, colour in colours.items():
        tried = search[search["method"] == method].sort_values("evaluation")
        axes.step(
            tried["evaluation"],
            tried["cheapest_synops_per_image"],
            where="post",
            color=colour,
            gid=f"budget-{method}",
        )
        last = tried.iloc[-1]
        axes.plot(
            last["evaluation"],
            last["cheapest_synops_per_image"],
            color=colour,
            marker=_METHODS[method][1],
            markersize=4,
        )
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(EngFormatter())


def _draw_scales(axes: Axes, layers: pd.DataFrame) -> None:
    ordered = layers.sort_values("depth")
    places = range(len(ordered))
    bars = axes.barh(places, ordered["scale"], height=0.62, color="0.55")
    columns = [ordered[name] for name in ("scale", "unscaled_mean_rate_hz", "mean_rate_hz")]
    texts = [
        f"{scale:g}:  {before:.2g} → {after:.3g} Hz"
        for scale, before, after in zip(*columns, strict=True)
    ]
    axes.bar_label(bars, texts, padding=3, fontsize=8)
    axes.set_yticks(places, labels=ordered["layer"])
    axes.invert_yaxis()
    # Room for the words next to the longest bar.
    axes.set_xlim(0, 2.2 * ordered["scale"].max())
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.spines["bottom"].set_visible(False)
    axes.set_title("c  Scale and mean rate", loc="left")


def _described(recommended: pd.Series) -> str:
    """What is recommended besides the scales."""
    synapse = synapse_label(recommended["synapse_s"])
    steps, read = recommended["steps"], SCORES_READ[recommended["readout"]]
    return f"synapse {synapse}, {steps} steps,\n{read}"


def _add_legend(figure: Figure, colours: dict[str, Colour]) -> None:
    entries = {
        _METHODS[name][0]: Line2D([], [], color=colour, marker=_METHODS[name][1], markersize=4)
        for name, colour in colours.items()
    }
    entries["any setting tried"] = Line2D([], [], color="0.72", linestyle="none", marker="o", ms=3)
    for name, marker in _JUDGED.values():
        entries[name] = Line2D([], [], color="black", linestyle="none", marker=marker, ms=5)
    entries["not shown to be accepted"] = Line2D(
        [], [], color="black", linestyle="none", marker="o", ms=5, markerfacecolor="white"
    )
    entries["recommended, on test images"] = Line2D(
        [], [], color=_TEST, linestyle="none", marker="*", ms=10
    )
    entries["ANN"] = Line2D([], [], color=NEUTRAL, linewidth=1)
    entries["accepted loss"] = Patch(color="0.9")
    figure.legend(entries.values(), entries.keys(), loc="outside right upper")
