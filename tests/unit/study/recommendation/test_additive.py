"""Search by adding up what single layers do, where everything is known."""

from itertools import product

import numpy as np
import pytest

from spikesweep.experiments.readings import readings
from spikesweep.study.recommendation import additive as module
from spikesweep.study.recommendation.additive import additive, best_sums
from spikesweep.study.recommendation.evaluate import Evaluation, divergence
from spikesweep.study.recommendation.space import Space

READINGS = readings([10, 20], ["last"])


def test_divergence_of_two_classes():
    # Probabilities 3/4, 1/4 and 1/2, 1/2: (1/4)(log 3/2) + (-1/4)(log 1/2) = log(3) / 4.
    found = divergence(np.log([[3.0, 1.0]]), np.array([[5.0, 5.0]]))
    np.testing.assert_allclose(found, [np.log(3) / 4])
    scores = np.random.default_rng(0).normal(0, 3, (4, 5))
    np.testing.assert_allclose(divergence(scores, scores + 7), 0, atol=1e-12)


def test_best_sums_by_hand():
    # Of the four sums (cost, loss) = (3, 3), (7, 2), (4, 4), (8, 3) the last two are beaten.
    found = best_sums(np.array([[1, 2], [2, 6]]), np.array([[1, 2], [2, 1]]))
    assert [(one.cost, one.loss, one.choices) for one in found] == [(3, 3, (0, 0)), (7, 2, (0, 1))]


@pytest.mark.parametrize("seed", range(5))
def test_best_sums_are_those_of_all_combinations(seed):
    rng = np.random.default_rng(seed)
    costs, losses = rng.normal(0, 1, (2, 4, 5))
    every = sorted(
        (costs[range(4), choice].sum(), losses[range(4), choice].sum())
        for choice in product(range(5), repeat=4)
    )
    front, least = [], np.inf
    for cost, loss in every:
        if loss < least:
            front.append((cost, loss))
            least = loss
    found = [(one.cost, one.loss) for one in best_sums(costs, losses)]
    np.testing.assert_allclose(found, front)


def test_of_thirty_layers_sums_stay_few_and_close_to_the_best(monkeypatch):
    rng = np.random.default_rng(0)
    scales = np.array([1, 2, 4, 8])
    costs = rng.uniform(1, 100, (30, 1)) * scales
    losses = rng.uniform(1, 100, (30, 1)) / scales
    fine = best_sums(costs, losses)
    monkeypatch.setattr(module, "CELLS", 200)
    coarse = best_sums(costs, losses)
    assert len(coarse) <= 201 < len(fine) <= 2001
    kept = np.array([(one.cost, one.loss) for one in coarse])
    found = np.interp([one.cost for one in fine], kept[:, 0], kept[:, 1])
    assert (found / [one.loss for one in fine]).max() < 1.05


class Additive:
    """Each layer loses its sensitivity over its scale, and costs its weight times its scale."""

    SENSITIVITY = np.array([1.0, 8.0, 0.1, 3.0])
    SYNOPS = np.array([100.0, 10.0, 40.0, 1.0])

    def __init__(self, space):
        self.space, self.asked = space, []

    def ask(self, settings):
        settings = list(settings)
        self.asked += settings
        return [self.at(setting, READINGS[-1]) for setting in settings]

    def evaluate(self, candidate):
        assert candidate.setting in self.asked
        return self.at(candidate.setting, candidate.reading)

    def at(self, setting, reading):
        scales = np.array([setting.scale_of(layer) for layer in self.space.layers])
        lost = (self.SENSITIVITY / scales).sum() * 20 / reading.steps
        synops = (self.SYNOPS * scales).sum() * reading.steps / 20
        return Evaluation(setting, reading, 1 - 0.1 * lost, 0.0, synops, {}, divergence=lost)


def test_it_finds_the_optimum_of_an_additive_network_in_few_settings(monkeypatch):
    space = Space(("a", "b", "c", "d"), (0.01,), (1.0, 2.0, 4.0, 8.0, 16.0, 32.0))
    network, goal = Additive(space), 0.9
    additive(space, network.ask, goal, evaluate=network.evaluate, readings=READINGS)
    everything = [network.at(setting, READINGS[-1]) for setting in space.all_settings()]
    best = min(one.synops_per_image for one in everything if one.accuracy >= goal)
    found = [network.at(setting, READINGS[-1]) for setting in network.asked]
    cheapest = min(one.synops_per_image for one in found if one.accuracy >= goal)
    assert cheapest <= 1.1 * best
    uniform = [network.at(one, READINGS[-1]) for one in space.all_uniform()]
    assert cheapest < min(one.synops_per_image for one in uniform if one.accuracy >= goal)
    # Uniform ones, 4 layers x 6 scales, and two rounds near the goal, of 1,296.
    assert len(set(network.asked)) <= 6 + 24 + 12
