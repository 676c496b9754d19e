"""Do pruned networks need a larger scale, and do sparsity and low rates multiply?

Two effects on the cost combine in a pruned spiking network. At the same scale, pruning changes how
many spikes there are and how many weights each of them passes: synops fall further than the weights
if there are fewer spikes, and less far if there are more. But at the same scale a pruned network
may lose more accuracy by spiking. So the cost is compared twice more: at the scale at which each
network loses the same against its own ANN, and, because a pruned ANN may be worse, at the same
accuracy, that of the unpruned spiking network.
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from spikesweep.experiments.operating_points import (
    COMPARED_LOSS,
    INSIDE,
    value_at_accuracy,
    value_at_loss,
)
from spikesweep.statistics.intervals import geometric_interval
from spikesweep.study.pruning.unpruned import with_unpruned

# What is compared with the unpruned network of the same seed: each a ratio, by what is divided.
RATIOS = {
    "scale_ratio": "scale_at_loss",
    "synops_ratio_at_loss": "synops_at_loss",
    "synops_ratio_at_accuracy": "synops_at_accuracy",
    "spikes_ratio": "spikes",
    "synops_ratio": "synops",
}
_VARIANT = ["method", "target_sparsity"]


def pruned_scale(spiking: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """One row per network, synapse, method and sparsity: the scale it takes, and what that costs.

    spiking: one row per (network, method, target_sparsity, seed, setting), the unpruned network
        among them.

    weights_left: share of the weights, mean over seeds.
    scale_at_loss: scale at which spikes take `compared_loss` of accuracy from the network,
        interpolated between swept scales.
    scale_ratio, synops_ratio_at_loss: that scale, and the synops there, divided by those
        of the unpruned network.
    synops_ratio_at_accuracy: synops at the accuracy that the unpruned spiking network has there,
        divided by those of the unpruned network.
    spikes_ratio, synops_ratio: at the largest scale, divided by those of the unpruned network.
    loss_reached, accuracy_reached: `inside` if these points lie within the sweep, for every seed
        and for the unpruned network; otherwise `below` or `above` it, and the values are empty.

    Means over seeds are geometric. `_low` and `_high` bound Student's t interval over seeds, taken
    of the logarithms; empty for a single seed.

    Raises UserError as `with_unpruned`.
    """
    parts = [
        _of_synapse(with_unpruned(rows), {"network": network, "synapse_s": synapse}, confidence)
        for (network, synapse), rows in spiking.groupby(
            ["network", "synapse_s"], sort=False, dropna=False
        )
    ]
    return pd.concat(parts, ignore_index=True)


def _of_synapse(spiking: pd.DataFrame, key: dict[str, Any], confidence: float) -> pd.DataFrame:
    measured = pd.DataFrame(
        dict(zip([*_VARIANT, "seed"], variant, strict=True)) | _measured(of_network)
        for variant, of_network in _with_wanted_accuracy(spiking).groupby(
            [*_VARIANT, "seed"], sort=False
        )
    )
    ratios = _over_unpruned(measured)
    rows = []
    for (method, sparsity), of_variant in ratios.groupby(_VARIANT, sort=False):
        row = key | {
            "method": method,
            "target_sparsity": sparsity,
            "seeds": len(of_variant),
            "weights_left": of_variant["weights_left"].mean(),
            "compared_loss": COMPARED_LOSS,
            "loss_reached": _worst(of_variant["loss_reached"]),
            "accuracy_reached": _worst(of_variant["accuracy_reached"]),
            "largest_scale": of_variant["largest_scale"].iloc[0],
        }
        for column in ("scale_at_loss", *RATIOS):
            found = geometric_interval(of_variant[column], confidence)
            row |= zip((column, f"{column}_low", f"{column}_high"), found, strict=True)
        rows.append(row | {"confidence": confidence})
    return pd.DataFrame(rows)


def _with_wanted_accuracy(spiking: pd.DataFrame) -> pd.DataFrame:
    """With the accuracy of each seed's unpruned spiking network once it loses the compared loss."""
    unpruned = spiking[spiking["target_sparsity"] == 0].groupby("seed")["ann_accuracy"].first()
    return spiking.assign(wanted_accuracy=spiking["seed"].map(unpruned) - COMPARED_LOSS)


def _measured(of_network: pd.DataFrame) -> dict[str, Any]:
    """What one network of one seed needs and does."""
    largest = of_network.loc[of_network["scale_firing_rates"].idxmax()]
    scale = value_at_loss(of_network, COMPARED_LOSS, "scale_firing_rates")
    same = value_at_accuracy(of_network, largest["wanted_accuracy"], "synops_per_image")
    return {
        "weights_left": 1 - largest["sparsity"],
        "scale_at_loss": scale.value,
        "synops_at_loss": value_at_loss(of_network, COMPARED_LOSS, "synops_per_image").value,
        "synops_at_accuracy": same.value,
        "loss_reached": scale.reached,
        "accuracy_reached": same.reached,
        "largest_scale": largest["scale_firing_rates"],
        "spikes": largest["spikes_per_image"],
        "synops": largest["synops_per_image"],
    }


def _over_unpruned(measured: pd.DataFrame) -> pd.DataFrame:
    unpruned = measured[measured["target_sparsity"] == 0].drop_duplicates("seed").set_index("seed")
    base = unpruned.loc[measured["seed"]].reset_index()
    found = measured.copy()
    for ratio, column in RATIOS.items():
        # Nothing can be relative to an unpruned network that never spikes.
        found[ratio] = measured[column] / base[column].where(base[column] > 0)
    for reached in ("loss_reached", "accuracy_reached"):
        inside = measured[reached] == INSIDE
        found[reached] = measured[reached].where(~inside, base[reached])
    return found


def _worst(reached: Iterable[str]) -> str:
    """`inside` if it is so for every seed."""
    return next((found for found in reached if found != INSIDE), INSIDE)
