"""How much accuracy the removal of weights costs, and where accuracy begins to fall."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import (
    as_points,
    hide_overlapping_tick_labels,
    interval_errors,
    percent_axis,
)
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.pruning.axis import LINES, MARKERS, METHODS, show_sparsities
from spikesweep.study.pruning.knee import with_unpruned
from spikesweep.words import counted, percentage, points

_SPLITS = {"train": "training", "test": "test"}
_ENDS = ("", "_low", "_high")
# The lower panels show losses of up to this many margins; larger ones are cut off.
_MARGINS_SHOWN = 5


def plot_pruning_accuracy(
    accuracy: pd.DataFrame,
    knee: pd.DataFrame,
    *,
    title: str,
    network_label: str,
    palette: str,
) -> Figure:
    """Draw accuracy (above) and what of it is lost (below) against sparsity, with the knees.

    accuracy: one row per (method, target_sparsity, seed); knee: one row per (method, split).
    """
    table = with_unpruned(accuracy)
    methods = [method for method in METHODS if method in set(table["method"])]
    colours = dict(zip(methods, category_colours(palette, len(methods)), strict=True))
    words = [in_words(knee, method, split) for split in _SPLITS for method in methods]
    words.insert(0, _trained_on(knee))
    with figure_style():
        figure = new_figure(4.6 + 0.2 * len(words), title=f"{title}: {network_label}")
        grid = figure.subplots(2, 2, sharex=True, sharey="row")
        for column, (split, name) in enumerate(_SPLITS.items()):
            above, below = grid[:, column]
            for method in methods:
                of_method = table[table["method"] == method]
                _draw_accuracy(above, of_method, split, colours[method], method)
                _draw_lost(below, of_method, split, colours[method], method)
                found = knee[(knee["method"] == method) & (knee["split"] == split)].iloc[0]
                # Two knees side by side on one line would hide each other.
                height = found["margin"] * (1 + 0.16 * (2 * methods.index(method) - 1))
                _mark_knee(below, found, height, colours[method], MARKERS[method])
            for axes in (above, below):
                axes.axvline(
                    knee["published_sparsity"].iloc[0], color=NEUTRAL, linestyle=":", linewidth=1.2
                )
            above.set_title(f"{'ab'[column]}  {name.capitalize()} accuracy", loc="left")
            below.set_title(f"{'cd'[column]}  Lost {name} accuracy, close up", loc="left")
            above.tick_params(labelbottom=False)
        margin = knee["margin"].iloc[0]
        for axes in grid[1]:
            axes.axhline(margin, color=NEUTRAL, linewidth=1)
            show_sparsities(axes, table["target_sparsity"])
        grid[0, 0].set_ylabel("accuracy")
        grid[1, 0].set_ylabel("lost accuracy (points)")
        grid[1, 0].set_ylim(_MARGINS_SHOWN * margin, -margin)
        grid[1, 0].yaxis.set_major_formatter(as_points())
        percent_axis(grid[0, 0])
        _add_legend(figure, methods, colours, margin, knee)
        figure.supxlabel("\n".join(words), x=0.012, ha="left", size=8)
        hide_overlapping_tick_labels(figure)
    return figure


def in_words(knee: pd.DataFrame, method: str, split: str) -> str:
    """Say in one line where accuracy begins to fall, and what that says of the published claim."""
    row = knee[(knee["method"] == method) & (knee["split"] == split)].iloc[0]
    subject = f"{_SPLITS[split].capitalize()}, {METHODS[method]}:"
    published = percentage(row["published_sparsity"], "g")
    fall = percentage(row["knee_sparsity"])
    if row["seeds_never_fallen"] == row["seeds"]:
        return f"{subject} does not fall up to {fall}; published: {published}."
    if math.isnan(row["knee_low"]):
        return f"{subject} falls from {fall} on (one seed, no interval); published: {published}."
    if row["knee_low"] > row["published_sparsity"]:
        verdict = f"later than {published}"
    elif row["knee_high"] < row["published_sparsity"]:
        verdict = f"earlier than {published}"
    else:
        verdict = f"{published} lies within"
    interval = f"{points(row['knee_low'])} to {percentage(row['knee_high'])}"
    lost, low, high = (points(round(row[f"lost_at_published{end}"], 3), "g") for end in _ENDS)
    there = f"at {published}, {lost} points lost ({low} to {high})"
    return f"{subject} falls from {fall} on ({interval}), {verdict}; {there}."


def _trained_on(knee: pd.DataFrame) -> str:
    row = knee[knee["split"] == "train"].iloc[0]
    return f"Trained on {row['images']:,} images, {counted(row['seeds'], 'seed')}."


def _draw_accuracy(
    axes: Axes, table: pd.DataFrame, split: str, colour: Colour, method: str
) -> None:
    accuracy = f"{split}_accuracy"
    columns = ["sparsity", *(f"{accuracy}{end}" for end in _ENDS)]
    mean = table.groupby("target_sparsity")[columns].mean()
    axes.errorbar(
        mean["sparsity"],
        mean[accuracy],
        yerr=interval_errors(mean, accuracy),
        color=colour,
        linestyle=LINES[method],
        marker=MARKERS[method],
        markersize=3.5,
        elinewidth=0.8,
        capsize=1.5,
    )
    axes.scatter(table["sparsity"], table[accuracy], s=5, color=[colour], alpha=0.45, linewidth=0)


def _draw_lost(axes: Axes, table: pd.DataFrame, split: str, colour: Colour, method: str) -> None:
    accuracy = f"{split}_accuracy"
    unpruned = table[table["target_sparsity"] == 0].set_index("seed")[accuracy]
    table = table.assign(lost=table["seed"].map(unpruned) - table[accuracy])
    for _, of_seed in table.sort_values("sparsity").groupby("seed"):
        axes.plot(of_seed["sparsity"], of_seed["lost"], color=colour, linewidth=0.6, alpha=0.5)
    mean = table.groupby("target_sparsity")[["sparsity", "lost"]].mean()
    axes.plot(
        mean["sparsity"], mean["lost"], color=colour, linestyle=LINES[method],
        marker=MARKERS[method], markersize=3.5,
    )  # fmt: skip


def _mark_knee(axes: Axes, knee: pd.Series, height: float, colour: Colour, marker: str) -> None:
    below = knee["knee_sparsity"] - knee["knee_low"]
    above = knee["knee_high"] - knee["knee_sparsity"]
    axes.errorbar(
        knee["knee_sparsity"], height, xerr=[[below], [above]], color=colour, fmt=marker,
        markersize=7, markerfacecolor="white", markeredgewidth=1.6, elinewidth=1.6, capsize=3,
        zorder=4,
    )  # fmt: skip


def _add_legend(
    figure: Figure,
    methods: list[str],
    colours: dict[str, Colour],
    margin: float,
    knee: pd.DataFrame,
) -> None:
    lines = [
        Line2D([], [], color=colours[m], linestyle=LINES[m], marker=MARKERS[m]) for m in methods
    ]
    mark = Line2D([], [], color="k", linewidth=1.6, marker="o", markersize=7, markerfacecolor="w")
    figure.legend(
        [
            *lines,
            mark,
            Line2D([], [], color=NEUTRAL, linewidth=1),
            Line2D([], [], color=NEUTRAL, linestyle=":", linewidth=1.2),
        ],
        [
            *(METHODS[method] for method in methods),
            f"knee, {percentage(knee['confidence'].iloc[0], 'g')} interval",
            f"margin, {points(margin, 'g')} points",
            f"published, {percentage(knee['published_sparsity'].iloc[0], 'g')}",
        ],
        loc="outside right upper",
    )
