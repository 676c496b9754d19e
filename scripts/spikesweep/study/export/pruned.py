"""Export variants of networks, each at the cheapest accurate setting of its own sweep."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.data.dataset import load_dataset
from spikesweep.experiments.experiment import limits_of
from spikesweep.metadata import write_metadata
from spikesweep.snn.network import load_network
from spikesweep.study.export.chosen import cheapest_of_sweep
from spikesweep.study.export.fit import fit_table
from spikesweep.study.export.write import write_export
from spikesweep.tables import labelled, write_csv

_BASE_MB = 600


def export_pruned(
    *,
    datasets: Sequence[str],
    networks: Sequence[str],
    sweeps: Sequence[str],
    of: Sequence[tuple[str, int]],
    description_paths: Sequence[str],
    fit_path: str | Path,
    metadata_path: str | Path,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Write each network in all forms, see `write_export`, into the folder of its description.

    datasets, networks, sweeps, description_paths: files, one for each name and seed in `of`.
    fit_path: see `fit_table`, all networks.
    config: example_image, engine, accuracy_margin.
    """
    data = {path: load_dataset(path) for path in dict.fromkeys(datasets)}
    limits = limits_of(threads, mem_mb, _BASE_MB)
    fits = []
    each = zip(of, datasets, networks, sweeps, description_paths, strict=True)
    for (name, seed), dataset, path, sweep, description_path in each:
        exported = write_export(
            load_network(path),
            cheapest_of_sweep(sweep, config["accuracy_margin"]),
            data[dataset],
            folder=Path(description_path).parent,
            name=name,
            seed=seed,
            config=config,
            limits=limits,
        )
        fits.append(labelled(fit_table(exported), name, seed))
    write_csv(pd.concat(fits, ignore_index=True), fit_path)
    write_metadata(metadata_path, config, networks=[name for name, _ in of])
