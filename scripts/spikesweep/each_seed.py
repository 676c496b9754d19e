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

    A job whose outputs are lists, of one file a seed, does several: then inputs that are lists have
    one file a seed, too, or are empty and left out. Else it does one, with all files as they are.

    Raises ValueError if a list is not as long as that of the seeds.
    """
    seeds = snakemake.params.seeds
    inputs, outputs = dict(snakemake.input.items()), dict(snakemake.output.items())
    if any(isinstance(path, str) for path in outputs.values()):
        [seed] = seeds
        yield OneSeed(seed, inputs, outputs)
        return
    for index, seed in enumerate(seeds):
        of_seed = (_of_seed(files, index, len(seeds)) for files in (inputs, outputs))
        yield OneSeed(seed, *of_seed)


def _of_seed(files: Files, index: int, seeds: int) -> Files:
    chosen = {}
    for name, paths in files.items():
        if isinstance(paths, str):
            chosen[name] = paths
        elif paths:
            if len(paths) != seeds:
                raise ValueError(f"{name}: {len(paths)} files for {seeds} seeds")
            chosen[name] = paths[index]
    return chosen
