"""How much accuracy the removal of weights costs, and where accuracy begins to fall."""

from collections.abc import Callable, Iterator, Mapping

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
from spikesweep.study.pruning.unpruned import PUBLISHED_SPARSITY, with_unpruned
from spikesweep.words import counted, number, percentage, points

_SPLITS = {"train": "training", "test": "test"}


def plot_pruning_accuracy(
    accuracy: pd.DataFrame,
    lost: pd.DataFrame,
    knee: pd.DataFrame,
    *,
    title: str,
    network_labels: Mapping[str, str],
    palette: str,
) -> Figure:
    """Draw a row per network: accuracy, what of it is lost, and the knee by what counts as a fall.

    accuracy: one row per (network, method, target_sparsity, seed). lost: as `lost_accuracy` gives
    it; knee: as `knees` does.
    """
    colours = dict(zip(_SPLITS, category_colours(palette, len(_SPLITS)), strict=True))
    words = in_words(lost, network_labels)
    with figure_style():
        figure = new_figure(1.1 + 2.1 * len(network_labels) + 0.17 * len(words), title=title)
        grid = figure.subplots(len(network_labels), 3, squeeze=False)
        for row, (network, label) in zip(grid, network_labels.items(), strict=True):
            above, below, by_margin = row
            of_network = with_unpruned(accuracy[accuracy["network"] == network])
            _draw_accuracy(above, of_network, colours)
            above.set_title(label, loc="left", weight="bold")
            _draw_lost(below, lost[lost["network"] == network], colours)
            largest = knee["margin"].max()
            below.set_ylim(1.4 * largest, -0.4 * largest)
            _draw_knees(by_margin, knee[knee["network"] == network], colours)
            for axes in (above, below):
                show_sparsities(axes, of_network["target_sparsity"])
                _mark_published(axes.axvline)
            show_sparsities(by_margin, of_network["target_sparsity"], "y")
            _mark_published(by_margin.axhline)
        figure.supxlabel("\n".join(words), x=0.012, ha="left", size=8)
        _add_legend(figure, [m for m in METHODS if m in set(lost["method"])], colours, lost)
        hide_overlapping_tick_labels(figure)
    return figure


def in_words(lost: pd.DataFrame, network_labels: Mapping[str, str]) -> list[str]:
    """Say of each network and method how much is lost at the published sparsity."""
    lines = []
    for network, label in network_labels.items():
        rows = lost[lost["network"] == network]
        first = rows[rows["split"] == "train"].iloc[0]
        trained = (
            f"{label}, trained on {first['images']:,} images, {counted(first['seeds'], 'seed')}"
        )
        lines.append(f"{trained}: lost at {percentage(PUBLISHED_SPARSITY, 'g')}, in points,")
        published = rows[(rows["target_sparsity"] - PUBLISHED_SPARSITY).abs() < 1e-9]
        lines += [
            f"    without {METHODS[method]}: " + ", ".join(_lost_in_words(of_method))
            for method, of_method in published.groupby("method", sort=False)
        ] or ["    not tested"]
    return lines


def _lost_in_words(rows: pd.DataFrame) -> Iterator[str]:
    for row in rows.itertuples():
        low, high = (points(bound) for bound in (row.lost_low, row.lost_high))
        interval = "one seed" if pd.isna(row.lost_low) else f"{low} to {high}"
        yield f"{points(row.lost)} of {_SPLITS[row.split]} accuracy ({interval})"


def _draw_accuracy(axes: Axes, table: pd.DataFrame, colours: Mapping[str, Colour]) -> None:
    for (method, split), curve in _curves(table):
        column = f"{split}_accuracy"
        axes.scatter(
            curve["sparsity"], curve[column], s=5, color=[colours[split]], alpha=0.45, linewidth=0
        )
        mean = curve.groupby("target_sparsity")[["sparsity", column]].mean()
        _draw_line(axes, mean["sparsity"], mean[column], method, colours[split])
    axes.set_ylabel("accuracy")
    percent_axis(axes)


def _draw_lost(axes: Axes, lost: pd.DataFrame, colours: Mapping[str, Colour]) -> None:
    tested = lost[~lost["interpolated"]]
    for (method, split), curve in tested.groupby(["method", "split"], sort=False):
        axes.errorbar(
            curve["sparsity"], curve["lost"], yerr=interval_errors(curve, "lost"), fmt="none",
            ecolor=colours[split], elinewidth=0.8, capsize=1.5,
        )  # fmt: skip
        _draw_line(axes, curve["sparsity"], curve["lost"], method, colours[split])
    axes.axhline(0, color=NEUTRAL, linewidth=1)
    axes.set_ylabel("lost accuracy (points)")
    axes.yaxis.set_major_formatter(as_points())


def _draw_knees(axes: Axes, knee: pd.DataFrame, colours: Mapping[str, Colour]) -> None:
    for (method, split), curve in knee.groupby(["method", "split"], sort=False):
        low, high = curve["knee_low"], curve["knee_high"]
        axes.fill_between(curve["margin"], low, high, color=colours[split], alpha=0.13, linewidth=0)
        _draw_line(axes, curve["margin"], curve["knee_sparsity"], method, colours[split])
    axes.set_xlabel("loss called a fall (points)")
    axes.xaxis.set_major_formatter(as_points())


def _draw_line(axes: Axes, x: pd.Series, y: pd.Series, method: str, colour: Colour) -> None:
    axes.plot(x, y, color=colour, linestyle=LINES[method], marker=MARKERS[method], markersize=3.5)


def _curves(table: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    for method, of_method in table.groupby("method", sort=False):
        for split in _SPLITS:
            yield (method, split), of_method


def _mark_published(draw: Callable[..., Line2D]) -> None:
    draw(PUBLISHED_SPARSITY, color=NEUTRAL, linestyle=":", linewidth=1.2)


def _add_legend(
    figure: Figure, methods: list[str], colours: Mapping[str, Colour], lost: pd.DataFrame
) -> None:
    lines = [Line2D([], [], color=colour) for colour in colours.values()]
    lines += [Line2D([], [], color=NEUTRAL, linestyle=LINES[m], marker=MARKERS[m]) for m in methods]
    lines.append(Line2D([], [], color=NEUTRAL, linestyle=":", linewidth=1.2))
    interval = number(100 * lost["confidence"].iloc[0])
    names = [f"{name} accuracy" for name in _SPLITS.values()]
    names += [METHODS[m] for m in methods]
    names.append(f"published, {percentage(PUBLISHED_SPARSITY, 'g')}")
    figure.legend(
        lines, names, loc="outside upper right", ncols=len(names), columnspacing=1.2,
        title=f"bars and bands: {interval} % intervals",
    )  # fmt: skip
