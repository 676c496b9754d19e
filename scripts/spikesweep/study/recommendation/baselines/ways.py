"""Ways to choose scales, each with some settings to choose from: published ones, and our search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

from spikesweep.conversion.calibration.scales import Calibrated
from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.simulation.setting import Setting
from spikesweep.snn.rescale import rescale
from spikesweep.study.recommendation.additive import additive
from spikesweep.study.recommendation.baselines.bench import Bench, scaled
from spikesweep.study.recommendation.baselines.correction import corrected
from spikesweep.study.recommendation.evaluate import (
    Evaluation,
    Evaluator,
    Outcome,
    best_reading,
)
from spikesweep.study.recommendation.space import Space

# Training images from which a correction is computed; each layer simulates all of them.
CORRECTING_IMAGES = 100

# What the network of one seed did, by setting (a factor or a `Setting`) and reading.
Found = dict[tuple[Any, Reading], Outcome]


@dataclass(frozen=True)
class Kind:
    """How neurons of one kind are run.

    name: `converted`, the neurons of the network, or `signed`.
    factors: what all scales of a published method are multiplied by, one after the other.
    """

    name: str
    factors: tuple[float, ...]
    synapse_s: float | None
    readings: tuple[Reading, ...]


class Way(Protocol):
    """One way to choose scales.

    keys: the settings that it offers.
    """

    @property
    def keys(self) -> Sequence[Any]: ...

    def run(self, part: str, keys: Sequence[Any]) -> list[Found]:
        """Simulate some of the settings on the images of a part, `search` or `confirm`.

        Returns what the network of each seed does.
        """


@dataclass(frozen=True, eq=False)
class Published:
    """A published method: scales for each seed's network, from its own training images.

    keys: factors that multiply all scales.
    """

    name: str
    kind: Kind
    benches: Sequence[Bench]
    networks: Sequence[Calibrated]
    keys: Sequence[float]

    def run(self, part: str, keys: Sequence[float]) -> list[Found]:
        """See `Way`."""
        return [
            bench.run(
                part, one, keys, self.kind.synapse_s, self.kind.readings, f"{self.name}, {part}"
            )
            for bench, one in zip(self.benches, self.networks, strict=True)
        ]

    def corrected(self, correction: str, factor: float, steps: int) -> "Published":
        """The same with one of `CORRECTIONS`, computed for a factor and a number of steps."""
        networks = [
            corrected(
                one,
                correction,
                bench.images[:CORRECTING_IMAGES],
                scaled(one, factor, self.kind.synapse_s),
                steps,
                engine=bench.search.engine,
                limits=bench.search.limits,
            )
            for bench, one in zip(self.benches, self.networks, strict=True)
        ]
        return Published(correction, self.kind, self.benches, networks, [factor])


def published(kind: Kind, benches: Sequence[Bench], methods: Sequence[str]) -> dict[str, Published]:
    """The published methods, with all factors."""
    by_seed = [bench.calibrated(methods) for bench in benches]
    return {
        name: Published(name, kind, benches, [found[name] for found in by_seed], kind.factors)
        for name in methods
    }


class Searched:
    """What `additive` finds if each layer has a factor of its own on top of a published method.

    keys: the settings that it asked for; scales are factors, the same for all seeds.
    """

    def __init__(self, base: Published, lost: float) -> None:
        """Search. lost: what may be lost against the trained network."""
        self.kind = base.kind
        self.benches = base.benches
        # Scales of 1 are those of the method.
        self._networks = [rescale(one.network, one.scales) for one in base.networks]
        found = self._on("search")
        scores = {seed: bench.search_scores for seed, bench in enumerate(self.benches)}
        self._evaluator = Evaluator(found, self.kind.readings, "searched, search", scores)
        layers = tuple(layer.name for layer in base.benches[0].network.spiking_layers)
        space = Space(layers, (self.kind.synapse_s,), tuple(sorted(map(float, base.keys))))
        asked: dict[Setting, None] = {}
        goal = self._evaluator.ann_accuracy - lost

        def ask(settings: Iterable[Setting]) -> list[Evaluation]:
            settings = list(settings)
            asked.update(dict.fromkeys(settings))
            return [best_reading(each, goal) for each in self._evaluator(settings)]

        evaluate = self._evaluator.evaluation
        additive(space, ask, goal, evaluate=evaluate, readings=self.kind.readings)
        self.keys = list(asked)

    def run(self, part: str, keys: Sequence[Setting]) -> list[Found]:
        """See `Way`."""
        evaluator = self._evaluator
        if part != "search":
            evaluator = Evaluator(self._on(part), self.kind.readings, f"searched, {part}")
            evaluator(keys)
        found: list[Found] = [{} for _ in self.benches]
        for setting, reading in product(keys, self.kind.readings):
            of_seeds = evaluator.outcomes(Candidate(setting, reading))
            for one, outcome in zip(found, of_seeds, strict=True):
                one[setting, reading] = outcome
        return found

    def _on(self, part: str) -> dict[int, Experiment]:
        pairs = zip(self.benches, self._networks, strict=True)
        return dict(enumerate(bench.on(part, network) for bench, network in pairs))
