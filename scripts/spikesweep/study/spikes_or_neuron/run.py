"""What the claims of the study are judged by, again with other neurons: one network's job."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.answers import Answers, save_answers
from spikesweep.experiments.experiment import Experiment, load_experiment
from spikesweep.experiments.sweep import grid, sweep_read_outs
from spikesweep.metadata import write_metadata
from spikesweep.snn.rescale import refusal
from spikesweep.study.layer_scaling.run import scale_subsets
from spikesweep.study.layer_scaling.subsets import halves
from spikesweep.study.rate_transfer.levels import levels
from spikesweep.study.rate_transfer.measured import gains_of_layers
from spikesweep.study.rate_transfer.noise_prediction import layer_outputs
from spikesweep.study.spikes_or_neuron.ways import STUDIED, exchanged, other_ways
from spikesweep.tables import labelled, write_csv

logger = logging.getLogger(__name__)

WAY = ("neuron", "read_out")
# The studies whose claims are repeated; each has a table and a file of answers.
REPEATED = ("sweep", "layers", "rates")
# A row with the answers of one setting, and those answers.
_Found = tuple[pd.DataFrame, Answers]


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
    """Repeat three studies, with few images and settings, in every way of the config.

    inputs: paths of dataset, network and ann_classes.
    outputs: sweep, layers, rates, tables with the columns of those studies behind WAY, and
        sweep_answers, layers_answers, rates_answers, in the order of their rows; metadata.
    config: ways; images, images_seed, engine, voltage_draws; and for each of REPEATED its steps and
        what the study needs besides; those that are missing are not repeated.

    Layers are compared with the read-out of their studies alone, and in networks of two spiking
    layers or more. Tables may be empty; the log says why.
    """
    name = f"{network} seed {seed}"
    longest = max(config[study]["steps"] for study in REPEATED if study in config)
    experiment = load_experiment(
        **inputs, config=config | {"steps": longest}, threads=threads, mem_mb=mem_mb
    )
    ways = other_ways(experiment.network, config["ways"], name)
    asked = [study for study in REPEATED if study in config]
    if ways and len(experiment.network.spiking_layers) == 1:
        logger.warning("%s: it has one spiking layer, so no layers are compared", name)
        asked = [study for study in asked if study == "sweep"]
    found: dict[str, list[_Found]] = {study: [] for study in REPEATED}
    for neuron, read_outs in ways.items():
        of_neuron = exchanged(experiment, neuron, config["engine"])
        for study in asked:
            shown = replace(of_neuron, steps=config[study]["steps"])
            repeat, what = _STUDIES[study], f"{name}, {neuron}"
            found[study] += repeat(shown, config[study], neuron, read_outs, what)
    for study, parts in found.items():
        table = pd.concat([rows for rows, _ in parts], ignore_index=True) if parts else _EMPTY
        write_csv(labelled(table, network, seed), outputs[study])
        save_answers(_joined([answers for _, answers in parts]), outputs[f"{study}_answers"])
    write_metadata(outputs["metadata"], config, seed=seed, engine=experiment.engine.name)


_EMPTY = pd.DataFrame(columns=list(WAY))


def _sweep(
    experiment: Experiment, how: Mapping[str, Any], neuron: str, read_outs: list[str], name: str
) -> list[_Found]:
    settings = grid(how["synapse_s"], how["scale_firing_rates"])
    found = sweep_read_outs(experiment, settings, name, read_outs, read_at=[experiment.steps])
    return [
        (_in_way(tables.settings, neuron, read_out), tables.answers)
        for read_out, tables in zip(read_outs, found, strict=True)
    ]


def _layers(
    experiment: Experiment, how: Mapping[str, Any], neuron: str, read_outs: list[str], name: str
) -> list[_Found]:
    layers = tuple(layer.name for layer in experiment.network.spiking_layers)
    if STUDIED not in read_outs:
        return []
    # All layers together tell which there are.
    found = scale_subsets(experiment, [*dict.fromkeys([*halves(layers), layers])], how, name)
    return [(_in_way(found.scaling, neuron), _last(found.answers))] if len(found.scaling) else []


def _rates(
    experiment: Experiment, how: Mapping[str, Any], neuron: str, read_outs: list[str], name: str
) -> list[_Found]:
    if STUDIED not in read_outs:
        return []
    outputs = layer_outputs(experiment.network, experiment.images)
    silent = [layer for layer, output in outputs.items() if not output.mean > 0]
    if reason := refusal(experiment.network) or (silent and f"{silent[0]} is silent"):
        logger.warning("%s: rates cannot be moved between layers: %s", name, reason)
        return []
    means = {layer: output.mean for layer, output in outputs.items()}
    compared = levels(experiment, means, how, name, tried_on=how["tried_on"])
    table, answers = gains_of_layers(experiment, compared, outputs, how, name=name)
    return [(_in_way(table, neuron), _last(answers))] if len(table) else []


_STUDIES = {"sweep": _sweep, "layers": _layers, "rates": _rates}


def _in_way(table: pd.DataFrame, neuron: str, read_out: str = STUDIED) -> pd.DataFrame:
    return pd.concat(
        [pd.DataFrame(dict(zip(WAY, (neuron, read_out), strict=True)), index=table.index), table],
        axis=1,
    )


def _last(answers: Answers) -> Answers:
    """What each image was answered in the end."""
    return replace(
        answers,
        steps=answers.steps[-1:],
        correct=answers.correct[:, -1:],
        equal_to_ann=answers.equal_to_ann[:, -1:],
    )


def _joined(parts: Sequence[Answers]) -> Answers:
    """Those of several tables on the same images; of none, those of no setting and no image."""
    if not parts:
        nothing, bits = np.zeros(0, np.int64), np.zeros((0, 1, 0), bool)
        return Answers(np.ones(1, np.int64), bits, bits, nothing.astype(bool), nothing, nothing)
    return replace(
        parts[0],
        correct=np.concatenate([part.correct for part in parts]),
        equal_to_ann=np.concatenate([part.equal_to_ann for part in parts]),
    )
