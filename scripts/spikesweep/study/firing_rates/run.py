"""The firing rates of one network: its files in, its tables out."""

from pathlib import Path
from typing import Any

from spikesweep.experiments.experiment import load_experiment, settings_from
from spikesweep.files import write_csv
from spikesweep.metadata import write_metadata
from spikesweep.study.firing_rates.rates import firing_rates
from spikesweep.tables import labelled


def rate_probes(
    *,
    inputs: dict[str, str],
    rates_path: str | Path,
    histogram_path: str | Path,
    outcomes_path: str | Path,
    metadata_path: str | Path,
    network: str,
    seed: int,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Probe all spiking layers at the settings of the config; see `RateTables` for what is written.

    inputs: paths of dataset, network and ann_classes.
    network, seed: the first two columns of each table.
    config: steps, images, images_seed, settings, engine.
    """
    experiment = load_experiment(**inputs, config=config, threads=threads, mem_mb=mem_mb)
    tables = firing_rates(experiment, settings_from(config["settings"]), f"{network} seed {seed}")
    write_csv(labelled(tables.summary, network, seed), rates_path)
    write_csv(labelled(tables.histogram, network, seed), histogram_path)
    write_csv(labelled(tables.outcomes, network, seed), outcomes_path)
    write_metadata(metadata_path, config, seed=seed, engine=experiment.engine.name)
