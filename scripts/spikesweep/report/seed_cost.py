"""What one more seed of a network costs, from the benchmarks of a finished run."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pandas as pd


def minutes_of_a_seed(results: Path, networks: Iterable[str]) -> dict[str, float]:
    """Processor time in minutes of all jobs of one seed, by network: the mean over its seeds.

    Networks without benchmarks are left out. Jobs over all seeds (search, tables, figures) are not
    counted.
    """
    minutes = {}
    for network in networks:
        by_seed: dict[str, float] = defaultdict(float)
        for file in sorted((results / "benchmarks").glob(f"*/{network}/seed*.tsv")):
            by_seed[file.stem] += _processor_s(file)
        if by_seed:
            minutes[network] = sum(by_seed.values()) / len(by_seed) / 60
    return minutes


def _processor_s(file: Path) -> float:
    """Processor time of a job; of one that was too short to be measured, its time."""
    row = pd.read_csv(file, sep="\t").iloc[-1]
    taken = pd.to_numeric(row["cpu_time"], errors="coerce")
    return float(row["s"] if pd.isna(taken) else taken)
