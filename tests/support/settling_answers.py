"""Answers after each presentation time, whose best synapse is known."""

import numpy as np
import pandas as pd

SYNAPSES = (np.nan, 0.005, 0.02, 0.05)
SCALES = (20.0, 100.0)
STEPS = (15, 30, 60, 120, 240)


def answered(accuracy, *, network="net", seed=0, images=800, spread=0.0):
    """Table and answers of one seed; accuracy(synapse number, step) is the truth.

    Images differ in how hard they are, alike for all settings, as real ones do.
    """
    rng = np.random.default_rng([seed, len(network)])
    hard = np.random.default_rng(9).random(images)
    shift = rng.normal(0, spread)
    rows, right = [], []
    for number, synapse in enumerate(SYNAPSES):
        for scale in SCALES:
            of_steps = []
            for step in STEPS:
                truth = accuracy(number, step) + shift
                of_steps.append(hard + 0.1 * rng.normal(size=images) < truth)
                rows.append(
                    {
                        "network": network,
                        "seed": seed,
                        "synapse_s": synapse,
                        "scale_firing_rates": scale,
                        "step": step,
                        "time_s": step / 1000,
                        "accuracy": of_steps[-1].mean(),
                        "accuracy_low": of_steps[-1].mean() - 0.02,
                        "accuracy_high": of_steps[-1].mean() + 0.02,
                        "settled_share": 1.0 if number < 3 else step / 240,
                        "ann_accuracy": 0.95,
                    }
                )
            right.append(of_steps)
    return pd.DataFrame(rows), np.array(right)


def moving(number, step):
    """Each doubling of the time moves the best by one synapse, until the longest."""
    best = {15: 0, 30: 1, 60: 1, 120: 2, 240: 3}[step]
    return 0.9 - 0.08 * abs(number - best)


def resting(number, step):
    """The best synapse comes to rest at 5 ms."""
    return 0.9 - 0.08 * abs(number - (0 if step == 15 else 1))
