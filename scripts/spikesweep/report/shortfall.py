"""Why a network falls short of the ANN at every setting of the sweep, and what was seen to help."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.plots.levels import synapse_label
from spikesweep.report.ways import method_in_words
from spikesweep.words import count, points

# An answer is called settled if the last quarter of the presentation changes the accuracy by less.
_SETTLED = 0.005
_EARLIER = 0.75
_METHOD = ["neuron", "initial_voltages", "read_out"]


def shortfalls(
    numbers: Iterable[Mapping[str, Any]],
    over_time: pd.DataFrame,
    settling: pd.DataFrame | None,
    neuron_costs: pd.DataFrame | None,
    recommended: Mapping[str, float] | None = None,
) -> dict[str, list[str]]:
    """Sentences by network, of those that no setting of the sweep brings within the margin.

    numbers: rows of the main numbers. over_time: the sweep's tables over time.
    settling, neuron_costs: tables of these studies, or None for one that did not run. Their
        images are others than those of the sweep, so they are compared with their own ANN accuracy.
    recommended: the largest scale of the recommended setting, by network.
    """
    return {
        row["network"]: [
            *_why(row, _of(over_time, row), (recommended or {}).get(row["network"])),
            _longer(None if settling is None else _of(settling, row)),
            _otherwise(None if neuron_costs is None else _of(neuron_costs, row)),
        ]
        for row in numbers
        if not row["cheapest_found"]
    }


def _of(table: pd.DataFrame, row: Mapping[str, Any]) -> pd.DataFrame:
    return table[table["network"] == row["network"]]


def _why(row: Mapping[str, Any], over_time: pd.DataFrame, recommended: float | None) -> list[str]:
    """Whether the answer has settled, and whether a larger scale still helps."""
    means = over_time.groupby(["synapse_s", "scale_firing_rates", "step"], dropna=False)
    accuracy = means["accuracy"].mean().reset_index()
    synapse = accuracy["synapse_s"]
    is_best = synapse.isna() if pd.isna(row["best_synapse_s"]) else synapse == row["best_synapse_s"]
    at_synapse = accuracy[is_best]
    at_best = at_synapse[at_synapse["scale_firing_rates"] == row["best_scale_firing_rates"]]
    by_step = at_best.set_index("step")["accuracy"]
    last = by_step.index.max()
    earlier = max(1, round(_EARLIER * last))
    rise = by_step[last] - by_step[earlier]
    course = (
        f"{points(by_step[earlier])} % after {earlier} steps, {points(by_step[last])} % at {last}"
    )
    settled = (
        f"At the best setting of the sweep, accuracy is still rising ({course}): the "
        "presentation is too short for its layers and its synapse."
        if rise >= _SETTLED
        else f"At the best setting of the sweep, accuracy has settled ({course})."
    )
    ends = at_synapse[at_synapse["step"] == last].set_index("scale_firing_rates")["accuracy"]
    if len(ends) < 2:
        return [settled]
    (smaller, larger), (before, after) = ends.index[-2:], ends.iloc[-2:]
    gain = after - before
    beyond = (
        f"the recommended setting has a larger one, {recommended:g}"
        if recommended is not None and recommended > larger
        else "larger scales may still help"
    )
    more = (
        f"From scale {smaller:g} to {larger:g} it gains {points(gain)} points: {beyond}."
        if gain >= _SETTLED
        else f"From scale {smaller:g} to {larger:g} it gains {points(gain)} points: a larger scale "
        "is not what it lacks."
    )
    return [settled, more]


def _longer(settling: pd.DataFrame | None) -> str:
    if settling is None or settling.empty:
        return (
            "Whether longer presentation helps was not measured: add settling to study.parts, or "
            "raise synapse_and_scaling.steps."
        )
    lost = _least_loss(settling)
    shortest, longest = lost.index.min(), lost.index.max()
    best = settling[settling["step"] == longest]
    mean = best.groupby("synapse_s", dropna=False)["accuracy"].mean()
    synapse = mean.index[int(np.argmax(mean.to_numpy()))]
    return (
        f"Shown for {longest} steps, it is at best {_beside(lost[longest])} (synapse "
        f"{synapse_label(synapse)}); for {shortest} steps, {_beside(lost[shortest])}."
    )


def _otherwise(costs: pd.DataFrame | None) -> str:
    if costs is None or costs.empty:
        return (
            "Whether another neuron, start or read-out helps was not measured: add neuron_cost to "
            "study.parts."
        )
    steps = costs["step"].max()
    longest = costs[costs["step"] == steps]
    lost = {
        method: _least_loss(rows).min() for method, rows in longest.groupby(_METHOD, sort=False)
    }
    reference = next(iter(lost))
    best = min(lost, key=lambda method: lost[method])
    if best == reference:
        return (
            f"No other neuron, start or read-out that was tried does better after {steps} steps "
            f"than {_method(reference)}: {_beside(lost[reference])}."
        )
    images = count(costs["images"].max())
    return (
        f"After {steps} steps, on {images} images, {_method(best)}, are at best "
        f"{_beside(lost[best])}; {_method(reference)}, {_beside(lost[reference])}."
    )


def _method(keys: Iterable[Any]) -> str:
    return method_in_words(dict(zip(_METHOD, keys, strict=True)))


def _beside(loss: float) -> str:
    written = points(abs(loss))
    if written == points(0):
        return "as accurate as the ANN"
    return f"{written} points {'below' if loss > 0 else 'above'} the ANN"


def _least_loss(table: pd.DataFrame) -> pd.Series:
    """Accuracy lost at the best synapse and scale, by step; means over seeds."""
    settings = ["synapse_s", "scale_firing_rates", "step"]
    lost = (table["ann_accuracy"] - table["accuracy"]).groupby(
        [table[key] for key in settings], dropna=False
    )
    return lost.mean().groupby("step").min()
