"""Do pruned networks need a larger scale, and do sparsity and low rates multiply?

Two effects on the cost combine in a pruned spiking network. At the same scale, pruning changes how
many spikes there are and how many weights each of them passes: synops fall further than the weights
if there are fewer spikes, and less far if there are more. But at the same scale a pruned network
may lose more accuracy by spiking. So the cost is compared a second time, at the scale at which each
network loses the same.
"""

import pandas as pd

from spikesweep.experiments.operating_points import COMPARED_LOSS, interpolated_at_loss
from spikesweep.statistics.intervals import geometric_interval
from spikesweep.study.pruning.knee import with_unpruned

# What is compared with the unpruned network of the same seed; each is a ratio.
RATIOS = ("scale_ratio", "synops_ratio_at_loss", "spikes_ratio", "synops_ratio")
_VARIANT = ["method", "target_sparsity"]


def pruned_scale(spiking: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """One row per synapse, method and sparsity: the scale that it takes, and what that costs.

    spiking: one row per (method, target_sparsity, seed, setting), the unpruned network among them.

    weights_left: share of the weights, mean over seeds.
    scale_at_loss: scale at which spikes take `compared_loss` of accuracy from the network,
        interpolated between swept scales (over the logarithm); empty if more is lost at every
        scale.
    scale_ratio, synops_ratio_at_loss: that scale, and the synops there, divided by those
        of the unpruned network.
    spikes_ratio, synops_ratio: at the largest scale, divided by those of the unpruned network.

    Means over seeds are geometric. `_low` and `_high` bound Student's t interval over seeds, taken
    of the logarithms; empty for a single seed.

    Raises UserError as `with_unpruned`.
    """
    parts = [
        _of_synapse(with_unpruned(rows), synapse, confidence)
        for synapse, rows in spiking.groupby("synapse_s", sort=False, dropna=False)
    ]
    return pd.concat(parts, ignore_index=True)


def _of_synapse(spiking: pd.DataFrame, synapse: float, confidence: float) -> pd.DataFrame:
    measured = pd.DataFrame(
        _measured(of_network) | dict(zip([*_VARIANT, "seed"], key, strict=True))
        for key, of_network in spiking.groupby([*_VARIANT, "seed"], sort=False)
    )
    ratios = _over_unpruned(measured)
    rows = []
    for (method, sparsity), of_variant in ratios.groupby(_VARIANT, sort=False):
        row = {
            "synapse_s": synapse,
            "method": method,
            "target_sparsity": sparsity,
            "seeds": len(of_variant),
            "weights_left": of_variant["weights_left"].mean(),
            "compared_loss": COMPARED_LOSS,
            "largest_scale": of_variant["largest_scale"].iloc[0],
        }
        for column in ("scale_at_loss", *RATIOS):
            found = geometric_interval(of_variant[column], confidence)
            row |= zip((column, f"{column}_low", f"{column}_high"), found, strict=True)
        rows.append(row | {"confidence": confidence})
    return pd.DataFrame(rows)


def _measured(of_network: pd.DataFrame) -> dict[str, float]:
    """What one network of one seed needs and does."""
    largest = of_network.loc[of_network["scale_firing_rates"].idxmax()]
    return {
        "weights_left": 1 - largest["sparsity"],
        "scale_at_loss": interpolated_at_loss(of_network, COMPARED_LOSS, "scale_firing_rates"),
        "synops_at_loss": interpolated_at_loss(of_network, COMPARED_LOSS, "synops_per_image"),
        "largest_scale": largest["scale_firing_rates"],
        "spikes": largest["spikes_per_image"],
        "synops": largest["synops_per_image"],
    }


def _over_unpruned(measured: pd.DataFrame) -> pd.DataFrame:
    unpruned = measured[measured["target_sparsity"] == 0].drop_duplicates("seed").set_index("seed")
    base = unpruned.loc[measured["seed"]].reset_index()
    pairs = zip(RATIOS, ("scale_at_loss", "synops_at_loss", "spikes", "synops"), strict=True)
    return measured.assign(**{ratio: measured[column] / base[column] for ratio, column in pairs})
