"""Jobs that do the same for several seeds of a network, one after the other.

Such a job starts TensorFlow once, which would take as long as a small training does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from snakemake.script import Snakemake

Files = dict[str, Any]


@dataclass(frozen=True)
class OneSeed:
    """A seed with its input and output files by name."""

    seed: int
    inputs: Files
    outputs: Files


def each_seed(snakemake: "Snakemake") -> Iterator[OneSeed]:
    """What a job does for each of the seeds in its params, in their order.

    Of files that are a list, each seed has its own; a single file belongs to all of them, and an
    empty list is left out.

    Raises ValueError if a list is not as long as that of the seeds.
    """
    seeds = snakemake.params.seeds
    named = [(dict(files.items())) for files in (snakemake.input, snakemake.output)]
    for index, seed in enumerate(seeds):
        yield OneSeed(seed, *(_of_seed(files, index, len(seeds)) for files in named))


def _of_seed(files: Files, index: int, seeds: int) -> Files:
    chosen = {}
    for name, paths in files.items():
        if isinstance(paths, str):
            chosen[name] = paths
        elif len(paths):
            if len(paths) != seeds:
                raise ValueError(f"{name}: {len(paths)} files for {seeds} seeds")
            chosen[name] = paths[index]
    return chosen
