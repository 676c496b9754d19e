"""The firing rates of one network, from its files to its tables."""

from typing import Any

from spikesweep.experiments.experiment import load_experiment
from spikesweep.metadata import write_metadata
from spikesweep.simulation.setting import Setting
from spikesweep.study.firing_rates.rates import firing_rates
from spikesweep.tables import labelled, write_csv


def run(
    *,
    inputs: dict[str, str],
    outputs: dict[str, str],
    network: str,
    seed: int,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Probe all spiking layers at the settings of the config; see `RateTables` for what is written.

    inputs: paths of dataset, network and ann_classes.
    network, seed: the first two columns of each table.
    config: steps, images, images_seed, settings, confidence, engine.
    """
    experiment = load_experiment(**inputs, config=config, threads=threads, mem_mb=mem_mb)
    settings = [Setting.from_config(entry) for entry in config["settings"]]
    tables = firing_rates(
        experiment, settings, f"{network} seed {seed}", confidence=config["confidence"]
    )
    write_csv(labelled(tables.summary, network, seed), outputs["rates"])
    write_csv(labelled(tables.histogram, network, seed), outputs["histogram"])
    write_csv(labelled(tables.outcomes, network, seed), outputs["outcomes"])
    write_metadata(outputs["metadata"], config, seed=seed, engine=experiment.engine.name)
