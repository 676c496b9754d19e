"""Do the layers fire differently on images that are classified wrongly?"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from spikesweep.plots.axes import as_points, percent, slant_if_crowded
from spikesweep.plots.colours import NEUTRAL, Colour, category_colours
from spikesweep.plots.style import figure_style, new_figure
from spikesweep.study.firing_rates.panels import what_settings_are, with_settings

# Titles, and what is drawn of the two kinds of images.
_MEASURES = {
    "rate": ("Firing rates", "wrong relative to correct"),
    "silent": ("Silent pairs", "wrong less correct (points)"),
}
_MOST_CHARACTERS = 24
# An axis covers differences of at least 10 %, so that small ones look small.
_LEAST_RANGE = 0.1


def plot_rate_outcomes(
    outcomes: pd.DataFrame, *, title: str, network_label: str, palette: str
) -> Figure:
    """Draw how wrong images differ from correct ones: rates (left), silent pairs (right).

    outcomes: one row per (seed, setting, layer, outcome). Large dots are means over the seeds
    that got some images wrong and some right, small dots single seeds. Bars are intervals
    for the choice of images (for two independent means; for their ratio to first order), averaged
    over seeds; they are cut off where they leave the range that the dots need.
    """
    outcomes = with_settings(outcomes)
    tables = dict(list(outcomes.groupby("setting", observed=True)))
    compared = [_compared(table) for table in tables.values()]
    layers = outcomes.sort_values("depth")["layer"].unique().tolist()
    colours = category_colours(palette, len(tables))
    with figure_style():
        figure = new_figure(3.2, title=f"{title}: {network_label}")
        for axes, measure in zip(figure.subplots(1, 2), _MEASURES, strict=True):
            for position, (table, colour) in enumerate(zip(compared, colours, strict=True)):
                shift = 0.7 * ((position + 0.5) / len(tables) - 0.5)
                _draw_layers(axes, table, measure, layers, shift, colour)
            farthest = pd.concat(compared)[measure].abs().max()
            _label_axes(axes, measure, layers, farthest)
        figure.legend(
            [Line2D([], [], color=colour, marker="o", linestyle="") for colour in colours],
            [f"{name}: {_wrong_in_words(table)}" for name, table in tables.items()],
            title=what_settings_are(outcomes),
            loc="outside right upper",
            alignment="left",
            handletextpad=0.2,
        )
    return figure


def _compared(outcomes: pd.DataFrame) -> pd.DataFrame:
    """For each layer and seed: relative difference of the rates, more silent pairs, errors."""
    wide = outcomes.pivot(index=["layer", "seed"], columns="outcome")
    rate, rate_high = wide["mean_rate_hz"], wide["mean_rate_high_hz"]
    silent, silent_high = wide["silent_share"], wide["silent_share_high"]
    # A layer that is silent on all correct images has no ratio.
    ratio = (rate["wrong"] / rate["correct"]).replace(np.inf, np.nan)
    rate_errors = rate_high / rate - 1
    silent_errors = silent_high - silent
    return pd.DataFrame(
        {
            "rate": ratio - 1,
            "rate_error": ratio * np.hypot(rate_errors["wrong"], rate_errors["correct"]),
            "silent": silent["wrong"] - silent["correct"],
            "silent_error": np.hypot(silent_errors["wrong"], silent_errors["correct"]),
        }
    )


def _draw_layers(
    axes: Axes,
    compared: pd.DataFrame,
    measure: str,
    layers: list[str],
    shift: float,
    colour: Colour,
) -> None:
    mean = compared.groupby("layer").mean().loc[layers]
    places = np.arange(len(layers)) + shift
    # A single image gives no interval.
    errors = mean[f"{measure}_error"].fillna(0)
    axes.errorbar(
        places, mean[measure], yerr=errors, color=colour, fmt="o", capsize=2, elinewidth=1
    )
    for _, of_seed in compared.groupby("seed"):
        values = of_seed.droplevel("seed").loc[layers, measure]
        axes.scatter(places, values, s=6, color=[colour], alpha=0.5, linewidth=0)


def _label_axes(axes: Axes, measure: str, layers: list[str], farthest: float) -> None:
    limit = np.fmax(_LEAST_RANGE, 1.1 * farthest)
    axes.set_ylim(-limit, limit)
    axes.axhline(0, color=NEUTRAL, linewidth=1, zorder=1)
    title, label = _MEASURES[measure]
    # A difference of shares is in points, a ratio in percent.
    axes.yaxis.set_major_formatter(as_points() if measure == "silent" else percent(None))
    axes.set_title(title, loc="left")
    axes.set_ylabel(label)
    axes.set_xticks(range(len(layers)), labels=layers)
    slant_if_crowded(axes, layers, _MOST_CHARACTERS)
    axes.grid(visible=False, axis="x")


def _wrong_in_words(outcomes: pd.DataFrame) -> str:
    # Every layer saw the same images.
    images = outcomes[outcomes["depth"] == 0].groupby("outcome")["images"].sum()
    return f"{images['wrong']} of {images.sum()} wrong"
