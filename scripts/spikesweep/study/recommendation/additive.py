"""Search by the sensitivity of each layer alone, as if effects of layers added up.

With layers x scales settings it knows enough to order all combinations, however many layers there
are; a search step by step needs a setting for every layer at every step.

Source: Wang et al. (2025), Adaptive calibration, arXiv 2412.16219, sensitivity spike compression,
which chooses a threshold for each layer so; before them, Cai et al. (2020), ZeroQ, arXiv
2001.00281, the number of bits of each layer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from spikesweep.experiments.readings import Candidate, Reading
from spikesweep.simulation.setting import Setting
from spikesweep.study.recommendation.evaluate import Evaluation
from spikesweep.study.recommendation.methods import Ask, best_uniform
from spikesweep.study.recommendation.space import Space

# Combinations that are simulated at once, and how often, each time closer to the cheapest one that
# is accurate enough.
ASKED = 6
ROUNDS = 2
# Sums that are kept after each layer; all that none beats may be as many as there are combinations.
CELLS = 2000


def additive(
    space: Space,
    ask: Ask,
    goal: float,
    *,
    evaluate: Callable[[Candidate], Evaluation],
    readings: Sequence[Reading],
) -> None:
    """Change one layer at a time, add up what that does, and ask for the best combinations.

    From the highest scale in all layers, each layer is given each scale: what it saves is its
    contribution to the synops, and how much further the class probabilities are from those of the
    trained network is its contribution to the divergence (`evaluate.divergence`). A dynamic
    programme gives all combinations that no other one is predicted to beat. The synapse is that of
    the best uniform setting; each reading has sums of its own, from the same simulations.

    evaluate: what a setting that was asked for does when it is read so.
    """
    synapse = best_uniform(space, ask, goal).setting.synapse_s
    reference = space.uniform(synapse, space.scales[-1])
    changed = [
        [_changed(space, reference, layer, scale) for scale in space.scales]
        for layer in space.layers
    ]
    ask([reference, *(setting for of_layer in changed for setting in of_layer)])
    predicted: list[tuple[float, float, Setting]] = []
    for reading in readings:
        found = [[evaluate(Candidate(one, reading)) for one in of_layer] for of_layer in changed]
        start = evaluate(Candidate(reference, reading))
        costs = _numbers(found, "synops_per_image") - start.synops_per_image
        losses = _numbers(found, "divergence") - start.divergence
        for sums in best_sums(costs, losses):
            scales = [space.scales[place] for place in sums.choices]
            cost, loss = start.synops_per_image + sums.cost, start.divergence + sums.loss
            predicted.append((cost, loss, space.setting(synapse, scales)))
    _ask_near_the_goal(_unbeaten(predicted), ask, goal)


@dataclass(frozen=True)
class Sums:
    """A choice for each layer, and the sums of what the choices cost and lose."""

    cost: float
    loss: float
    choices: tuple[int, ...]


def best_sums(costs: np.ndarray, losses: np.ndarray) -> list[Sums]:
    """All choices of one column in each row that no other is as cheap and loses as little as.

    costs, losses: (rows, columns), of any sign. Cheapest first. Exact unless one row leads to more
    than `CELLS` sums that none beats: then, of those that cost about the same, the one that loses
    least is kept.

    A dynamic programme: a sum over the first rows that another one beats stays beaten, whatever is
    chosen in the others.
    """
    kept = [Sums(0.0, 0.0, ())]
    for row_costs, row_losses in zip(costs, losses, strict=True):
        grown = [
            Sums(one.cost + cost, one.loss + loss, (*one.choices, column))
            for one in kept
            for column, (cost, loss) in enumerate(zip(row_costs, row_losses, strict=True))
        ]
        kept = _thinned(_front(grown))
    return kept


def _front(sums: list[Sums]) -> list[Sums]:
    front: list[Sums] = []
    for one in sorted(sums, key=lambda one: (one.cost, one.loss, one.choices)):
        if not front or one.loss < front[-1].loss:
            front.append(one)
    return front


def _thinned(front: list[Sums]) -> list[Sums]:
    if len(front) <= CELLS:
        return front
    width = (front[-1].cost - front[0].cost) / CELLS
    # The last one of a cell loses least.
    cells = {int((one.cost - front[0].cost) / width): one for one in front[1:]}
    return [front[0], *cells.values()]


def _unbeaten(predicted: list[tuple[float, float, Setting]]) -> list[Setting]:
    """The settings of the front over all readings, cheapest first."""
    front: list[tuple[float, float, Setting]] = []
    for one in sorted(predicted, key=lambda one: one[:2]):
        if not front or one[1] < front[-1][1]:
            front.append(one)
    return list(dict.fromkeys(setting for _, _, setting in front))


def _ask_near_the_goal(front: list[Setting], ask: Ask, goal: float) -> None:
    """Ask for some of the front, then for more next to the cheapest that is accurate enough."""
    low, high = 0, len(front) - 1
    for _ in range(ROUNDS):
        places = np.unique(np.linspace(low, high, ASKED).round().astype(int))
        found = ask([front[place] for place in places])
        enough = [place for place, one in zip(places, found, strict=True) if one.accuracy >= goal]
        if not enough:
            return
        at = int(np.searchsorted(places, min(enough)))
        low, high = int(places[max(at - 1, 0)]), int(places[at])


def _changed(space: Space, reference: Setting, layer: str, scale: float) -> Setting:
    scales = [scale if name == layer else reference.scale_of(name) for name in space.layers]
    return space.setting(reference.synapse_s, scales)


def _numbers(found: list[list[Evaluation]], name: str) -> np.ndarray:
    return np.array([[getattr(one, name) for one in of_layer] for of_layer in found])
