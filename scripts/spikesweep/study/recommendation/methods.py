"""Ways to search for a cheap setting that is accurate enough.

Each takes the `Space`, `ask`, which evaluates settings together, each at its best reading, and
`goal`, the lowest accuracy that is good enough. Its result is the best of the settings that it
asked for.
"""

import math
from collections.abc import Callable, Iterable

from spikesweep.simulation.setting import Setting
from spikesweep.study.recommendation.evaluate import Evaluation
from spikesweep.study.recommendation.space import Space

Ask = Callable[[Iterable[Setting]], list[Evaluation]]
Method = Callable[[Space, Ask, float], None]

BISECTIONS = 3
STEPS_TO_SPARE = 2


def uniform(space: Space, ask: Ask, goal: float) -> None:
    """All layers have one scale: those of the space, then finer ones next to the cheapest.

    With a scale for each layer, many settings lie between two uniform ones. Without finer
    scales, scaling by layer would seem to save synops merely because it has them.
    """
    for synapse in space.synapse_s:
        found = ask([space.uniform(synapse, scale) for scale in space.scales])
        enough = [index for index, one in enumerate(found) if one.accuracy >= goal]
        cheapest = min(enough, key=lambda index: found[index].synops_per_image, default=0)
        if cheapest == 0:
            continue
        best, low = found[cheapest], space.scales[cheapest - 1]
        high = space.scales[cheapest]
        for _ in range(BISECTIONS):
            # Three digits suffice, and look like what one would write into a config.
            middle = float(f"{math.sqrt(low * high):.3g}")
            [one] = ask([space.uniform(synapse, middle)])
            if one.accuracy >= goal and one.synops_per_image <= best.synops_per_image:
                best, high = one, middle
            else:
                low = middle


def greedy_by_rate(space: Space, ask: Ask, goal: float) -> None:
    """From the lowest scales up to the highest: each step raises the layer that fires slowest.

    The synapse is that of the best uniform setting.
    """
    synapse = best_uniform(space, ask, goal).setting.synapse_s
    [here] = ask([space.uniform(synapse, space.scales[0])])
    while True:
        raised = {
            layer: setting
            for layer in space.layers
            if (setting := space.step(here.setting, layer, +1)) is not None
        }
        if not raised:
            return
        slowest = min(raised, key=lambda layer: here.rates_hz[layer])
        [here] = ask([raised[slowest]])


def greedy_by_saving(space: Space, ask: Ask, goal: float) -> None:
    """From a uniform setting with accuracy to spare down, as long as the accuracy is good enough.

    Each step lowers the layer that saves most synops for the accuracy that it costs. The start
    has scales a few steps above those of the best uniform setting: going down from there, a
    layer may keep more than the uniform scale so that another needs less. If the start itself
    is not accurate enough, no accuracy is given up.
    """
    best = best_uniform(space, ask, goal).setting
    index = space.scales.index(best.scale_of(space.layers[0])) + STEPS_TO_SPARE
    start = space.scales[min(index, len(space.scales) - 1)]
    [here] = ask([space.uniform(best.synapse_s, start)])
    goal = min(goal, here.accuracy)
    while True:
        lowered = [space.step(here.setting, layer, -1) for layer in space.layers]
        found = [one for one in ask(filter(None, lowered)) if one.accuracy >= goal]
        if not found:
            return
        here = max(found, key=lambda one: _saved_for_lost(here, one))


def exhaustive(space: Space, ask: Ask, goal: float) -> None:
    """Every setting of the space."""
    ask(space.all_settings())


def best_uniform(space: Space, ask: Ask, goal: float) -> Evaluation:
    """The cheapest uniform setting that is accurate enough; if none is, the most accurate."""
    found = ask(space.all_uniform())
    enough = [one for one in found if one.accuracy >= goal]
    if enough:
        return min(enough, key=lambda one: one.synops_per_image)
    return max(found, key=lambda one: one.accuracy)


def _saved_for_lost(here: Evaluation, there: Evaluation) -> float:
    """Logarithm of the synops that a step saves, for the accuracy that it loses."""
    saved = math.log1p(here.synops_per_image) - math.log1p(there.synops_per_image)
    # Among steps that lose nothing, or seem to gain, the one that saves most.
    return saved / max(here.accuracy - there.accuracy, 0.001)
