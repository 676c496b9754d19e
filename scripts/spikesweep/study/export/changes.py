"""What changes if a reader of the file does what NIR says, or a chip has few bits of weights."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.readings import Candidate
from spikesweep.simulation.engine import simulate
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.fold import fold_affine
from spikesweep.snn.layers import Conv2D, Dense
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import IntegrateAndFire
from spikesweep.snn.voltages import with_start
from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES, accuracy_interval
from spikesweep.study.export.interpret import Dialect, play
from spikesweep.study.export.kernels import order_of
from spikesweep.study.export.to_nir import Exported

COLUMNS = [
    "change",
    "how",
    "images",
    "accuracy",
    "accuracy_low",
    "accuracy_high",
    "own_accuracy",
    "same_class",
    "spikes_per_image",
    "own_spikes_per_image",
    "spike_differences",
]
# Another network and setting that do the same as a dialect.
Instead = Callable[[SpikingNetwork, Setting], tuple[SpikingNetwork, Setting]]


@dataclass(frozen=True)
class Change:
    """One thing that is done otherwise than the study does it.

    dialect: for the interpreter of the graph.
    instead: for the engines, which are faster; None if they cannot do it.
    averaged: whether the answer is the mean over all steps: without filters, the score of a step
        holds the spikes of that step alone.
    """

    name: str
    dialect: Dialect
    instead: Instead | None = None
    averaged: bool = False


CHANGES = (
    Change("nothing", Dialect()),
    Change(
        "start at 0",
        Dialect(start=False),
        lambda network, setting: (with_start(network, "zero"), setting),
    ),
    Change(
        "signed current",
        Dialect(rectified=False),
        lambda network, setting: (with_neuron(network, IntegrateAndFire()), setting),
    ),
    Change("one spike per step", Dialect(most=1)),
    Change("reset to 0", Dialect(subtract=False)),
    Change("no delay", Dialect(delayed=False)),
    Change(
        "no filter, read from the mean",
        Dialect(filtered=False),
        lambda network, setting: (network, replace(setting, synapse_s=None)),
        averaged=True,
    ),
)


def change_table(
    experiment: Experiment,
    candidate: Candidate,
    exported: Exported | None,
    *,
    weight_bits: list[int],
    played_images: int,
) -> pd.DataFrame:
    """One row per change: accuracy, and how often the class is the same as without it.

    exported: the graph as read from its file; None if there is none: then only bits are tried.
    weight_bits: of signed whole numbers, one scale per layer; biases stay as they are.
    played_images: on how many images the interpreter plays the graph, where the engines
        cannot do the same; it is slower than they are.

    how: `engine`, or `file` if the interpreter played the graph.
    own_accuracy, own_spikes_per_image: of the study's own simulation of the same images.
    spike_differences: sum over all neurons and images of differences between spike counts, as a
        share of all spikes; only where nothing was changed.
    """
    network, setting = experiment.network, candidate.setting
    own = _run(experiment, candidate, network, setting)
    rows = []
    for change in _applicable(network, setting) if exported else ():
        if change.instead:
            changed = change.instead(network, setting)
            other = _run(experiment, candidate, *changed, averaged=change.averaged)
        else:
            assert exported is not None
            other = _play(experiment, candidate, exported, change.dialect, played_images)
        row: dict[str, Any] = {"change": change.name, "how": "engine" if change.instead else "file"}
        row |= _compared(own, other, experiment)
        row["spike_differences"] = np.nan if change.name != "nothing" else _differences(own, other)
        rows.append(row)
    for bits in weight_bits:
        other = _run(experiment, candidate, with_bits(network, bits), setting)
        row = {"change": f"{bits}-bit weights", "how": "engine"}
        rows.append({**row, **_compared(own, other, experiment)})
    return pd.DataFrame(rows, columns=COLUMNS)


def with_bits(network: SpikingNetwork, bits: int) -> SpikingNetwork:
    """The same network with weights of so many bits, after batch normalisation was folded.

    The largest magnitude of each layer becomes 2^(bits - 1) - 1.
    """
    folded = fold_affine(network)
    layers = tuple(
        replace(layer, kernel=_rounded(layer.kernel, bits))
        if isinstance(layer, Dense | Conv2D)
        else layer
        for layer in folded.layers
    )
    return replace(folded, layers=layers)


def _rounded(kernel: np.ndarray, bits: int) -> np.ndarray:
    step = float(np.abs(kernel).max()) / (2 ** (bits - 1) - 1)
    return (np.rint(kernel / step) * step).astype(np.float32) if step else kernel


def dialect_of(network: SpikingNetwork, dialect: Dialect) -> Dialect:
    """A dialect in which neurons also do what those of this network do."""
    neuron = network.spiking_layers[0].neuron
    if isinstance(neuron, IntegrateAndFire):
        limits = [limit for limit in (dialect.most, neuron.most_spikes_a_step) if limit]
        return replace(dialect, rectified=False, most=min(limits, default=None))
    return dialect


def _applicable(network: SpikingNetwork, setting: Setting) -> Iterator[Change]:
    """The changes that change something of this network, in its dialect."""
    own = dialect_of(network, Dialect())
    filtered = bool(setting.synapse_s)
    for change in CHANGES:
        dialect = dialect_of(network, change.dialect)
        idle = (
            (dialect == own and change.name != "nothing")
            or (not dialect.start and network.start == "zero")
            or ((not dialect.delayed or not dialect.filtered) and not filtered)
        )
        if not idle:
            yield replace(change, dialect=dialect)


@dataclass(frozen=True, eq=False)
class _Outcome:
    """classes: (images,); counts: (images, neurons) of each layer, in the study's order."""

    classes: np.ndarray
    counts: dict[str, np.ndarray]

    def spikes_of(self, images: int) -> float:
        """Spikes of one of the first images, on average."""
        return sum(float(counts[:images].sum()) for counts in self.counts.values()) / images


