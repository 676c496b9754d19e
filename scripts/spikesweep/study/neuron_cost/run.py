"""Accuracy and cost of one trained network with every neuron, start, synapse and read-out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.answers import save_answers
from spikesweep.experiments.experiment import Experiment, load_experiment
from spikesweep.experiments.sweep import grid
from spikesweep.metadata import write_metadata
from spikesweep.simulation.engine import engine_for
from spikesweep.simulation.readout import READ_OUTS
from spikesweep.simulation.response import Response
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.neurons import NEURON_TYPES
from spikesweep.snn.voltages import draws_of, with_start
from spikesweep.study.neuron_cost.standard import standard_rows
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
    """Simulate every neuron from every start and read the answers in every way.

    Besides these `costs`, write the rows of the standard table, `standard`, and what each image was
    answered, `standard_answers`; see `standard_rows`.

    inputs: paths of dataset, network and ann_classes.
    network, seed: the first two columns of the table.
    config: neurons (names in `NEURON_TYPES`), initial_voltages (in `STARTS`), read_outs (in
        `READ_OUTS`), synapse_s, scale_firing_rates, read_at (steps; the largest is how long images
        are shown), images, images_seed, engine, voltage_draws.

    One row per neuron, start, setting, read-out and step of read_at: accuracy, and the spikes and
    synops up to that step. The weights are those of the network's file; its own neuron and start
    are replaced.
    """
    steps = max(config["read_at"])
    experiment = load_experiment(
        **inputs, config=config | {"steps": steps}, threads=threads, mem_mb=mem_mb
    )
    rows = [
        row
        for neuron in config["neurons"]
        for start in config["initial_voltages"]
        for row in _rows(_exchanged(experiment, neuron, start, config), neuron, start, config)
    ]
    write_csv(labelled(pd.DataFrame(rows), network, seed), outputs["costs"])
    standard, answers = standard_rows(inputs, seed, config, threads, mem_mb)
    write_csv(labelled(standard, network, seed), outputs["standard"])
    save_answers(answers, outputs["standard_answers"])
    write_metadata(outputs["metadata"], config, seed=seed, engine=experiment.engine.name)


def _exchanged(
    experiment: Experiment, neuron: str, start: str, config: dict[str, Any]
) -> Experiment:
    network = with_neuron(with_start(experiment.network, start), NEURON_TYPES[neuron]())
    draws = draws_of(network, config["voltage_draws"])
    return replace(
        experiment,
        network=network,
        sample=experiment.sample.grouped(draws),
        engine=engine_for(network, config["engine"]),
        voltage_draws=draws,
    )


def _rows(
    experiment: Experiment, neuron: str, start: str, config: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    settings = grid(config["synapse_s"], config["scale_firing_rates"])
    read_at = np.sort(config["read_at"])
    sums = {setting: _Sums(config["read_outs"], read_at) for setting in settings}
    for response in experiment.stream(settings, f"{neuron}, {start}"):
        sums[response.setting].add(response, experiment.sample.labels)
    images = len(experiment.sample.labels)
    ann = float((experiment.sample.ann_classes == experiment.sample.labels).mean())
    for setting in settings:
        for read_out in config["read_outs"]:
            for place, step in enumerate(read_at):
                yield {
                    "neuron": neuron,
                    "initial_voltages": start,
                    **_key(setting),
                    "read_out": read_out,
                    "step": step,
                    "images": images,
                    "accuracy": sums[setting].correct[read_out][place] / images,
                    "ann_accuracy": ann,
                    "spikes_per_image": sums[setting].spikes[place] / images,
                    "synops_per_image": sums[setting].synops[place] / images,
                }


class _Sums:
    """Over all images of a setting, at the steps `read_at`: correct answers, spikes, synops."""

    def __init__(self, read_outs: Sequence[str], read_at: np.ndarray) -> None:
        self._read_at = read_at - 1
        self.correct = {name: np.zeros(len(read_at), np.int64) for name in read_outs}
        self.spikes = np.zeros(len(read_at), np.int64)
        self.synops = np.zeros(len(read_at), np.int64)

    def add(self, response: Response, labels: np.ndarray) -> None:
        shown = labels[response.first : response.first + len(response.scores)]
        for name, correct in self.correct.items():
            read = READ_OUTS[name](response.scores)[:, self._read_at].argmax(axis=-1)
            correct += (read == shown[:, None]).sum(axis=0)
        for activity in response.layers.values():
            self.spikes += np.cumsum(activity.spikes_by_step.sum(axis=0))[self._read_at]
            self.synops += np.cumsum(activity.synops_by_step.sum(axis=0))[self._read_at]


def _key(setting: Setting) -> dict[str, Any]:
    return {"synapse_s": setting.synapse_s, "scale_firing_rates": setting.scale_firing_rates}
