"""Read-outs, worked out by hand, and against what the engines do."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fused_networks import Builder

from spikesweep.config.check import read_schema
from spikesweep.plots.levels import SCORES_READ
from spikesweep.report.ways import READ_OUTS as IN_SENTENCES
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.readout import (
    READ_OUTS,
    averaged_steps,
    last,
    mean,
    mean_from,
    read_after,
    settled,
    step_response,
)
from spikesweep.simulation.setting import Setting
from spikesweep.snn.neurons import IntegrateAndFire

# One image, four steps, two classes.
SCORES = np.array([[[0, 1], [4, 1], [2, 4], [6, -2]]], np.float32)


def test_last_is_the_step_itself():
    assert last(SCORES).tolist() == SCORES.tolist()


def test_mean_of_all_steps_so_far():
    assert mean(SCORES).tolist() == [[[0, 1], [2, 1], [2, 2], [3, 1]]]


def test_mean_from_a_step_on():
    assert mean_from(SCORES, 3).tolist() == [[[0, 1], [4, 1], [2, 4], [4, 1]]]
    assert mean_from(SCORES, 4).tolist() == last(SCORES).tolist()
    for first in (0, 5):
        with pytest.raises(ValueError, match=f"found {first}; there are steps 1 to 4"):
            mean_from(SCORES, first)


def test_mean_of_the_later_half_of_the_steps_so_far():
    # Steps 1, 2, 2 and 3, 3 and 4.
    assert READ_OUTS["second_half"](SCORES).tolist() == [[[0, 1], [4, 1], [3, 2.5], [4, 1]]]


def test_mean_of_the_last_third_of_the_steps_so_far():
    # One step of 1 to 5, two of 6.
    scores = np.array([0, 1, 2, 4, 8, 16], np.float32)[None, :, None]
    assert READ_OUTS["last_third"](scores)[0, :, 0].tolist() == [0, 1, 2, 4, 8, 12]


@pytest.mark.parametrize("read_out", READ_OUTS)
def test_a_single_step_is_read_as_all_steps_are(read_out):
    scores = np.random.default_rng(0).normal(size=(3, 13, 4)).astype(np.float32)
    of_all = READ_OUTS[read_out](scores)
    for steps in range(1, 14):
        single = read_after(scores, read_out, steps)
        np.testing.assert_allclose(single, of_all[:, steps - 1], rtol=1e-4, atol=1e-6)


def test_numbers_of_scores_that_are_averaged():
    assert {name: averaged_steps(name, 8) for name in READ_OUTS} == {
        "last": 1,
        "mean": 8,
        "second_half": 4,
        "last_third": 2,
    }


def test_every_read_out_has_words_and_is_allowed_in_the_config():
    schema = read_schema(Path(__file__).parents[3] / "config" / "schema.yaml")
    assert list(SCORES_READ) == list(READ_OUTS) == schema["$defs"]["read_out"]["enum"]
    assert list(IN_SENTENCES) == list(READ_OUTS)


def test_many_small_scores_are_added_exactly_enough():
    scores = np.full((1, 20_000, 1), 0.1, np.float32)
    assert mean(scores)[0, -1, 0] == pytest.approx(np.float32(0.1), rel=1e-9)


def test_settled_weighs_the_bias_as_at_the_end():
    # Class 1 wins by its bias until the signal, half arrived at step 3, is given its full weight.
    bias, response = np.array([0.0, 2.0]), np.array([0.0, 0.25, 0.5, 1.0])
    scores = bias + response[:, None] * np.array([3.0, 0.0])
    read = settled(scores[None].astype(np.float32), bias, response)
    assert read.tolist() == [[[0, 2], [3, 2], [3, 2], [3, 2]]]
    assert scores.argmax(axis=1).tolist() == [1, 1, 1, 0]


def test_step_responses_worked_out_by_hand():
    assert step_response(None, 3, 3, 0.001).tolist() == [1, 1, 1]
    # A synapse of 0 is a delay of one step.
    assert step_response(0.0, 2, 4, 0.001).tolist() == [0, 0, 1, 1]
    half = 0.001 / np.log(2)
    assert step_response(half, 1, 4, 0.001) == pytest.approx([0, 1 / 2, 3 / 4, 7 / 8])
    assert step_response(half, 2, 4, 0.001) == pytest.approx([0, 0, 1 / 4, 1 / 2])


@pytest.mark.parametrize("synapse_s", [None, 0.0, 0.004])
def test_settled_is_exact_where_layers_behind_the_first_have_no_bias(synapse_s):
    """Rates so high that rounding to spikes is no more than a thousandth of them."""
    b = Builder(0, (2, 2, 1), IntegrateAndFire())
    b.reshape(), b.dense(12), b.spiking(), b.dense(9), b.spiking(), b.dense(4)
    network = b.network()
    second = network.spiking_layers[1].inputs[0]
    layers = [
        replace(layer, bias=0 * layer.bias) if layer.name == second else layer
        for layer in network.layers
    ]
    network = replace(network, layers=tuple(layers))
    images = np.arange(8, dtype=np.float32).reshape(2, 2, 2, 1)
    (response,) = simulate(
        network, images, [Setting(synapse_s, 2.0**20)], 60, engine=engine_named("fused")
    )
    bias = network.readout.bias
    arrived = step_response(synapse_s, 2, 60, network.dt)
    read = settled(response.scores, bias, arrived)
    rates = np.maximum(images.reshape(2, -1) @ network.layers[2].kernel + network.layers[2].bias, 0)
    final = np.maximum(rates @ network.by_name[second].kernel, 0) @ network.readout.kernel + bias
    assert np.abs(final).max() > 10
    visible = arrived > 0.01
    np.testing.assert_allclose(
        read[:, visible], np.broadcast_to(final[:, None], read[:, visible].shape), atol=0.05
    )
    before = response.scores[:, arrived == 0]
    np.testing.assert_allclose(before, np.broadcast_to(bias, before.shape))
