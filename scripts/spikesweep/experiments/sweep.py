"""Accuracy and cost of one spiking network at many settings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from spikesweep.experiments.answers import Answers, kept_steps
from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.samples import Sample
from spikesweep.simulation.readout import READ_OUTS
from spikesweep.simulation.response import Response
from spikesweep.simulation.setting import Setting
from spikesweep.snn.costs import setting_costs
from spikesweep.snn.network import SpikingNetwork
from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES, accuracy_interval


@dataclass(frozen=True)
class SweepTables:
    """The tidy tables of a sweep.

    settings: one row per setting: accuracies in [0, 1] with Wilson 95 % intervals, the trained
        network's accuracy on the same images, spikes, mean rate and all costs, see `setting_costs`.
    over_time: one row per (setting, step): accuracy if the answer is read after that step,
        spikes and synaptic operations up to and including it.
    layers: one row per (setting, layer): spikes, synaptic operations, mean rate.
    answers: what each image was answered, settings in the order of the rows of `settings`.
    """

    settings: pd.DataFrame
    over_time: pd.DataFrame
    layers: pd.DataFrame
    answers: Answers


def grid(synapse_s: Iterable[float | None], scale_firing_rates: Iterable[float]) -> list[Setting]:
    """Every synapse with every scale of all layers."""
    scales = [float(scale) for scale in scale_firing_rates]
    return [Setting(synapse, scale) for synapse in synapse_s for scale in scales]


def sweep(
    experiment: Experiment,
    settings: Sequence[Setting],
    name: str,
    *,
    read_at: Sequence[int] | None = None,
) -> SweepTables:
    """Simulate all settings and summarise them; `name` is for the log.

    read_at: the steps, ascending, after which single answers are kept; see `kept_steps`.

    Without settings nothing is simulated: there are tables without rows, and no answers.

    Raises UserError if a setting does not fit the network or the engine refuses it.
    """
    (tables,) = sweep_read_outs(experiment, settings, name, [experiment.read_out], read_at=read_at)
    return tables


def sweep_read_outs(
    experiment: Experiment,
    settings: Sequence[Setting],
    name: str,
    read_outs: Sequence[str],
    *,
    read_at: Sequence[int] | None = None,
) -> list[SweepTables]:
    """The same for each of several read-outs (names in `READ_OUTS`), all from one simulation."""
    kept = kept_steps(experiment.steps) if read_at is None else np.asarray(read_at)
    tallies = [
        {
            setting: _Tally(experiment.steps, kept, len(experiment.sample.labels))
            for setting in settings
        }
        for _ in read_outs
    ]
    for response in experiment.stream(settings, name) if settings else ():
        for read_out, of_read_out in zip(read_outs, tallies, strict=True):
            classes = READ_OUTS[read_out](response.scores).argmax(axis=-1)
            of_read_out[response.setting].add(response, classes, experiment.sample)
    return [_tables(experiment, settings, of_read_out, kept) for of_read_out in tallies]


def _tables(
    experiment: Experiment,
    settings: Sequence[Setting],
    tallies: Mapping[Setting, "_Tally"],
    kept: NDArray[np.int64],
) -> SweepTables:
    network, sample, steps = experiment.network, experiment.sample, experiment.steps
    shape = (len(settings), len(kept), len(sample.labels))
    facts = {
        "engine": experiment.engine.name,
        "images": len(sample.labels),
        "steps": steps,
    }
    return SweepTables(
        settings=pd.DataFrame([_summary(network, sample, facts, tallies[s], s) for s in settings]),
        over_time=pd.DataFrame(
            [row for s in settings for row in _time_course(network, sample, tallies[s], s)]
        ),
        layers=pd.DataFrame(
            [row for s in settings for row in _layer_rows(network, sample, tallies[s], s, steps)]
        ),
        answers=Answers(
            steps=kept,
            correct=np.array([tallies[s].right for s in settings], bool).reshape(shape),
            equal_to_ann=np.array([tallies[s].as_ann for s in settings], bool).reshape(shape),
            ann_correct=sample.ann_classes == sample.labels,
            images=sample.indices,
            draws=experiment.draws,
        ),
    )


@dataclass
class _Tally:
    """Running sums over the batches of one setting, and what each image was answered.

    correct: (steps,); spikes, synops: (steps,) of each layer.
    """

    steps: int
    kept: np.ndarray
    images: int
    correct: np.ndarray = field(init=False)
    right: np.ndarray = field(init=False)
    as_ann: np.ndarray = field(init=False)
    agreeing: int = 0
    spikes: dict[str, np.ndarray] = field(default_factory=dict)
    synops: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.correct = np.zeros(self.steps, np.int64)
        shape = (len(self.kept), self.images)
        self.right, self.as_ann = np.zeros(shape, bool), np.zeros(shape, bool)

    def add(self, response: Response, classes: np.ndarray, sample: Sample) -> None:
        """Count a batch whose answers are `classes`, (images, steps)."""
        here = slice(response.first, response.first + len(classes))
        self.correct += (classes == sample.labels[here, None]).sum(axis=0)
        self.agreeing += int((classes[:, -1] == sample.ann_classes[here]).sum())
        read = classes[:, self.kept - 1].T
        self.right[:, here] = read == sample.labels[here]
        self.as_ann[:, here] = read == sample.ann_classes[here]
        for name, activity in response.layers.items():
            self.spikes[name] = self.spikes.get(name, 0) + activity.spikes_by_step.sum(axis=0)
            self.synops[name] = self.synops.get(name, 0) + activity.synops_by_step.sum(axis=0)


def _key(setting: Setting) -> dict[str, Any]:
    return {"synapse_s": setting.synapse_s, "scale_firing_rates": setting.scale_firing_rates}


def _summary(
    network: SpikingNetwork,
    sample: Sample,
    facts: dict[str, Any],
    tally: _Tally,
    setting: Setting,
) -> dict[str, Any]:
    images = len(sample.labels)
    accuracy, low, high = _interval(tally.correct[-1], images)
    ann = _interval((sample.ann_classes == sample.labels).sum(), images)
    neurons = sum(layer.neurons for layer in network.spiking_layers)
    duration_s = tally.steps * network.dt
    spikes = sum(int(spikes.sum()) for spikes in tally.spikes.values()) / images
    synops = sum(int(synops.sum()) for synops in tally.synops.values()) / images
    return {
        **facts,
        **_key(setting),
        "accuracy": accuracy,
        "accuracy_low": low,
        "accuracy_high": high,
        "ann_accuracy": ann[0],
        "ann_accuracy_low": ann[1],
        "ann_accuracy_high": ann[2],
        "agreement_with_ann": tally.agreeing / images,
        "spikes_per_image": spikes,
        "synops_per_image": synops,
        "mean_rate_hz": spikes / neurons / duration_s,
        **setting_costs(network, steps=tally.steps, spikes=spikes, synops=synops),
    }


def _time_course(
    network: SpikingNetwork, sample: Sample, tally: _Tally, setting: Setting
) -> Iterable[dict[str, Any]]:
    images = len(sample.labels)
    spikes = np.cumsum(sum(tally.spikes.values()))
    synops = np.cumsum(sum(tally.synops.values()))
    for step, correct in enumerate(tally.correct, start=1):
        accuracy, low, high = _interval(correct, images)
        yield {
            **_key(setting),
            "step": step,
            "time_s": step * network.dt,
            "accuracy": accuracy,
            "accuracy_low": low,
            "accuracy_high": high,
            "spikes_per_image": spikes[step - 1] / images,
            "synops_per_image": synops[step - 1] / images,
        }


def _layer_rows(
    network: SpikingNetwork, sample: Sample, tally: _Tally, setting: Setting, steps: int
) -> Iterable[dict[str, Any]]:
    images = len(sample.labels)
    for layer in network.spiking_layers:
        spikes = tally.spikes[layer.name].sum() / images
        yield {
            **_key(setting),
            "layer": layer.name,
            "neurons": layer.neurons,
            "spikes_per_image": spikes,
            "synops_per_image": tally.synops[layer.name].sum() / images,
            "mean_rate_hz": spikes / layer.neurons / (steps * network.dt),
        }


def _interval(correct: np.integer, images: int) -> tuple[float, float, float]:
    return accuracy_interval(int(correct), images, CONFIDENCE_OF_ACCURACIES)
