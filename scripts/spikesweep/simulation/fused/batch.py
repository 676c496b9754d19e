"""Results of one batch of images at all settings."""

from collections.abc import Iterator, Sequence

import numpy as np

from spikesweep.simulation.fused.sweep_tree import Node
from spikesweep.simulation.fused.wiring import Population
from spikesweep.simulation.response import LayerActivity, Response
from spikesweep.simulation.setting import Setting


class Batch:
    """Arrays that the workers fill, for each node of the sweep's tree.

    Settings that share a node share its arrays.
    """

    def __init__(
        self,
        populations: Sequence[Population],
        tree: Sequence[Node],
        first: int,
        count: int,
        steps: int,
        classes: int,
        neuron_spikes: bool,
    ) -> None:
        self.first = first
        self.count = count
        self.activity: dict[Node, LayerActivity] = {}
        self.scores: dict[Node, np.ndarray] = {}
        self._populations = populations
        self._tree = tree
        for node in _all_nodes(tree):
            population = populations[node.population]
            if population.layer is None:
                self.scores[node] = np.empty((count, steps, classes), np.float32)
            else:
                self.activity[node] = LayerActivity(
                    spikes_by_step=np.empty((count, steps), np.int64),
                    synops_by_step=np.empty((count, steps), np.int64),
                    neuron_spikes=np.empty((count, population.neurons), np.int64)
                    if neuron_spikes
                    else None,
                )

    @property
    def nbytes(self) -> int:
        """Size of all arrays."""
        arrays = [*self.scores.values()]
        for activity in self.activity.values():
            arrays += [activity.spikes_by_step, activity.synops_by_step]
            arrays += [] if activity.neuron_spikes is None else [activity.neuron_spikes]
        return sum(array.nbytes for array in arrays)

    def responses(self, settings: Sequence[Setting]) -> Iterator[Response]:
        """One response for each setting."""
        yield from self._responses(settings, self._tree, {})

    def _responses(
        self,
        settings: Sequence[Setting],
        nodes: Sequence[Node],
        layers: dict[str, LayerActivity],
    ) -> Iterator[Response]:
        for node in nodes:
            layer = self._populations[node.population].layer
            if layer is None:
                for index in node.settings:
                    yield Response(settings[index], self.first, self.scores[node], layers)
            else:
                passed = {**layers, layer.name: self.activity[node]}
                yield from self._responses(settings, node.children, passed)


def _all_nodes(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _all_nodes(node.children)
