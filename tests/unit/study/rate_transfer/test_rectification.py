"""What rectified noise adds to the outputs of a network, against noise that is drawn."""

from dataclasses import replace

import numpy as np
import pytest
from fused_networks import random_images, random_network

from spikesweep.experiments.experiment import Experiment
from spikesweep.experiments.samples import Sample
from spikesweep.simulation.engine import engine_named
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.layers import Dense, Input, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import IntegrateAndFire, SpikingReLU
from spikesweep.snn.rates import output_of, passed_variance, rates
from spikesweep.snn.rectified import rectified_mean
from spikesweep.study.rate_transfer.rectification import rectified

SYNAPSE = 0.01


def test_mean_of_a_rectified_normal():
    mean = np.array([-3.0, -1.0, 0.0, 0.5, 4.0])
    drawn = np.maximum(mean[:, None] + 2.0 * np.random.default_rng(0).normal(size=400_000), 0)
    found = rectified_mean(mean, np.full(5, 2.0))
    np.testing.assert_allclose(found, drawn.mean(axis=1), rtol=0.02)
    # Half of the deviation over the root of pi / 2, where the mean is zero.
    assert found[2] == pytest.approx(2.0 / np.sqrt(2 * np.pi))
    np.testing.assert_array_equal(rectified_mean(mean, 0 * mean), np.maximum(mean, 0))


@pytest.mark.parametrize("shape", ["conv", "pooled", "padded", "normalised"])
def test_variances_pass_layers_as_those_of_drawn_noise(shape):
    network, rng = random_network(shape, seed=3), np.random.default_rng(1)
    outputs = rates(network, random_images(1))
    for layer in network.layers:
        if isinstance(layer, Input | Spiking):
            continue
        inputs = [outputs[name] for name in layer.inputs]
        variances = [np.abs(one) + 1 for one in inputs]
        noisy = [
            one + np.sqrt(variance) * rng.normal(size=(3000, *one.shape[1:]))
            for one, variance in zip(inputs, variances, strict=True)
        ]
        drawn = output_of(layer, noisy).var(axis=0)
        np.testing.assert_allclose(drawn, passed_variance(layer, variances)[0], rtol=0.25)


def two_layers(neuron):
    """Many neurons that fire slowly drive others whose mean current is about zero."""
    rng = np.random.default_rng(0)
    kernel = rng.normal(0, 0.2, (200, 100)).astype("f4")
    kernel -= kernel.mean(axis=0)
    parts = [
        Input("image", (), (4,)),
        Dense("one.current", ("image",), (200,), np.ones((4, 200), "f4"), np.zeros(200, "f4")),
        Spiking("one", ("one.current",), (200,), neuron, rng.random(200, dtype=np.float32)),
        Dense("two.current", ("one",), (100,), kernel, np.zeros(100, "f4")),
        Spiking("two", ("two.current",), (100,), neuron, rng.random(100, dtype=np.float32)),
        Dense("output", ("two",), (3,), np.ones((100, 3), "f4"), np.zeros(3, "f4")),
    ]
    return SpikingNetwork(tuple(parts), 0, 0.001, np.float32(1), np.float32(0))


def measured_rates(network, scale, steps=3000, settled=200):
    sample = Sample(np.ones((2, 4), np.uint8), *(np.zeros(2, int) for _ in range(3)))
    experiment = Experiment(network, sample, steps, engine_named("fused"), Limits())
    [response] = experiment.simulate([Setting(SYNAPSE, scale)])
    return {
        name: activity.spikes_by_step[:, settled:].mean() / layer.neurons / network.dt
        for layer, (name, activity) in zip(
            network.spiking_layers, response.layers.items(), strict=True
        )
    }


@pytest.mark.parametrize("scale", [1.0, 5.0, 20.0])
def test_rates_are_those_that_nengo_dls_neuron_fires_at(scale):
    network = two_layers(SpikingReLU())
    measured = measured_rates(network, scale)
    images = np.ones((1, 4), np.float32)
    [found] = rectified(network, images, [{"one": scale, "two": scale}], SYNAPSE)
    nominal = float(rates(network, images)["two"].mean())
    assert found.means["one"] * scale == pytest.approx(measured["one"], rel=0.01)
    assert found.means["two"] * scale == pytest.approx(measured["two"], rel=0.1)
    # The current is about zero, so nearly all of the rate is due to noise.
    assert found.means["two"] > 3 * nominal


def test_signed_neurons_have_no_bias():
    network = with_neuron(two_layers(SpikingReLU()), IntegrateAndFire())
    images = np.ones((1, 4), np.float32)
    [found] = rectified(network, images, [{"one": 1.0, "two": 1.0}], SYNAPSE)
    expected = rates(network, images)
    # The currents of the second layer are zero up to rounding.
    assert found.means["two"] == pytest.approx(float(expected["two"].mean()), abs=1e-6)
    np.testing.assert_allclose(found.scores, expected["output"], atol=1e-4)


def test_rates_that_underflow_leave_no_holes():
    network = two_layers(SpikingReLU())
    faint = replace(network, input_scale=np.float32(1e-30))
    images = faint.prepare(np.ones((1, 4), np.uint8))
    [found] = rectified(faint, images, [{"one": 1.0, "two": 1.0}], SYNAPSE)
    assert np.isfinite(found.scores).all()


@pytest.mark.parametrize("shape", ["dense", "conv", "residual"])
def test_what_scales_share_is_computed_once_and_changes_nothing(shape):
    network, images = random_network(shape, seed=5), random_images(30)
    names = [layer.name for layer in network.spiking_layers]
    base = dict.fromkeys(names, 3.0)
    scales = [base, *(base | {name: 30.0} for name in names), base]
    together = rectified(network, images, scales, SYNAPSE)
    for found, of in zip(together, scales, strict=True):
        [alone] = rectified(network, images, [of], SYNAPSE)
        np.testing.assert_array_equal(found.scores, alone.scores)
        assert found.means == alone.means
    assert together[0].means != together[1].means
