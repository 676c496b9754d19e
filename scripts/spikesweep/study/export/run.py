"""Export one network of the study, and measure what its files do in other hands."""

import logging
from pathlib import Path
from typing import Any

import pandas as pd

from spikesweep.data.dataset import load_dataset
from spikesweep.errors import UserError
from spikesweep.experiments.experiment import load_experiment
from spikesweep.metadata import write_metadata
from spikesweep.study.export.changes import change_table
from spikesweep.study.export.chosen import chosen_setting
from spikesweep.study.export.fit import fit_table
from spikesweep.study.export.write import write_export
from spikesweep.tables import labelled, write_csv

logger = logging.getLogger(__name__)

# Share of all spikes by which the graph, played by the interpreter, may differ: sums are rounded
# in another order, and a voltage that just reaches a threshold may just miss it.
_SPIKE_BUDGET = 1e-4
# In deep networks with many spikes one that is late changes others: up to this share, with a word,
# if each image still gets the same class.
_MOST_BY_ROUNDING = 1e-2


def run(
    *,
    inputs: dict[str, Any],
    outputs: dict[str, str],
    network: str,
    seed: int,
    config: dict[str, Any],
    threads: int,
    mem_mb: int,
) -> None:
    """Write the network in all forms, see `write_export`, and two tables about them.

    inputs: dataset, network, ann_classes, sweep; candidates and check, empty if nothing was
        recommended.
    outputs: description, among the files that `write_export` writes; changes, see `change_table`;
        fit, see `fit_table`; metadata.
    config: images, images_seed, played_images, weight_bits, example_image, engine,
        accuracy_margin.

    Raises UserError if the graph does not do what the study's own simulation does.
    """
    chosen = chosen_setting(inputs, seed, config["accuracy_margin"])
    experiment = load_experiment(
        dataset=inputs["dataset"],
        network=inputs["network"],
        ann_classes=inputs["ann_classes"],
        # The files hold one draw of the voltages.
        config=config | {"steps": chosen.candidate.reading.steps, "voltage_draws": 1},
        threads=threads,
        mem_mb=mem_mb,
    )
    exported = write_export(
        experiment.network,
        chosen,
        load_dataset(inputs["dataset"]),
        folder=Path(outputs["description"]).parent,
        name=network,
        seed=seed,
        config=config,
        limits=experiment.limits,
    )
    changes = change_table(
        experiment,
        chosen.candidate,
        exported,
        weight_bits=config["weight_bits"],
        played_images=config["played_images"],
    )
    logger.info("what changes:\n%s", changes.to_string(index=False))
    _check(changes, network)
    write_csv(labelled(changes, network, seed), outputs["changes"])
    write_csv(labelled(fit_table(exported), network, seed), outputs["fit"])
    write_metadata(outputs["metadata"], config, engine=experiment.engine.name)


def _check(changes: pd.DataFrame, network: str) -> None:
    for row in changes[changes["change"] == "nothing"].to_dict("records"):
        if row["spike_differences"] <= _SPIKE_BUDGET:
            continue
        told = (
            f"{network}: spike counts of the exported graph differ from the study's by "
            f"{row['spike_differences']:.2%}"
        )
        if row["spike_differences"] > _MOST_BY_ROUNDING or row["same_class"] < 1:
            raise UserError(
                f"{told}, allowed is {_SPIKE_BUDGET:.2%}, or {_MOST_BY_ROUNDING:.0%} if all images "
                "get the same class; please report this network"
            )
        logger.warning(
            "%s, while every image gets the same class: sums are rounded otherwise", told
        )
