"""What one more seed of a network costs, from the benchmarks of a finished run."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pandas as pd


def minutes_of_a_seed(results: Path, networks: Iterable[str]) -> dict[str, float]:
    """Time in minutes of all jobs of one seed, by network: the mean over its seeds.

    Each job has one core, so that these are minutes of a core. The processor time in benchmarks is
    sampled, and misses much of short jobs. Networks without benchmarks are left out; jobs over all
    seeds (search, tables, figures) are not counted.
    """
    minutes = {}
    for network in networks:
        by_seed: dict[str, float] = defaultdict(float)
        for file in sorted((results / "benchmarks").glob(f"*/{network}/seed*.tsv")):
            by_seed[file.stem] += float(pd.read_csv(file, sep="\t")["s"].iloc[-1])
        if by_seed:
            minutes[network] = sum(by_seed.values()) / len(by_seed) / 60
    return minutes
