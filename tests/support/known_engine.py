"""A tiny network and an engine whose responses are known."""

import numpy as np
import pytest

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.samples import Sample
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.response import LayerActivity, Response
from spikesweep.snn.layers import Dense, Input, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU


@pytest.fixture
def network():
    """2 pixels, 3 neurons of fan-out 2, 2 classes."""
    return SpikingNetwork(
        (
            Input("image", (), (2,)),
            Dense("hidden.current", ("image",), (3,), np.ones((2, 3), "f4"), np.zeros(3, "f4")),
            Spiking("hidden", ("hidden.current",), (3,), SpikingReLU(), np.zeros(3, "f4")),
            Dense("output", ("hidden",), (2,), np.ones((3, 2), "f4"), np.zeros(2, "f4")),
        ),
        seed=0,
        dt=0.001,
        input_scale=np.float32(1),
        input_offset=np.float32(0),
    )


@pytest.fixture
def sample():
    """Four images; the trained network is right on the first three."""
    return Sample(
        images=np.zeros((4, 2), np.uint8),
        labels=np.array([0, 1, 0, 1]),
        ann_classes=np.array([0, 1, 0, 0]),
        indices=np.array([3, 5, 6, 8]),
    )


class KnownEngine:
    """Says class 1 until step 5, then the image's number modulo 2.

    Neuron n fires n times, at step 10; each spike costs two synaptic operations.
    """

    name = "known"

    def refusal(self, network):
        return None

    def run(self, network, images, settings, steps, *, limits, neuron_spikes=False, progress=None):
        for first in range(0, len(images), 3):
            for setting in settings:
                some = len(images[first : first + 3])
                scores = np.zeros((some, steps, 2), np.float32)
                scores[:, :5, 1] = 1
                for image in range(some):
                    scores[image, 5:, (first + image) % 2] = 1
                spikes = np.tile(np.arange(3, dtype=np.int32), (some, 1))
                by_step = np.zeros((some, steps), np.int64)
                by_step[:, 9] = spikes.sum(axis=1)
                activity = LayerActivity(by_step, 2 * by_step, spikes if neuron_spikes else None)
                yield Response(setting, first, scores, {"hidden": activity})


@pytest.fixture
def engine():
    return KnownEngine()


@pytest.fixture
def experiment(network, sample, engine):
    """The network is shown the sample for 20 steps, and its responses are known."""
    return Experiment(network, sample, 20, engine, Limits())
