"""A difference that an earlier layer explains is told apart from one that nothing explains."""

import numpy as np

from spikesweep.simulation.response import LayerActivity, Response
from spikesweep.simulation.setting import Setting
from spikesweep.study.engine_agreement.differences import differences

IMAGES, STEPS, NEURONS = 3, 4, 5


def response(counts=(), steps=()):
    """Two layers: spikes at (layer, image, neuron), and of all neurons at (layer, image, step)."""
    layers = {}
    for name in ("early", "late"):
        by_step = np.zeros((IMAGES, STEPS), np.int64)
        neuron_spikes = np.zeros((IMAGES, NEURONS), np.int64)
        for layer, image, neuron in counts:
            neuron_spikes[image, neuron] += layer == name
        for layer, image, step in steps:
            by_step[image, step] += layer == name
        layers[name] = LayerActivity(by_step, by_step, neuron_spikes)
    scores = np.zeros((IMAGES, STEPS, 2), np.float32)
    return Response(
        Setting.from_config({"synapse_s": None, "scale_firing_rates": 1}), 0, scores, layers
    )


def test_equal_simulations_do_not_differ():
    assert differences(response(), response()) == (0, 0, 2 * IMAGES * NEURONS)


def test_a_later_layer_of_the_same_image_is_explained():
    ours = response([("early", 1, 0), ("late", 1, 2), ("late", 1, 3)])
    assert differences(ours, response())[:2] == (3, 1)


def test_a_later_layer_of_another_image_is_not():
    ours = response([("early", 1, 0), ("late", 2, 2), ("late", 2, 3)])
    assert differences(ours, response())[:2] == (3, 3)


def test_a_spike_that_moves_by_a_step_explains_what_follows():
    ours = response([("late", 0, 2)], steps=[("early", 0, 1)])
    reference = response(steps=[("early", 0, 2)])
    assert differences(ours, reference)[:2] == (1, 0)
