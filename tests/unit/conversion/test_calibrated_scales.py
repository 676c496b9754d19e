"""Thresholds become scales and weights that give them to neurons."""

import numpy as np
import pytest

from spikesweep.conversion.calibration.scales import calibrated
from spikesweep.conversion.calibration.thresholds import THRESHOLDS, per_channel, percentile
from spikesweep.simulation.as_rates import as_rates
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.neurons import IntegrateAndFire


@pytest.fixture(scope="module")
def found(network, images):
    return as_rates(network, images, engine=engine_named("fused"), limits=Limits()).activations


def test_a_scale_is_the_inverse_of_threshold_and_time_step(network, found):
    scales = calibrated(network, found, "percentile").scales
    assert scales["conv1"] == pytest.approx(1000 / percentile(found["conv1"]))
    assert calibrated(network, found, "percentile").network is network


def test_equal_rates_relates_layers_and_leaves_their_mean_scale(network, found):
    equal, usual = (
        calibrated(network, found, name).scales for name in ("equal_rates", "percentile")
    )
    rates = [equal[name] * one.mean() for name, one in found.items()]
    np.testing.assert_allclose(rates, rates[0], rtol=1e-5)
    means = [np.mean(np.log(list(scales.values()))) for scales in (equal, usual)]
    assert means[0] == pytest.approx(means[1])


@pytest.mark.parametrize("method", THRESHOLDS)
def test_neurons_below_their_threshold_give_what_the_trained_network_does(
    network, images, found, method
):
    """Many steps, so that the spikes of a neuron times its threshold are its activation."""
    steps = 400
    one = calibrated(with_neuron(network, IntegrateAndFire()), found, method)
    (response,) = simulate(
        one.network,
        images,
        [Setting.per_layer(None, one.scales)],
        steps,
        engine=engine_named("fused"),
        neuron_spikes=True,
    )
    theta = per_channel(found["conv1"]) if method == "per_channel" else None
    spikes = response.layers["conv1"].neuron_spikes.reshape(found["conv1"].shape)
    if theta is None:
        theta = 1000 / one.scales["conv1"]
        if method == "local_balancing":
            theta = THRESHOLDS[method](found["conv1"])
    np.testing.assert_allclose(
        spikes * theta / steps, found["conv1"], atol=2 * np.max(theta) / steps
    )
