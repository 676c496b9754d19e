"""One image with the spikes that it causes, to check another implementation by."""

from typing import Any

import numpy as np

from spikesweep.experiments.readings import Candidate
from spikesweep.simulation.engine import engine_for, simulate
from spikesweep.simulation.interface import Limits
from spikesweep.snn.network import SpikingNetwork
from spikesweep.study.export.changes import dialect_of
from spikesweep.study.export.interpret import Dialect, play
from spikesweep.study.export.to_nir import Exported


def example(
    network: SpikingNetwork,
    candidate: Candidate,
    exported: Exported | None,
    image: np.ndarray,
    label: int,
    engine: str,
    limits: Limits,
) -> dict[str, Any]:
    """Arrays of an .npz file.

    image: (height, width, channels) uint8; input: (channels, height, width) float32, what the
        graph receives in each step.
    label: its true class; answer: the class that the network gives.
    scores: (steps, classes) float32, the readout after each step.
    counts/<layer>: (neurons,) spikes of each neuron over the presentation, in the order of the
        study, channels last.
    spikes/<node>: (steps, neurons) spikes in each step in the order of the graph, channels
        first; only if there is a graph.
    """
    steps = candidate.reading.steps
    prepared = network.prepare(image[None])
    [found] = simulate(
        network,
        prepared,
        [candidate.setting],
        steps,
        engine=engine_for(network, engine),
        limits=limits,
        neuron_spikes=True,
    )
    arrays: dict[str, Any] = {
        "image": image,
        "input": prepared[0].transpose(2, 0, 1),
        "label": np.int64(label),
        "answer": np.int64(candidate.reading.classes(found.scores)[0]),
        "scores": found.scores[0],
    }
    for name, activity in found.layers.items():
        arrays[f"counts/{name}"] = np.asarray(activity.neuron_spikes)[0]
    if exported:
        dialect = dialect_of(network, Dialect())
        shown = prepared.transpose(0, 3, 1, 2)
        played = play(exported.graph, shown, steps, network.dt, dialect)
        arrays |= {f"spikes/{node}": spikes[0] for node, spikes in played.spikes.items()}
    return arrays
