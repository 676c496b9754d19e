"""By what factor another neuron, start, synapse or read-out is cheaper at the same accuracy."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.operating_points import BELOW, value_at_loss
from spikesweep.statistics.intervals import geometric_interval
from spikesweep.statistics.margins import within_margin
from spikesweep.tables import read_tables, write_csv

METHOD = ["neuron", "initial_voltages", "read_out", "synapse_s"]
COLUMNS = (
    *("network", *METHOD, "seeds", "images", "loss", "reference", "own_synapse", "reaching"),
    *("spikes_per_image", "fewer", "fewer_low", "fewer_high"),
    *("synops_per_image", "cheaper", "cheaper_low", "cheaper_high"),
    *("steps", "faster", "faster_low", "faster_high", "best_accuracy", "ann_accuracy"),
)
# What a setting needs, and the factor by which it needs less of it.
_FACTORS = {"spikes": "fewer", "synops": "cheaper", "steps": "faster"}


def compare_neurons(
    *, inputs: Mapping[str, Any], outputs: Mapping[str, str], config: Mapping[str, Any]
) -> None:
    """Write the result of `comparison` for all networks.

    inputs: costs, the tables of all networks and seeds. outputs: comparison.
    config: accuracy_margin, confidence.
    """
    write_csv(comparison(read_tables(inputs["costs"]), config), outputs["comparison"])


def comparison(costs: pd.DataFrame, config: Mapping[str, Any]) -> pd.DataFrame:
    """One row per network and method: a neuron, a start, a read-out and a synapse.

    costs: see `run`. The neuron, start and read-out of a network's first row, which are the first
        of its lists, are compared with (`reference`), with the synapse that makes them cheapest.
    config: accuracy_margin, confidence.

    loss: of accuracy against the ANN, at which all are compared: accuracy_margin, or the least that
        the reference comes down to with every seed.
    own_synapse: whether it is the synapse with which this neuron, start and read-out are cheapest,
        or, where not all seeds come down to the loss with any, most accurate.
    reaching: how many seeds come down to it; numbers of a method with which not all seeds do are
        empty. What it takes is the best over all scales and steps:
    synops_per_image: interpolated; geometric mean over seeds. spikes_per_image: with as few synops.
        steps: the fewest; mean.
    fewer, cheaper, faster: the reference's spikes, synops and steps divided by these; geometric
        mean over seeds, with Student's t interval of the logarithm. The interval holds for seeds,
        with these images.
    """
    tables = [_of_network(rows, config) for _, rows in costs.groupby("network", sort=False)]
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def _of_network(costs: pd.DataFrame, config: Mapping[str, Any]) -> pd.DataFrame:
    # A network may have lists of its own.
    first = tuple(costs[METHOD[:3]].iloc[0])
    groups = dict(list(costs.groupby(METHOD, dropna=False, sort=False)))
    candidates = [method for method in groups if method[:3] == first]
    least = min(_least_loss(groups[one]) for one in candidates)
    loss = (
        max(config["accuracy_margin"], least) if np.isfinite(least) else config["accuracy_margin"]
    )
    methods = {method: _needs(rows, loss) for method, rows in groups.items()}
    reaching = [one for one in candidates if methods[one]["synops"].notna().all()]
    # If a seed is silent with each of them, there is nothing to compare with.
    reference = min(reaching or candidates, key=lambda one: _geometric_mean(methods[one]["synops"]))
    rows = []
    for method, needs in methods.items():
        factors = {
            name: _factor(methods[reference][need], needs[need], config["confidence"])
            for need, name in _FACTORS.items()
        }
        rows.append(
            {
                **dict(zip(METHOD, method, strict=True)),
                "seeds": len(needs),
                "reference": method is reference,
                "reaching": int(needs["synops"].notna().sum()),
                "spikes_per_image": _geometric_mean(needs["spikes"]),
                "synops_per_image": _geometric_mean(needs["synops"]),
                "steps": needs["steps"].mean(skipna=False),
                "best_accuracy": needs["best_accuracy"].mean(),
                **{
                    f"{name}{end}": value
                    for name, values in factors.items()
                    for end, value in zip(("", "_low", "_high"), values, strict=True)
                },
            }
        )
    table = pd.DataFrame(rows)
    ranked = table.sort_values(["synops_per_image", "best_accuracy"], ascending=[True, False])
    table["own_synapse"] = ~ranked.duplicated(METHOD[:3])
    return table.assign(
        network=costs["network"].iloc[0],
        images=costs["images"].iloc[0],
        loss=loss,
        ann_accuracy=costs.groupby("seed")["ann_accuracy"].first().mean(),
    )


def _least_loss(costs: pd.DataFrame) -> float:
    """The least loss against the ANN that every seed comes down to; infinite if one is silent."""
    spiking = costs[costs["synops_per_image"] > 0]
    loss = (spiking["ann_accuracy"] - spiking["accuracy"]).groupby(spiking["seed"]).min()
    return float(loss.max()) if len(loss) == costs["seed"].nunique() else np.inf


def _needs(costs: pd.DataFrame, most: float) -> pd.DataFrame:
    """A row per seed: spikes, synops, steps for a loss of at most `most` (NaN: never), accuracy."""
    rows = {}
    for seed, of_seed in costs.groupby("seed"):
        loss = of_seed["ann_accuracy"] - of_seed["accuracy"]
        # A network that never spikes has no cost, however well it does.
        enough = within_margin(loss, most) & (of_seed["synops_per_image"] > 0)
        # Rounding may put a loss of just so much beyond it, where nothing is interpolated.
        reached = max(most, loss[enough].min()) if enough.any() else most
        rows[seed] = {
            "spikes": _cost_at(of_seed, reached, "spikes_per_image"),
            "synops": _cost_at(of_seed, reached, "synops_per_image"),
            "steps": of_seed.loc[enough, "step"].min(),
            "best_accuracy": of_seed["accuracy"].max(),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _cost_at(costs: pd.DataFrame, loss: float, column: str) -> float:
    """The cost at which so much is lost; if less is lost at every setting, that of the cheapest."""
    reading = value_at_loss(costs, loss, column)
    if reading.reached != BELOW:
        return reading.value
    spiking = costs[costs["synops_per_image"] > 0]
    cheapest = spiking.sort_values(["synops_per_image", "accuracy"], ascending=[True, False])
    return float(cheapest[column].iloc[0])


def _factor(
    reference: pd.Series, needs: pd.Series, confidence: float
) -> tuple[float, float, float]:
    if needs.isna().any():
        return np.nan, np.nan, np.nan
    return geometric_interval((reference / needs).to_numpy(), confidence)


def _geometric_mean(values: pd.Series) -> float:
    return float(np.exp(np.log(values).mean(skipna=False)))
