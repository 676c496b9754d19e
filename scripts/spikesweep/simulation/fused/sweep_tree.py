"""A list of settings as a tree in which every common prefix is one path.

The spikes of a layer depend on its own scale, on all that feeds it, and, unless only the
image feeds it, on the synapse. So the first layer has a node for each of its scales,
whatever the synapse. Two settings separate at the first layer at which they differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spikesweep.simulation.fused.wiring import Population
from spikesweep.simulation.setting import Setting


@dataclass(frozen=True, eq=False)
class Node:
    """One way in which a population behaves, given the behaviour of those before it.

    population: index into the populations; the last is the readout.
    synapse_s: of its input; also None if no spikes feed it.
    scale: of its firing rates; 1 for the readout.
    settings: indices of the settings that pass through this node.
    children: the nodes of the next population.
    """

    population: int
    synapse_s: float | None
    scale: float
    settings: tuple[int, ...]
    children: tuple["Node", ...]


def sweep_tree(populations: Sequence[Population], settings: Sequence[Setting]) -> tuple[Node, ...]:
    """The nodes of the first population."""
    return _branches(populations, settings, tuple(range(len(settings))), 0)


def _branches(
    populations: Sequence[Population],
    settings: Sequence[Setting],
    passing: tuple[int, ...],
    depth: int,
) -> tuple[Node, ...]:
    if depth == len(populations):
        return ()
    population = populations[depth]
    groups: dict[tuple[float | None, float], list[int]] = {}
    for index in passing:
        setting = settings[index]
        synapse_s = setting.synapse_s if population.sources else None
        scale = 1.0 if population.layer is None else setting.scale_of(population.layer.name)
        groups.setdefault((synapse_s, float(scale)), []).append(index)
    return tuple(
        Node(
            depth,
            synapse_s,
            scale,
            tuple(group),
            _branches(populations, settings, tuple(group), depth + 1),
        )
        for (synapse_s, scale), group in groups.items()
    )
