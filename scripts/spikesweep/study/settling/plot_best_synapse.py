"""The best synapse against how long an image is shown."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from spikesweep.plots.axes import percent_axis, show_levels
from spikesweep.plots.colours import Colour, category_colours
from spikesweep.plots.levels import synapse_label, synapse_levels
from spikesweep.plots.style import figure_style, legend_label, new_figure

# Networks are drawn side by side, or their bars would hide each other; in synapses.
_DODGE = 0.14


def plot_best_synapse(
    best: pd.DataFrame, *, title: str, network_labels: dict[str, str], palette: str
) -> Figure:
    """Draw the best synapse (left) and the accuracy with it (right), a colour per network.

    best: the result of `best_synapses`. Bars join all synapses that cannot be told from the best.
    """
    networks = [network for network in network_labels if network in set(best["network"])]
    columns = ["best_synapse_s", "shortest_alike_s", "longest_alike_s"]
    levels = synapse_levels(pd.concat([best[column] for column in columns]))
    times = [1000 * time for time in sorted(best["time_s"].unique())]
    with figure_style():
        figure = new_figure(3.1, title=title)
        left, right = figure.subplots(1, 2)
        colours = category_colours(palette, len(networks))
        for place, (network, colour) in enumerate(zip(networks, colours, strict=True)):
            rows = best[best["network"] == network].sort_values("step")
            shift = _DODGE * (place - (len(networks) - 1) / 2)
            _draw_synapses(left, rows, levels, shift, colour)
            right.plot(
                1000 * rows["time_s"],
                rows["best_accuracy"] / rows["ann_accuracy"],
                color=colour,
                marker="o",
                label=legend_label(network_labels[network]),
            )
        left.set_yticks(range(len(levels)), labels=[synapse_label(level) for level in levels])
        left.set_ylim(-0.6, len(levels) - 0.4)
        left.set_ylabel("best synapse")
        right.set_ylabel("share of the ANN's accuracy")
        percent_axis(right)
        for axes in (left, right):
            show_levels(axes, times)
            axes.set_xlabel("presentation time (ms)")
        figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return figure


def _draw_synapses(
    axes: Axes, rows: pd.DataFrame, levels: list[float], shift: float, colour: Colour
) -> None:
    position = {synapse_label(level): place + shift for place, level in enumerate(levels)}
    best, shortest, longest = (
        [position[synapse_label(synapse)] for synapse in rows[column]]
        for column in ("best_synapse_s", "shortest_alike_s", "longest_alike_s")
    )
    time_ms = 1000 * rows["time_s"]
    axes.vlines(time_ms, shortest, longest, color=colour, linewidth=3, alpha=0.35)
    axes.plot(time_ms, best, color=colour, marker="o")
