"""Tables of studies whose effects are known, as CSV files and what is found in them."""

import itertools
import math

import pandas as pd

from spikesweep.study.findings.table import judge_findings
from spikesweep.study.layer_scaling.budgets import matched_budgets

NETWORKS = {"flat": "dense", "folded": "convolutional"}
CONFIG = {
    "confidence": 0.95,
    "margins": {"accuracy": 0.005, "cost_exponent": 0.5, "rank_correlation": 0.0},
    "networks": NETWORKS,
    "rate_transfer_runs": False,
}
SYNAPSES = (math.nan, 0.001, 0.01, 0.1)
SCALES = (1, 10, 100)
SEEDS = (0, 1, 2)
LAYERS = ("first", "second", "third")


def sweeps(
    accuracy=lambda network, synapse, scale: 0.5,
    *,
    exponent=1.0,
    networks=tuple(NETWORKS),
    synapses=SYNAPSES,
    scales=SCALES,
    seeds=SEEDS,
    images=5000,
    spread=0.002,
):
    """Accuracy of a (network, synapse, scale), each seed by `spread` better than the last."""
    axes = itertools.product(networks, seeds, synapses, scales)
    return pd.DataFrame(
        {
            "network": network,
            "seed": seed,
            "images": images,
            "synapse_s": synapse,
            "scale_firing_rates": scale,
            "accuracy": accuracy(network, synapse, scale) + spread * seed * scale / max(scales),
            "synops_per_image": 1000.0 * scale ** (exponent + 0.01 * seed),
        }
        for network, seed, synapse, scale in axes
    )


def knee(sparsity, low, high, *, method="magnitude", split="train", seeds=3):
    """A row of the pruning study."""
    return pd.DataFrame(
        {
            "method": [method],
            "split": split,
            "seeds": seeds,
            "images": 3000,
            "knee_sparsity": sparsity,
            "knee_low": low,
            "knee_high": high,
            "method_of_interval": "t over seeds",
        }
    )


def layer_scaling(
    gain, *, cost=lambda layer: 1.0, network="flat", layers=LAYERS, seeds=SEEDS, images=5000
):
    """Gain of a (seed, layer) at factor 10, half of it at factor 4; what scaling it by 1 costs."""
    rows = []
    for seed, base in itertools.product(seeds, (1.0, 10.0)):
        facts = {"network": network, "seed": seed, "images": images, "synapse_s": 0.01}
        facts |= {"operating_point": base / 20, "base_scale": base}
        zero = {"subset": "", "layers_scaled": 0, "factor": 1.0, "accuracy": 0.5}
        rows.append(facts | zero | {"spikes_per_image": 100.0, "synops_per_image": 100.0})
        subsets = [(layer,) for layer in layers] + [layers]
        for subset, factor in itertools.product(subsets, (4.0, 10.0)):
            gained = sum(gain(seed, layer) for layer in subset) / len(subset)
            spent = 100.0 + sum(cost(layer) for layer in subset) * (factor - 1) * 10
            rows.append(
                facts
                | {"subset": "+".join(subset), "layers_scaled": len(subset), "factor": factor}
                | {"accuracy": 0.5 + gained * (1.0 if factor == 10 else 0.5)}
                | {"spikes_per_image": spent, "synops_per_image": spent}
            )
    return pd.DataFrame(rows)


def benefit(statistic, low, high, p_value=0.01):
    """Two tests of the study of rates, on all networks and on one; one that no claim is about."""
    tests = itertools.product(("observed_rate", "caused_rate", "rate_slope"), ("all", "flat"))
    return pd.DataFrame(
        {
            "test": test,
            "networks": networks,
            "seeds": 3,
            "statistic": statistic,
            "statistic_low": low,
            "statistic_high": high,
            "p_value": p_value,
            "method": "Spearman",
        }
        for test, networks in tests
    )


def judged(folder, config=CONFIG, **tables):
    """Findings on tables by study: sweeps, pruning, layers, benefit; an absent one did not run."""
    if "layers" in tables:
        tables["matched"] = matched_budgets(tables["layers"])
    paths = {}
    for study in ("sweeps", "pruning", "layers", "matched", "benefit"):
        paths[study] = []
        for network, rows in _by_network(tables.get(study)):
            path = folder / study / network / "seed0.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            rows.to_csv(path, index=False)
            paths[study].append(path)
    judge_findings(
        inputs=paths,
        outputs={"findings": folder / "findings.csv"},
        config=config,
    )
    return pd.read_csv(folder / "findings.csv").fillna({"network": "", "figure": "", "csv": ""})


def _by_network(table):
    if table is None:
        return []
    return table.groupby("network") if {"network"} < set(table) and len(table) else [("", table)]
