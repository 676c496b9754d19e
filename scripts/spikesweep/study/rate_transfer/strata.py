"""Layers of one network at one setting, compared with each other; intervals over many strata."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from scipy.stats import rankdata

# Within a stratum only the layer differs: its depth, its rate, its gain.
STRATUM = ["network", "seed", "operating_point", "factor", "variant"]

# The numbers of the strata of each seed.
Strata = dict[tuple[str, int], list[int]]


def strata_of(rows: pd.DataFrame) -> tuple[list[pd.DataFrame], Strata]:
    """Split a table into its strata; those of a single layer compare nothing and are left out."""
    frames = [frame for _, frame in rows.groupby(STRATUM, sort=False) if len(frame) > 1]
    seeds: Strata = {}
    for number, frame in enumerate(frames):
        first = frame.iloc[0]
        seeds.setdefault((first["network"], int(first["seed"])), []).append(number)
    return frames, seeds


def rank_correlations(strata: list[pd.DataFrame], one: str, other: str) -> np.ndarray:
    """Spearman's rank correlation of two columns in each stratum; 0 where all ranks are tied."""
    return np.array([_spearman(frame[one], frame[other]) for frame in strata])


def bootstrap_interval(
    statistic: Callable[[np.ndarray], np.ndarray], seeds: Strata, config: Mapping[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Percentile interval of statistics that are computed from the numbers of strata.

    Each resample draws seeds within each network, then strata within each drawn seed, all with
    replacement: networks are fixed, seeds and settings are a sample.

    config: confidence, bootstrap (number of resamples), seed.
    """
    rng = np.random.default_rng(int(config["seed"]))
    resamples = [statistic(_drawn(seeds, rng)) for _ in range(int(config["bootstrap"]))]
    tail = (1 - config["confidence"]) / 2
    low, high = np.quantile(resamples, [tail, 1 - tail], axis=0)
    return low, high


def _spearman(one: pd.Series, other: pd.Series) -> float:
    ranks = np.stack([rankdata(one), rankdata(other)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    size = np.sqrt((ranks**2).sum(axis=1).prod())
    return float(ranks.prod(axis=0).sum() / size) if size else 0.0


def _drawn(seeds: Strata, rng: np.random.Generator) -> np.ndarray:
    drawn = []
    for network in dict.fromkeys(network for network, _ in seeds):
        of_network = [strata for (name, _), strata in seeds.items() if name == network]
        for seed in rng.integers(len(of_network), size=len(of_network)):
            drawn.append(rng.choice(of_network[seed], len(of_network[seed])))
    return np.concatenate(drawn)
