"""The effects that decide the claims of the original study, with their intervals."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from spikesweep.plots.axes import hide_overlapping_tick_labels
from spikesweep.plots.colours import NEUTRAL, category_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.findings.finding import INCONCLUSIVE, NOT_REPRODUCED, NOT_RUN, REPRODUCED
from spikesweep.study.findings.numbered import claim_numbers
from spikesweep.study.findings.units import ACCURACY, EXPONENT
from spikesweep.words import points

# Markers as well as colours, for readers who cannot tell the colours apart.
_MARKERS = {REPRODUCED: "o", NOT_REPRODUCED: "X", INCONCLUSIVE: "D"}
_POINTS = FuncFormatter(lambda share, _: points(share, "g"))
_AXES = {
    ACCURACY: ("difference of accuracies, percentage points", _POINTS),
    EXPONENT: ("exponent of cost over scale", None),
}
# Small effects and large ones on one axis: linear up to one point from zero, logarithmic beyond.
_LINEAR_TO = 0.01
_DECADES_OF_LINEAR_HALF = 0.7
_TICKS = sorted([sign * size / 100 for sign in (-1, 1) for size in (0.5, 1, 3, 10, 30)] + [0])
# As close as lines of 8 pt can stand: with four networks, all claims fit a page of paper.
_LINE_INCHES = 0.13


@dataclass(frozen=True)
class _Line:
    """One line of the plot: a claim's heading, or an effect, or both in one."""

    text: str
    heading: bool
    finding: dict[str, Any] | None


def plot_findings(
    findings: pd.DataFrame, *, title: str, network_labels: dict[str, str], palette: str
) -> Figure:
    """Draw a panel per unit of effects; in it each claim, and below it each of its networks.

    Rows with a condition do not vote, and are left to the table.
    """
    findings = findings[findings["condition"].isna()]
    yes, no = category_colours(palette, 2)
    colours = {REPRODUCED: yes, NOT_REPRODUCED: no, INCONCLUSIVE: NEUTRAL}
    overall = findings[findings["network"].isna()].set_index("claim")["verdict"]
    # Claims without a verdict have no scale: they are listed together below the others.
    scales = findings["effect_unit"].where(findings["claim"].map(overall) != NOT_RUN, NOT_RUN)
    numbers = claim_numbers(findings["claim"])
    panels = {
        str(unit): list(_lines(rows, network_labels, numbers))
        for unit, rows in sorted(
            findings.groupby(scales, sort=False), key=lambda panel: panel[0] == NOT_RUN
        )
    }
    heights = [len(lines) + 1 for lines in panels.values()]
    with figure_style():
        figure = new_figure(1.1 + _LINE_INCHES * (sum(heights) + 2 * len(panels)), title=title)
        axes_of_units = figure.subplots(len(panels), 1, height_ratios=heights, squeeze=False)[:, 0]
        for axes, (unit, lines) in zip(axes_of_units, panels.items(), strict=True):
            _draw_lines(axes, lines, colours)
            _label_scale(axes, unit)
        _add_legend(axes_of_units[0], colours)
        hide_overlapping_tick_labels(figure)
    return figure


def _lines(
    rows: pd.DataFrame, network_labels: dict[str, str], numbers: dict[str, int]
) -> Iterator[_Line]:
    records = rows.assign(network=rows["network"].fillna("")).to_dict("records")
    for overall in (row for row in records if not row["network"]):
        of_networks = [
            row for row in records if row["claim"] == overall["claim"] and row["network"]
        ]
        # Where the row on all networks repeats that of the weakest one, its verdict is enough.
        repeated = overall["effect"] in [row["effect"] for row in of_networks]
        claim = overall["claim"]
        heading = f"{numbers[claim]}  {claim}: {overall['verdict']}"
        yield _Line(heading, True, None if repeated else _with_effect(overall))
        for row in of_networks:
            label = network_labels.get(row["network"], row["network"])
            note = f": {NOT_RUN}" if row["verdict"] == NOT_RUN else ""
            yield _Line(label + note, False, _with_effect(row))


def _with_effect(row: dict[str, Any]) -> dict[str, Any] | None:
    return None if row["verdict"] == NOT_RUN else row


def _draw_lines(axes: Axes, lines: list[_Line], colours: dict[str, Any]) -> None:
    axes.set_yticks(range(len(lines)), labels=[line.text for line in lines])
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    for y, (line, label) in enumerate(zip(lines, axes.get_yticklabels(), strict=True)):
        label.set_fontweight("bold" if line.heading else "normal")
        if line.finding:
            _draw_effect(axes, y, line.finding, colours)
            # Claims of one unit may have thresholds of their own.
            threshold = line.finding["threshold"]
            axes.vlines(threshold, y - 0.5, y + 0.5, color=NEUTRAL, linewidth=1, linestyle=":")


def _label_scale(axes: Axes, unit: str) -> None:
    if unit == NOT_RUN:
        axes.set_xticks([])
        axes.spines[:].set_visible(False)
        return
    label, formatter = _AXES[unit]
    axes.set_xlabel(label)
    if unit == ACCURACY:
        axes.set_xscale("symlog", linthresh=_LINEAR_TO, linscale=_DECADES_OF_LINEAR_HALF)
        axes.xaxis.set_major_locator(FixedLocator(_TICKS))
        axes.xaxis.set_minor_locator(NullLocator())
    if formatter:
        axes.xaxis.set_major_formatter(formatter)


def _draw_effect(
    axes: Axes,
    y: int,
    finding: dict[str, Any],
    colours: dict[str, Any],
) -> None:
    verdict = finding["verdict"]
    # An effect without an interval is a marker without a line.
    axes.plot(
        [finding["effect_low"], finding["effect_high"]],
        [y, y],
        color=colours[verdict],
        solid_capstyle="butt",
    )
    axes.plot(finding["effect"], y, _MARKERS[verdict], color=colours[verdict], markersize=5)


def _add_legend(axes: Axes, colours: dict[str, Any]) -> None:
    """Above the first panel, where one begins to read."""
    handles = [
        Line2D([], [], color=colour, marker=_MARKERS[verdict], markersize=5)
        for verdict, colour in colours.items()
    ]
    threshold = Line2D([], [], color=NEUTRAL, linewidth=1, linestyle=":")
    axes.legend(
        [*handles, threshold],
        [*colours, f"{REPRODUCED} from here on"],
        loc="lower right",
        bbox_to_anchor=(1, 1),
        borderaxespad=0.2,
        ncols=4,
    )
