"""An experiment that shares its images among several draws of the initial voltages."""

from dataclasses import replace

import numpy as np
import pytest
from fused_networks import random_images, random_network

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.samples import Sample
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.snn.voltages import with_draw

SETTINGS = [Setting(0.01, 4.0), Setting(None, 2.0)]


@pytest.fixture
def experiment():
    network = replace(
        random_network("conv", 1, SpikingReLU()),
        input_scale=np.float32(1),
        input_offset=np.float32(0),
    )
    images = random_images(11)
    sample = Sample(images, np.arange(11) % 2, np.arange(11) % 2, np.arange(11) + 5)
    return Experiment(network, sample.grouped(3), 20, engine_named("fused"), Limits(), 3)


def test_images_are_grouped_by_draw_and_none_is_lost(experiment):
    assert experiment.draws.tolist() == sorted(experiment.draws.tolist())
    assert set(experiment.draws) == {0, 1, 2}
    assert sorted(experiment.sample.indices) == list(range(5, 16))
    np.testing.assert_array_equal(experiment.sample.indices % 3, experiment.draws)
    np.testing.assert_array_equal((experiment.sample.indices - 5) % 2, experiment.sample.labels)


def test_each_image_sees_the_voltages_of_its_draw(experiment):
    responses = experiment.simulate(SETTINGS)
    for draw in range(3):
        own = experiment.draws == draw
        alone = simulate(
            with_draw(experiment.network, draw),
            experiment.images[own],
            SETTINGS,
            20,
            engine=experiment.engine,
        )
        for together, single in zip(responses, alone, strict=True):
            np.testing.assert_array_equal(together.scores[own], single.scores)


def test_streamed_images_come_each_once(experiment):
    for setting in SETTINGS:
        seen = [
            index
            for response in experiment.stream(SETTINGS, "network")
            if response.setting == setting
            for index in range(response.first, response.first + len(response.scores))
        ]
        assert sorted(seen) == list(range(11))


def test_an_image_sees_the_same_draw_in_a_smaller_sample(experiment):
    sample = experiment.sample
    smaller = Sample(*(getattr(sample, name)[:4] for name in vars(sample)))
    np.testing.assert_array_equal(smaller.draws(3), experiment.draws[:4])
