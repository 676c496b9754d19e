"""The synapse-and-scaling study of one network, from its files to its tables."""

from typing import Any

from spikesweep.experiments.answers import save_answers
from spikesweep.experiments.experiment import load_experiment
from spikesweep.experiments.sweep import grid, sweep
from spikesweep.metadata import write_metadata
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
    """Sweep every synapse with every scale; see `SweepTables` for what is written.

    inputs: paths of dataset, network and ann_classes.
    network, seed: the first two columns of each table.
    config: steps, images, images_seed, synapse_s, scale_firing_rates, engine.
    """
    experiment = load_experiment(**inputs, config=config, threads=threads, mem_mb=mem_mb)
    settings = grid(config["synapse_s"], config["scale_firing_rates"])
    tables = sweep(experiment, settings, f"{network} seed {seed}")
    write_csv(labelled(tables.settings, network, seed), outputs["settings"])
    write_csv(labelled(tables.over_time, network, seed), outputs["over_time"])
    write_csv(labelled(tables.layers, network, seed), outputs["layers"])
    save_answers(tables.answers, outputs["answers"])
    write_metadata(outputs["metadata"], config, seed=seed, engine=experiment.engine.name)
