"""Accuracy and cost of one network's candidates: means over its seeds, each setting run once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import log_softmax

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.simulation.response import Response
from spikesweep.simulation.setting import Setting


@dataclass(frozen=True, eq=False)
class Outcome:
    """What one network did at one setting until its answer was read.

    correct: (images,) bool, whether the answer was right.
    rates_hz: mean rate of each spiking layer, first to last.
    divergence: of the class probabilities from those of the trained network, see `divergence`; NaN
        where its scores are not known.
    """

    correct: np.ndarray
    spikes_per_image: float
    synops_per_image: float
    rates_hz: dict[str, float]
    divergence: float = np.nan


@dataclass(frozen=True)
class Evaluation:
    """Accuracy and cost of one candidate; all numbers are means over the seeds, see `Outcome`."""

    setting: Setting
    reading: Reading
    accuracy: float
    spikes_per_image: float
    synops_per_image: float
    rates_hz: dict[str, float]
    divergence: float = np.nan


def divergence(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(images,) sum over classes of (p - q) (log p - log q), the symmetric Kullback-Leibler one.

    p and q are the class probabilities, softmax of the scores, both (images, classes).
    """
    logs = [log_softmax(one.astype(np.float64), axis=1) for one in (scores, others)]
    return ((np.exp(logs[0]) - np.exp(logs[1])) * (logs[0] - logs[1])).sum(axis=1)


def outcomes(
    experiment: Experiment,
    settings: Sequence[Setting],
    readings: Sequence[Reading],
    name: str,
    ann_scores: np.ndarray | None = None,
) -> dict[Setting, dict[Reading, Outcome]]:
    """Simulate one network at all settings and read it in all ways; `name` is for the log.

    ann_scores: of the trained network on the same images, (images, classes).
    """
    tallies = {setting: _Tally(experiment, readings, ann_scores) for setting in settings}
    for response in experiment.stream(settings, name):
        tallies[response.setting].add(response)
    return {setting: tally.outcomes() for setting, tally in tallies.items()}


def best_reading(found: Sequence[Evaluation], goal: float) -> Evaluation:
    """Of one setting's readings the cheapest that is accurate enough, or the most accurate."""
    enough = [one for one in found if one.accuracy >= goal]
    if enough:
        return min(enough, key=lambda one: (one.synops_per_image, -one.accuracy))
    return max(found, key=lambda one: (one.accuracy, -one.synops_per_image))


class _Tally:
    """Answers and running sums over the batches of one setting."""

    def __init__(
        self, experiment: Experiment, readings: Sequence[Reading], ann_scores: np.ndarray | None
    ) -> None:
        self.experiment = experiment
        self.ann_scores = ann_scores
        images, steps = len(experiment.sample.labels), experiment.steps
        self.correct = {reading: np.zeros(images, bool) for reading in readings}
        self.divergence = {reading: np.full(images, np.nan) for reading in readings}
        layers = experiment.network.spiking_layers
        self.spikes = {layer.name: np.zeros(steps, np.int64) for layer in layers}
        self.synops = np.zeros(steps, np.int64)

    def add(self, response: Response) -> None:
        here = slice(response.first, response.first + len(response.scores))
        labels = self.experiment.sample.labels[here]
        for reading, correct in self.correct.items():
            scores = reading.scores(response.scores)
            correct[here] = scores.argmax(axis=1) == labels
            if self.ann_scores is not None:
                self.divergence[reading][here] = divergence(scores, self.ann_scores[here])
        for name, activity in response.layers.items():
            self.spikes[name] += activity.spikes_by_step.sum(axis=0)
            self.synops += activity.synops_by_step.sum(axis=0)

    def outcomes(self) -> dict[Reading, Outcome]:
        return {reading: self._outcome(reading) for reading in self.correct}

    def _outcome(self, reading: Reading) -> Outcome:
        images, network = len(self.correct[reading]), self.experiment.network
        spikes = {
            name: int(by_step[: reading.steps].sum()) / images
            for name, by_step in self.spikes.items()
        }
        duration_s = reading.steps * network.dt
        return Outcome(
            correct=self.correct[reading],
            spikes_per_image=sum(spikes.values()),
            synops_per_image=int(self.synops[: reading.steps].sum()) / images,
            rates_hz={
                layer.name: spikes[layer.name] / layer.neurons / duration_s
                for layer in network.spiking_layers
            },
            divergence=float(self.divergence[reading].mean()),
        )


class Evaluator:
    """Runs settings on the networks of all seeds, each setting once, and reads them in all ways.

    ann_scores: of the trained network of each seed on the images of its experiment, if the
        divergence from these is wanted.
    """

    def __init__(
        self,
        experiments: dict[int, Experiment],
        readings: Sequence[Reading],
        name: str,
        ann_scores: Mapping[int, np.ndarray] | None = None,
    ) -> None:
        self.experiments = experiments
        self.readings = readings
        self.name = name
        self.ann_scores = ann_scores or {}
        self._known: dict[Setting, list[dict[Reading, Outcome]]] = {}

    def __call__(self, settings: Iterable[Setting]) -> list[list[Evaluation]]:
        """Accuracy and cost of each setting, by reading; means over the seeds.

        Those that are not known yet are simulated together, so that the engine shares what they
        have in common.
        """
        settings = list(settings)
        self._simulate(settings)
        return [
            [self.evaluation(Candidate(setting, reading)) for reading in self.readings]
            for setting in settings
        ]

    def evaluation(self, candidate: Candidate) -> Evaluation:
        """Accuracy and cost of one candidate, means over the seeds."""
        found = self.outcomes(candidate)
        return Evaluation(
            candidate.setting,
            candidate.reading,
            accuracy=float(np.mean([outcome.correct.mean() for outcome in found])),
            spikes_per_image=float(np.mean([outcome.spikes_per_image for outcome in found])),
            synops_per_image=float(np.mean([outcome.synops_per_image for outcome in found])),
            rates_hz={
                layer: float(np.mean([outcome.rates_hz[layer] for outcome in found]))
                for layer in found[0].rates_hz
            },
            divergence=float(np.mean([outcome.divergence for outcome in found])),
        )

    def outcomes(self, candidate: Candidate) -> list[Outcome]:
        """What the network of each seed does."""
        self._simulate([candidate.setting])
        return [of_seed[candidate.reading] for of_seed in self._known[candidate.setting]]

    def correct(self, candidate: Candidate) -> np.ndarray:
        """Whether each answer is right, the images of all seeds one after the other."""
        return np.concatenate([outcome.correct for outcome in self.outcomes(candidate)])

    @property
    def ann_correct(self) -> np.ndarray:
        """Whether the trained networks are right, in the same order."""
        samples = [experiment.sample for experiment in self.experiments.values()]
        return np.concatenate([sample.ann_classes == sample.labels for sample in samples])

    @property
    def ann_accuracy(self) -> float:
        """Accuracy of the trained networks on the same images."""
        return float(self.ann_correct.mean())

    @property
    def images(self) -> int:
        """Number of images that the network of each seed sees."""
        return len(next(iter(self.experiments.values())).sample.labels)

    def _simulate(self, settings: Sequence[Setting]) -> None:
        new = [setting for setting in dict.fromkeys(settings) if setting not in self._known]
        if new:
            by_seed = [
                outcomes(
                    experiment,
                    new,
                    self.readings,
                    f"{self.name} seed {seed}",
                    self.ann_scores.get(seed),
                )
                for seed, experiment in self.experiments.items()
            ]
            self._known |= {setting: [found[setting] for found in by_seed] for setting in new}
