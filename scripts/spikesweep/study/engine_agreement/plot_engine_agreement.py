"""How closely the two simulation engines agree, setting by setting."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import hide_overlapping_tick_labels, percent
from spikesweep.plots.colours import Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure

_MEASURES = {
    "class_agreement": "images given\nthe same class",
    "first_differences": "spike counts that differ\nfor no earlier layer",
    "max_mean_rate_difference": "largest difference\nof a mean rate",
}


def plot_engine_agreement(
    agreement: pd.DataFrame, *, title: str, network_labels: dict[str, str], palette: str
) -> Figure:
    """Draw three measures of agreement, a row per network, a dot per (seed, setting).

    A network that only one engine can simulate has no rows in the table, and no dots here.
    """
    if agreement.empty:
        return _nothing_to_compare(title)
    networks = [network for network in network_labels if network in set(agreement["network"])]
    colours = category_colours(palette, 2)
    with figure_style():
        figure = new_figure(1.5 + 0.35 * len(networks), title=title)
        panels = figure.subplots(1, len(_MEASURES), sharey=True)
        for axes, (measure, label) in zip(panels, _MEASURES.items(), strict=True):
            for row, network in enumerate(networks):
                of_network = agreement[agreement["network"] == network]
                _draw_dots(axes, row, of_network, measure, colours)
            axes.set_xlabel(label)
            _scale_axis(axes, agreement[measure], ends_at_one=measure == "class_agreement")
        panels[0].set_yticks(range(len(networks)), labels=[network_labels[n] for n in networks])
        panels[0].set_ylim(len(networks) - 0.5, -0.5)
        dots = [Line2D([], [], color=colour, marker="o", linestyle="") for colour in colours]
        figure.legend(
            dots, ["within the budget", "outside the budget"], loc="outside lower left", ncols=2
        )
        hide_overlapping_tick_labels(figure)
    return figure


def _nothing_to_compare(title: str) -> Figure:
    with figure_style():
        figure = new_figure(1, title=title)
        figure.text(0.012, 0.4, "Every network was simulated by the reference engine alone.")
    return figure


def _draw_dots(
    axes: Axes,
    row: int,
    agreement: pd.DataFrame,
    measure: str,
    colours: list[Colour],
) -> None:
    # Equal values would hide each other: spread the dots of a row, in the order of the table.
    count = len(agreement)
    spread = [row + 0.5 * (index / max(1, count - 1) - 0.5) for index in range(count)]
    within = agreement["within_budget"].astype(bool)
    axes.scatter(
        agreement[measure],
        spread if count > 1 else [row],
        s=12,
        color=[colours[0] if good else colours[1] for good in within],
        clip_on=False,
        zorder=3,
    )


def _scale_axis(axes: Axes, values: pd.Series, *, ends_at_one: bool) -> None:
    # With perfect agreement everywhere, the axis still needs a length.
    if ends_at_one:
        axes.set_xlim(min(0.999, values.min() - 0.1 * (1 - values.min())), 1)
        axes.xaxis.set_major_formatter(percent(2))
    else:
        axes.set_xlim(0, max(1e-4, 1.1 * values.max()))
        axes.xaxis.set_major_formatter(percent(None))
    axes.locator_params(axis="x", nbins=3)
