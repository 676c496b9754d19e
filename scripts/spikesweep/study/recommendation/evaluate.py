"""Accuracy and cost of one network's settings: means over its seeds, each computed once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from spikesweep.experiments.experiment import Experiment
from spikesweep.simulation.setting import Setting
from spikesweep.statistics.paired_loss import Loss, paired_loss


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one network did at one setting.

    correct: (images,) bool, whether the answer after the last step was right.
    rates_hz: mean rate of each spiking layer, first to last.
    """

    correct: np.ndarray
    spikes_per_image: float
    synops_per_image: float
    rates_hz: dict[str, float]


@dataclass(frozen=True)
class Evaluation:
    """Accuracy and cost of one setting; all numbers are means over the seeds, see `Outcome`."""

    setting: Setting
    accuracy: float
    spikes_per_image: float
    synops_per_image: float
    rates_hz: dict[str, float]


def outcomes(
    experiment: Experiment, settings: Sequence[Setting], name: str
) -> dict[Setting, Outcome]:
    """Simulate one network at all settings; `name` is for the log."""
    network, sample = experiment.network, experiment.sample
    images, layers = len(sample.labels), network.spiking_layers
    correct = {setting: np.zeros(images, bool) for setting in settings}
    spikes = {setting: dict.fromkeys((layer.name for layer in layers), 0) for setting in settings}
    synops = dict.fromkeys(settings, 0)
    for response in experiment.stream(settings, name):
        classes = response.scores[:, -1].argmax(axis=1)
        here = slice(response.first, response.first + len(classes))
        correct[response.setting][here] = classes == sample.labels[here]
        synops[response.setting] += sum(int(a.synops.sum()) for a in response.layers.values())
        for layer, activity in response.layers.items():
            spikes[response.setting][layer] += int(activity.spikes.sum())
    duration_s = experiment.steps * network.dt
    return {
        setting: Outcome(
            correct=correct[setting],
            spikes_per_image=sum(spikes[setting].values()) / images,
            synops_per_image=synops[setting] / images,
            rates_hz={
                layer.name: spikes[setting][layer.name] / images / layer.neurons / duration_s
                for layer in layers
            },
        )
        for setting in correct
    }


class Evaluator:
    """Runs settings on the networks of all seeds, each setting once."""

    def __init__(self, experiments: dict[int, Experiment], name: str) -> None:
        self.experiments = experiments
        self.name = name
        self._known: dict[Setting, list[Outcome]] = {}

    def __call__(self, settings: Iterable[Setting]) -> list[Evaluation]:
        """Accuracy and cost of each setting, means over the seeds."""
        settings = list(settings)
        return [_mean(*pair) for pair in zip(settings, self.outcomes(settings), strict=True)]

    def outcomes(self, settings: Sequence[Setting]) -> list[list[Outcome]]:
        """What the network of each seed does at each setting.

        Those that are not known yet are simulated together, so that the engine shares what they
        have in common.
        """
        new = [setting for setting in dict.fromkeys(settings) if setting not in self._known]
        if new:
            by_seed = [
                outcomes(experiment, new, f"{self.name} seed {seed}")
                for seed, experiment in self.experiments.items()
            ]
            self._known |= {setting: [found[setting] for found in by_seed] for setting in new}
        return [self._known[setting] for setting in settings]

    def loss(self, setting: Setting, confidence: float) -> Loss:
        """The accuracy that a setting loses against the trained networks, all seeds together."""
        [found] = self.outcomes([setting])
        after = np.concatenate([outcome.correct for outcome in found])
        return paired_loss(self._ann_correct(), after, confidence)

    @property
    def ann_accuracy(self) -> float:
        """Accuracy of the trained networks on the same images."""
        return float(self._ann_correct().mean())

    @property
    def images(self) -> int:
        """Number of images that the network of each seed sees."""
        return len(next(iter(self.experiments.values())).sample.labels)

    def _ann_correct(self) -> np.ndarray:
        samples = [experiment.sample for experiment in self.experiments.values()]
        return np.concatenate([sample.ann_classes == sample.labels for sample in samples])


def _mean(setting: Setting, found: Sequence[Outcome]) -> Evaluation:
    return Evaluation(
        setting,
        accuracy=float(np.mean([outcome.correct.mean() for outcome in found])),
        spikes_per_image=float(np.mean([outcome.spikes_per_image for outcome in found])),
        synops_per_image=float(np.mean([outcome.synops_per_image for outcome in found])),
        rates_hz={
            layer: float(np.mean([outcome.rates_hz[layer] for outcome in found]))
            for layer in found[0].rates_hz
        },
    )
