"""Where the uncertainty of the effects comes from, and which effects the run could show."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from spikesweep.plots.axes import as_points
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.findings.finding import INCONCLUSIVE, NOT_REPRODUCED, REPRODUCED
from spikesweep.study.findings.units import ACCURACY

_SOURCES = {"se_seeds": "seeds", "se_voltages": "voltages", "se_images": "images"}
_MARKERS = {REPRODUCED: "o", NOT_REPRODUCED: "X", INCONCLUSIVE: "D"}
# As close as lines of 8 pt can stand.
_LINE_INCHES = 0.13
_LEGEND_INCHES = 0.4


def plot_uncertainty(
    uncertainty: pd.DataFrame, *, title: str, network_labels: dict[str, str], palette: str
) -> Figure:
    """Draw two panels with a line per effect: its standard error, and what the run could show."""
    table = uncertainty[uncertainty["effect_unit"] == ACCURACY]
    lines = list(_lines(table, network_labels))
    colours = category_colours(palette, len(_SOURCES))
    with figure_style():
        height = 1.2 + _LINE_INCHES * len(lines)
        figure = new_figure(_LEGEND_INCHES + height, title=title)
        # It explains colours on a figure that may be two pages high, so it comes first.
        legend, body = figure.subfigures(2, 1, height_ratios=(_LEGEND_INCHES, height))
        errors, shown = body.subplots(1, 2, sharey=True)
        _label_lines(errors, lines)
        shown.tick_params(axis="y", length=0)
        shown.grid(False, axis="y")
        for y, (_, row) in enumerate(lines):
            if row is not None:
                _draw_error(errors, y, row, colours)
                _draw_power(shown, y, row)
        _label_scales(errors, shown)
        _add_legend(legend, colours)
    return figure


def _lines(
    table: pd.DataFrame, network_labels: dict[str, str]
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """A numbered heading per claim, then a line per network; one line if nothing is known."""
    if table.empty:
        yield "no effect whose spread is known", None
    for (number, claim), rows in table.groupby(["number", "claim"], sort=False):
        yield f"{number}  {claim}", None
        for row in rows.to_dict("records"):
            yield network_labels.get(row["network"], row["network"]), row


def _label_lines(axes: Axes, lines: list[tuple[str, dict[str, Any] | None]]) -> None:
    axes.set_yticks(range(len(lines)), labels=[text for text, _ in lines])
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    for (_, row), label in zip(lines, axes.get_yticklabels(), strict=True):
        label.set_fontweight("bold" if row is None else "normal")


def _draw_error(axes: Axes, y: int, row: dict[str, Any], colours: list[Colour]) -> None:
    """A bar as long as the standard error, divided like the variance."""
    variances = np.nan_to_num([row[name] for name in _SOURCES]) ** 2
    total = variances.sum()
    if total == 0:
        return
    lengths = np.sqrt(total) * variances / total
    starts = np.cumsum([0, *lengths[:-1]])
    axes.barh([y] * len(lengths), lengths, left=starts, color=colours, height=0.7)


def _draw_power(axes: Axes, y: int, row: dict[str, Any]) -> None:
    axes.barh(y, row["smallest_shown"], left=0, color="0.85", height=0.7)
    axes.plot(abs(row["distance"]), y, _MARKERS[row["verdict"]], color=NEUTRAL, markersize=5)


def _label_scales(errors: Axes, shown: Axes) -> None:
    errors.set_title("standard error", loc="left")
    errors.set_xlabel("percentage points")
    errors.xaxis.set_major_formatter(as_points())
    errors.set_xlim(left=0)
    shown.set_title("distance from the threshold", loc="left")
    shown.set_xlabel("percentage points")
    shown.set_xscale("symlog", linthresh=0.01, linscale=0.7)
    shown.set_xticks([0, 0.01, 0.1, 1])
    shown.xaxis.set_major_formatter(as_points())
    shown.set_xticks([], minor=True)
    shown.set_xlim(0, 1)


def _add_legend(figure: SubFigure, colours: list[Colour]) -> None:
    handles: list[Patch | Line2D] = [Patch(color=colour) for colour in colours]
    handles.append(Patch(color="0.85"))
    handles += [
        Line2D([], [], color=NEUTRAL, marker=marker, linestyle="", markersize=5)
        for marker in _MARKERS.values()
    ]
    labels = [*_SOURCES.values(), "too small to be shown", *_MARKERS]
    figure.legend(handles, labels, loc="center left", ncols=4)
