"""Accuracy of one residual network as it is, and with the spikes of its skip paths relayed."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.answers import save_answers
from spikesweep.experiments.experiment import load_experiment
from spikesweep.experiments.sweep import SweepTables, grid, sweep
from spikesweep.metadata import write_metadata
from spikesweep.snn.relays import with_relays
from spikesweep.tables import labelled, write_csv

EARLY = "early"
RELAYED = "relayed"


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
    """Simulate the network as it is and with relays, and read the answer after each of some steps.

    inputs: paths of dataset, network and ann_classes.
    network, seed: the first two columns of the table.
    config: synapse_s, scale_firing_rates, read_at (steps; the largest is how long images are
        shown), images, images_seed, engine, voltage_draws.

    One row per (paths, setting, step of read_at), as in `SweepTables.over_time`; `paths` is `early`
    or, with relays, `relayed`. Answers are those of the settings of `early`, then of `relayed`.
    """
    read_at = sorted(config["read_at"])
    experiment = load_experiment(
        **inputs, config=config | {"steps": read_at[-1]}, threads=threads, mem_mb=mem_mb
    )
    settings = grid(config["synapse_s"], config["scale_firing_rates"])
    networks = {EARLY: experiment.network, RELAYED: with_relays(experiment.network)}
    found = {
        paths: sweep(
            replace(experiment, network=one),
            settings,
            f"{network} seed {seed}, {paths}",
            read_at=read_at,
        )
        for paths, one in networks.items()
    }
    rows = pd.concat([_rows(tables, paths, read_at) for paths, tables in found.items()])
    write_csv(labelled(rows, network, seed), outputs["table"])
    answers = [tables.answers for tables in found.values()]
    both = replace(
        answers[0],
        correct=np.concatenate([one.correct for one in answers]),
        equal_to_ann=np.concatenate([one.equal_to_ann for one in answers]),
    )
    save_answers(both, outputs["answers"])
    write_metadata(outputs["metadata"], config, seed=seed, engine=experiment.engine.name)


def _rows(tables: SweepTables, paths: str, read_at: list[int]) -> pd.DataFrame:
    rows = tables.over_time[tables.over_time["step"].isin(read_at)].copy()
    rows.insert(0, "paths", paths)
    rows["ann_accuracy"] = tables.settings["ann_accuracy"].iloc[0]
    return rows
