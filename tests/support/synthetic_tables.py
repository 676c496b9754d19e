"""Tables in the study's formats, computed from formulas: nothing here was measured."""

import itertools
import math

import numpy as np
import pandas as pd

from spikesweep.snn.energy import spiking_energy_j

ANN_ACCURACY = 0.981
IMAGES = 1000
STEPS = 30
NEURONS = 384
INPUT_MACS = 100352.0
ANN_MACS = 134794.0


def sweeps(
    synapses_s=(math.nan, 0.005, 0.01, 0.02), scales=(1, 2, 5, 10, 20), seeds=(0, 1), network="net"
):
    """Accuracy rises with the scale and has its optimum at the 10 ms synapse."""
    rows = []
    for seed, synapse, scale in itertools.product(seeds, synapses_s, scales):
        accuracy = _accuracy(synapse, scale, STEPS) - 0.002 * seed
        spikes = 300.0 * scale
        rows.append(
            {
                "network": network,
                "seed": seed,
                "engine": "nengo_dl",
                "images": IMAGES,
                "steps": STEPS,
                "synapse_s": synapse,
                "scale_firing_rates": scale,
                **_interval("accuracy", accuracy),
                **_interval("ann_accuracy", ANN_ACCURACY - 0.002 * seed),
                "agreement_with_ann": accuracy,
                "spikes_per_image": spikes,
                "synops_per_image": 60 * spikes,
                "mean_rate_hz": 8.0 * scale,
                "activation_sparsity": max(0.0, 1 - spikes / (NEURONS * STEPS)),
                "input_macs_per_image": INPUT_MACS,
                "input_macs_without_latch_per_image": INPUT_MACS * STEPS,
                "neuron_updates_per_image": NEURONS * STEPS,
                "operations_per_image": 60 * spikes + INPUT_MACS,
                "ann_macs_per_image": ANN_MACS,
                "operations_over_ann": (60 * spikes + INPUT_MACS) / ANN_MACS,
                **spiking_energy_j(
                    synops=60 * spikes, multiply_adds=INPUT_MACS, updates=NEURONS * STEPS
                ),
            }
        )
    return pd.DataFrame(rows)


def costs(networks=("net",), seeds=(0, 1)):
    """What does not depend on the setting; a fifth of the pixels and half of the rest is not 0."""
    row = {
        "images": 500,
        "neurons": NEURONS,
        "weights": ANN_MACS,
        "connection_sparsity": 0.0,
        "weight_bytes": 4 * ANN_MACS,
        "state_bytes": 8 * NEURONS,
        "ann_dense_macs_per_image": ANN_MACS,
        "ann_effective_macs_per_image": 0.2 * INPUT_MACS + 0.5 * (ANN_MACS - INPUT_MACS),
        "input_effective_macs_per_image": 0.2 * INPUT_MACS,
        "zero_input_share": 0.8,
        "ann_activation_sparsity": 0.5,
    }
    return pd.DataFrame(
        [{"network": name, "seed": seed, **row} for name in networks for seed in seeds]
    )


def over_time(**axes):
    """Each setting of `sweeps`, approaching its final accuracy step by step."""
    rows = []
    for setting in sweeps(**axes).to_dict("records"):
        for step in range(1, STEPS + 1):
            synapse, scale = setting["synapse_s"], setting["scale_firing_rates"]
            rows.append(
                {
                    "network": setting["network"],
                    "seed": setting["seed"],
                    "synapse_s": synapse,
                    "scale_firing_rates": scale,
                    "step": step,
                    "time_s": step / 1000,
                    **_interval("accuracy", _accuracy(synapse, scale, step)),
                    "spikes_per_image": setting["spikes_per_image"] * step / STEPS,
                    "synops_per_image": setting["synops_per_image"] * step / STEPS,
                }
            )
    return pd.DataFrame(rows)


