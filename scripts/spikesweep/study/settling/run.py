"""Accuracy of one network with each synapse, when images are shown for longer and longer."""

from typing import Any

import numpy as np

from spikesweep.experiments.answers import save_answers
from spikesweep.experiments.experiment import load_experiment
from spikesweep.experiments.sweep import grid, sweep
from spikesweep.metadata import write_metadata
from spikesweep.snn.hops import settled_share, synapses_passed
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
    """Simulate every synapse with every scale and read the answer after each of some steps.

    inputs: paths of dataset, network and ann_classes.
    network, seed: the first two columns of the table.
    config: synapse_s, scale_firing_rates, read_at (steps; the largest is how long images are
        shown), images, images_seed, engine, voltage_draws.

    One row per (setting, step of read_at), as in `SweepTables.over_time`, and
    settled_share: of the response of as many synapses as a signal passes, see `settled_share`.
    """
    read_at = sorted(config["read_at"])
    experiment = load_experiment(
        **inputs, config=config | {"steps": read_at[-1]}, threads=threads, mem_mb=mem_mb
    )
    settings = grid(config["synapse_s"], config["scale_firing_rates"])
    tables = sweep(experiment, settings, f"{network} seed {seed}", read_at=read_at)
    rows = tables.over_time[tables.over_time["step"].isin(read_at)].reset_index(drop=True)
    passed = synapses_passed(experiment.network)
    rows["settled_share"] = [
        settled_share(synapse_s, passed, time_s)
        for synapse_s, time_s in zip(
            rows["synapse_s"].replace({np.nan: None}), rows["time_s"], strict=True
        )
    ]
    rows["ann_accuracy"] = tables.settings["ann_accuracy"].iloc[0]
    write_csv(labelled(rows, network, seed), outputs["settling"])
    save_answers(tables.answers, outputs["answers"])
    write_metadata(outputs["metadata"], config, seed=seed, engine=experiment.engine.name)
