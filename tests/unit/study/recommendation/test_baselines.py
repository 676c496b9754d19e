"""Published scales beside ours, on networks and answers small enough to know the result."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from spikesweep.conversion.calibration.scales import Calibrated
from spikesweep.experiments.readings import Reading
from spikesweep.simulation.engine import engine_named
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Add, Dense, Input, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import IntegrateAndFire, SpikingReLU
from spikesweep.study.recommendation.baselines.answers import JudgedAnswers
from spikesweep.study.recommendation.baselines.compared_tables import OURS, compared_methods
from spikesweep.study.recommendation.baselines.correction import corrected, with_bias
from spikesweep.study.recommendation.baselines.judge import Judged, chosen, judged, rank
from spikesweep.study.recommendation.evaluate import Outcome

# A scale at which 1 unit of output is 1 spike in a presentation.
STEPS = 4
SETTING = Setting.per_layer(None, {"hidden": 250.0})


def network(neuron=None, *, shared=False):
    """One image value x; two neurons that get 0.9 x and 2.5 x; the outputs are theirs."""
    shape = (2,)
    zeros = np.zeros(2, np.float32)
    layers = [
        Input("image", (), (1,)),
        Dense("hidden.current", ("image",), shape, np.array([[0.9, 2.5]], np.float32), zeros),
        Spiking("hidden", ("hidden.current",), shape, neuron or IntegrateAndFire(), zeros),
        Dense("output", ("hidden",), shape, np.eye(2, dtype=np.float32), zeros),
    ]
    if shared:
        layers[-1] = Add("output", ("hidden", "hidden.current"), shape)
    return SpikingNetwork(tuple(layers), 0, 0.001, np.float32(1), np.float32(0), start="zero")


def correct(method, neuron=None):
    return corrected(
        Calibrated(network(neuron), {"hidden": 250.0}),
        method,
        np.ones((3, 1), np.float32),
        SETTING,
        STEPS,
        engine=engine_named("fused"),
        limits=Limits(),
    ).network


def test_biases_grow_by_what_neurons_lack():
    # At 0.9 and 2.5 spikes a presentation they fire 0 and 2 times: 0.9 and 0.5 are lacking.
    found = correct("bias_correction").by_name["hidden.current"]
    np.testing.assert_allclose(found.bias, [0.9, 0.5], atol=2e-4)


def test_spikes_that_count_half_give_half():
    found = correct("bias_correction", IntegrateAndFire(amplitude=0.5)).by_name["hidden.current"]
    np.testing.assert_allclose(found.bias, [0.9, 1.5], atol=2e-4)


def test_voltages_grow_by_the_spikes_that_neurons_lack():
    changed = correct("potential_correction")
    np.testing.assert_allclose(changed.by_name["hidden"].initial_voltages, [0.9, 0.5], atol=2e-4)
    # No draw may replace them.
    assert changed.start == "half"


def test_voltages_of_neurons_that_never_go_below_zero_do_not_either():
    shot = replace(network(), layers=network().layers)
    hidden = shot.by_name["hidden"]
    from spikesweep.study.recommendation.baselines.correction import with_voltages

    lacking = np.array([-0.5, 0.25])
    signed = with_voltages(shot, hidden, lacking, 2.0).by_name["hidden"]
    np.testing.assert_allclose(signed.initial_voltages, [-1, 0.5])
    rectified = network(SpikingReLU())
    other = with_voltages(rectified, rectified.by_name["hidden"], lacking, 2.0).by_name["hidden"]
    np.testing.assert_allclose(other.initial_voltages, [0, 0.5])


def test_a_current_that_others_read_keeps_its_bias():
    shared = network(shared=True)
    changed = with_bias(shared, shared.by_name["hidden"], np.array([0.5, -1.0]), 1.0)
    assert changed.by_name["hidden.current"] is shared.by_name["hidden.current"]
    added = changed.by_name[changed.by_name["hidden"].inputs[0]]
    np.testing.assert_allclose(added.offset, [0.5, -1.0])
    assert added.inputs == ("hidden.current",)
    assert changed.by_name["output"].inputs == ("hidden", "hidden.current")


# ------------------------------------------------------------------------- choosing and judging

EARLY, LATE = Reading(10, "last"), Reading(20, "last")


class KnownWay:
    """Loses 100 / cost of 100 images on the images of the search, and twice as many on others."""

    name = "known"

    def __init__(self, costs):
        self.keys = costs

    def run(self, part, keys):
        found = {}
        for key in keys:
            for reading, share in ((EARLY, 0.5), (LATE, 1.0)):
                cost = key * share
                lost = 100 / cost * (1 if part == "search" else 2)
                right = np.arange(100) >= lost
                found[key, reading] = Outcome(right, 1.0, cost, {}, divergence=lost / 100)
        return [found]


def test_settings_near_the_accepted_loss_are_chosen_and_the_cheapest_is_marked():
    picked = chosen(KnownWay([5.0, 20.0, 50.0, 80.0]), 1.0, 0.05)
    # 20 / 2 loses 10 %, 5 loses 20 %, and 5 / 2 loses 40 %, too much.
    assert picked["synops_per_image"].tolist() == [5, 10, 20, 25, 40, 50, 80]
    [best] = picked[picked["best"]].itertuples()
    assert (best.key, best.reading) == (20.0, LATE)
    assert rank(picked, 0.95) == (False, 20.0)


def test_where_nothing_is_good_enough_the_most_accurate_is_marked_and_ranks_last():
    picked = chosen(KnownWay([5.0]), 1.0, 0.05)
    [best] = picked[picked["best"]].itertuples()
    assert (best.key, best.reading) == (5.0, LATE)
    assert rank(picked, 0.95) == (True, -0.8)
    assert rank(picked, 0.95) > rank(chosen(KnownWay([900.0]), 1.0, 0.05), 0.95)


def test_what_was_chosen_is_judged_on_other_images():
    way = KnownWay([20.0, 50.0])
    found = judged(way, chosen(way, 1.0, 0.05))
    assert found.table["synops_per_image"].tolist() == [10, 20, 25, 50]
    np.testing.assert_allclose(found.table["search_accuracy"], [0.9, 0.95, 0.96, 0.98])
    np.testing.assert_allclose(found.correct.mean(axis=1), [0.8, 0.9, 0.92, 0.96])


def answered(costs, losses):
    table = pd.DataFrame({"synops_per_image": np.array(costs, float)})
    correct = np.array([np.arange(1000) >= 1000 * loss for loss in losses])
    return Judged(table, correct)


CONFIG = {"accuracy_margin": 0.01, "confidence": 0.95, "bootstrap": 200, "bootstrap_seed": 0}
FACTS = {"network": "net", "neurons": "signed", "seeds": 1}


def compared(**found):
    picked = {
        name: pd.DataFrame(
            {"best": [False, True], "synops_per_image": [1, 7], "accuracy": [0.8, 0.99]}
        )
        for name in [*found, "never_judged"]
        if name != OURS
    }
    table = compared_methods(FACTS, picked, found, np.ones(1000, bool), CONFIG)
    return table.set_index("method")


def test_costs_are_compared_at_the_accepted_loss():
    ours = answered([10, 20, 40], [0.02, 0.01, 0.005])
    table = compared(searched=ours, dear=answered([20, 40], [0.02, 0.01]))
    assert table.index.tolist() == [OURS, "dear", "never_judged"]
    assert table["synops_per_image"].tolist()[:2] == pytest.approx([20, 40])
    assert table.loc["dear", "saving"] == pytest.approx(0.5)
    assert table["best"].tolist() == [False, True, False]
    assert table["judged"].tolist() == [True, True, False]
    assert table.loc["dear", "search_synops_per_image"] == 7
    assert np.isnan(table.loc["never_judged", "synops_per_image"])


def test_the_cheapest_of_ours_counts_where_even_it_loses_less():
    ours = answered([30], [0.0])
    table = compared(searched=ours, dear=answered([50, 60], [0.03, 0.0]))
    assert table.loc[OURS, "synops_per_image"] == pytest.approx(30)
    assert table.loc["dear", "saving_verdict"] == "saves"
    # Of others nothing is known then: they might cost less.
    table = compared(searched=ours, dear=answered([50], [0.0]))
    assert np.isnan(table.loc["dear", "synops_per_image"])
    assert table.loc["dear", "saving_verdict"] == "not comparable"
    assert not table["best"].any()


def test_stored_answers_are_found_by_seed_and_image():
    answers = JudgedAnswers(
        correct=np.arange(12).reshape(2, 2, 3) % 5 == 0,
        synops=np.ones((2, 2)),
        images=np.array([[7, 3, 9], [1, 2, 3]]),
    )
    # Of the second candidate: numbers 6, 7, 8 for the first seed, 9, 10, 11 for the second.
    np.testing.assert_array_equal(answers.of(1, np.array([3, 2])), [[True, False], [False, True]])