def rates(
    layers=("dense_1", "dense_2", "dense_3"), scales=(1, 10), synapses_s=(0.005,), seeds=(0,)
):
    """Later layers fire more slowly; every rate grows with the scale."""
    rows = []
    for seed, scale, synapse, (depth, layer) in itertools.product(
        seeds, scales, synapses_s, enumerate(layers)
    ):
        mean = 20.0 * scale / (depth + 1)
        shares = {"p05": 0.0, "p25": 0.3, "median": 0.8, "p75": 1.5, "p95": 3, "p99": 4, "max": 6}
        rows.append(
            {
                "network": "net",
                "seed": seed,
                "synapse_s": synapse,
                "scale_firing_rates": scale,
                "layer": layer,
                "depth": depth,
                "neurons": 128,
                "mean_rate_hz": mean,
                **{f"{name}_rate_hz": share * mean for name, share in shares.items()},
                "silent_share": 0.6 / scale**0.5,
                "saturated_share": 0.02 * depth if scale >= 10 else 0.0,
                "spikes_per_image": mean * 128 * 0.03,
                "synops_per_image": mean * 128 * 0.03 * 10,
            }
        )
    return pd.DataFrame(rows)


def histogram(**axes):
    """The distribution that belongs to `rates`: exponential, in logarithmic bins."""
    edges = np.array([0, *np.geomspace(1, 2000, 24)])
    rows = []
    for setting in rates(**axes).to_dict("records"):
        keys = ["network", "seed", "synapse_s", "scale_firing_rates", "layer", "depth"]
        fixed = {key: setting[key] for key in keys}
        silent = setting["silent_share"]
        rows.append({**fixed, "rate_low_hz": 0.0, "rate_high_hz": 0.0, "share": silent})
        shares = (1 - silent) * -np.diff(np.exp(-edges / setting["mean_rate_hz"]))
        for low, high, share in zip(edges, edges[1:], shares, strict=False):
            rows.append({**fixed, "rate_low_hz": low, "rate_high_hz": high, "share": share})
    return pd.DataFrame(rows)


def history(networks=("net",), epochs=8, seeds=(0, 1)):
    """Loss decays exponentially; validation stays a little behind training."""
    rows = []
    for place, (network, seed) in enumerate(itertools.product(networks, seeds)):
        for epoch in range(1, epochs + 1):
            loss = math.exp(-epoch / 3) + 0.02 * place
            rows.append(
                {
                    "network": network,
                    "seed": seed,
                    "epoch": epoch,
                    "loss": loss,
                    "accuracy": 1 - loss / 2,
                    "val_loss": loss + 0.1,
                    "val_accuracy": 0.97 - loss / 2,
                }
            )
    return pd.DataFrame(rows)


def agreement(networks=("net",), settings=4, seeds=(0,)):
    """One setting a network differs in a few spike counts, none leaves the budget but the last."""
    rows = []
    for network, seed, setting in itertools.product(networks, seeds, range(settings)):
        rows.append(
            {
                "network": network,
                "seed": seed,
                "images": 100,
                "steps": STEPS,
                "synapse_s": 0.005,
                "scale_firing_rates": setting + 1,
                "class_agreement": 1 - 0.002 * (setting == settings - 1),
                "spike_count_differences": 9e-5 * setting,
                "first_differences": 4e-5 * setting,
                "max_mean_rate_difference": 2e-4 * setting,
                "within_budget": setting < settings - 1,
            }
        )
    return pd.DataFrame(rows)


def _accuracy(synapse_s: float, scale: float, step: int) -> float:
    filtered = 0.0 if math.isnan(synapse_s) else synapse_s
    distance = abs(filtered - 0.01) / 0.01
    lost = 0.6 / max(1, scale) ** (1 / (1 + 0.3 * distance))
    return ANN_ACCURACY * (1 - lost) * (1 - math.exp(-step / 6))


def _interval(name: str, accuracy: float) -> dict[str, float]:
    half = 1.96 * math.sqrt(max(accuracy * (1 - accuracy), 1e-6) / IMAGES)
    return {
        name: accuracy,
        f"{name}_low": max(0.0, accuracy - half),
        f"{name}_high": min(1.0, accuracy + half),
    }