def _run(
    experiment: Experiment,
    candidate: Candidate,
    network: SpikingNetwork,
    setting: Setting,
    *,
    averaged: bool = False,
) -> _Outcome:
    [found] = simulate(
        network,
        experiment.images,
        [setting],
        candidate.reading.steps,
        engine=experiment.engine,
        limits=experiment.limits,
        neuron_spikes=True,
    )
    counts = {name: np.asarray(one.neuron_spikes) for name, one in found.layers.items()}
    if averaged:
        return _Outcome(found.scores.mean(axis=1).argmax(axis=1), counts)
    return _Outcome(candidate.reading.classes(found.scores), counts)


def _play(
    experiment: Experiment, candidate: Candidate, exported: Exported, dialect: Dialect, images: int
) -> _Outcome:
    network = experiment.network
    shown = experiment.images[:images].transpose(0, 3, 1, 2)
    found = play(exported.graph, shown, candidate.reading.steps, network.dt, dialect)
    counts = {}
    for name, node in exported.nodes.items():
        counts[name] = np.empty_like(found.counts(node))
        counts[name][:, order_of(network.by_name[name].shape)] = found.counts(node)
    return _Outcome(candidate.reading.classes(found.scores), counts)


def _differences(own: _Outcome, other: _Outcome) -> float:
    images = len(other.classes)
    differences = sum(
        int(np.abs(own.counts[name][:images] - counts).sum())
        for name, counts in other.counts.items()
    )
    return differences / max(1.0, other.spikes_of(images) * images)


def _compared(own: _Outcome, other: _Outcome, experiment: Experiment) -> dict[str, Any]:
    images = len(other.classes)
    labels = experiment.sample.labels[:images]
    right = int((other.classes == labels).sum())
    accuracy, low, high = accuracy_interval(right, images, CONFIDENCE_OF_ACCURACIES)
    return {
        "images": images,
        "accuracy": accuracy,
        "accuracy_low": low,
        "accuracy_high": high,
        "own_accuracy": float((own.classes[:images] == labels).mean()),
        "same_class": float((own.classes[:images] == other.classes).mean()),
        "spikes_per_image": other.spikes_of(images),
        "own_spikes_per_image": own.spikes_of(images),
    }
