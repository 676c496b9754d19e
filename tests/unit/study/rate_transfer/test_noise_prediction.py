"""The predicted noise, against regular spike trains and against noise that is drawn."""

import dataclasses

import numpy as np
import pytest

from spikesweep.snn.layers import Add, Dense, Input, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.study.rate_transfer.noise_prediction import (
    layer_outputs,
    margin_variance,
    predicted_accuracy,
    relative_variance,
    score_noise,
)

DT = 0.001


def simulated_variance(rate_hz, synapse_s, filters=1):
    """Of a neuron that fires at a constant rate, filtered step by step; over many phases."""
    count = 400 + int(20 / rate_hz / (synapse_s or DT))
    phases = (np.arange(count) + 0.5) / count
    steps = int(15 * filters * (synapse_s or DT) / DT)
    fired = np.floor(phases + np.arange(steps + 1)[:, None] * rate_hz * DT)
    filtered = np.diff(fired, axis=0) / DT
    decay = np.exp(-DT / synapse_s) if synapse_s else 0.0
    for _ in range(filters):
        state = np.full(len(phases), rate_hz)
        for step, spikes in enumerate(filtered):
            state = decay * state + (1 - decay) * spikes
            filtered[step] = state
    return filtered[-1].var() / filtered[-1].mean() ** 2


# 0.5 Hz is less than one spike in the presentation of an image.
@pytest.mark.parametrize("synapse_s", [0.005, 0.01, 0.02])
@pytest.mark.parametrize("rate_hz", [0.5, 5, 20, 50, 100])
def test_formula_is_that_of_a_regular_train_through_the_discrete_filter(rate_hz, synapse_s):
    expected = simulated_variance(rate_hz, synapse_s)
    assert relative_variance(rate_hz, synapse_s, DT) == pytest.approx(expected, rel=0.05)


def test_formula_overstates_the_ripple_near_one_spike_a_step():
    # In time steps a train of one spike a step has no ripple; continuous time knows no steps.
    off = [
        relative_variance(rate, 0.01, DT) / simulated_variance(rate, 0.01)
        for rate in (100, 200, 500)
    ]
    assert 1 < off[0] < off[1] < 1.1 < off[2]
    assert simulated_variance(1000, 0.01) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("filters", [2, 3])
@pytest.mark.parametrize("rate_hz", [0.5, 5, 20, 50])
def test_more_filters_leave_less(rate_hz, filters):
    expected = simulated_variance(rate_hz, 0.01, filters)
    found = relative_variance(rate_hz, 0.01, DT, filters)
    assert found == pytest.approx(expected, rel=0.06)
    assert found < relative_variance(rate_hz, 0.01, DT)


def test_cascade_goes_on_beyond_its_table():
    x = np.array([290.0, 310.0, 3000.0])
    rare = relative_variance(1 / (2 * 0.01 * x), 0.01, DT, filters=2)
    # Half of one filter's x, less one.
    np.testing.assert_allclose(rare, x / 2 - 1, rtol=5e-3)


@pytest.mark.parametrize("rate_hz", [1, 10, 30])
def test_without_a_synapse_a_step_has_a_spike_or_none(rate_hz):
    share = rate_hz * DT
    expected = (1 - share) / share
    assert relative_variance(rate_hz, None, DT) == pytest.approx(expected, rel=0.02)
    assert relative_variance(rate_hz, 0.0, DT, filters=3) == pytest.approx(expected, rel=0.02)


@pytest.fixture
def network():
    """2 pixels, 3 + 2 neurons with a shortcut around the last two, 3 classes; all neurons on."""
    rng = np.random.default_rng(0)

    def dense(name, source, n_in, n_out):
        kernel = rng.uniform(0.2, 1, (n_in, n_out)).astype("f4")
        return Dense(name, (source,), (n_out,), kernel, np.ones(n_out, "f4"))

    def spiking(name, source, n):
        return Spiking(name, (source,), (n,), SpikingReLU(), np.zeros(n, "f4"))

    return SpikingNetwork(
        (
            Input("image", (), (2,)),
            dense("one.current", "image", 2, 3),
            spiking("one", "one.current", 3),
            dense("two.current", "one", 3, 2),
            spiking("two", "two.current", 2),
            dense("short", "one", 3, 3),
            dense("long", "two", 2, 3),
            Add("output", ("short", "long"), (3,)),
        ),
        seed=0,
        dt=DT,
        input_scale=np.float32(1),
        input_offset=np.float32(0),
    )


@pytest.fixture
def images():
    return np.random.default_rng(1).random((4, 2), dtype=np.float32)


def outputs(network, images):
    by_name = network.by_name
    one = images @ by_name["one.current"].kernel + by_name["one.current"].bias
    two = one @ by_name["two.current"].kernel + by_name["two.current"].bias
    return one, two


def test_covariance_is_that_of_noise_drawn_for_each_neuron(network, images):
    one, two = outputs(network, images)
    noise, _ = score_noise(network, images, {"one": [20.0], "two": [5.0]}, 0.01)
    kernels = {name: network.by_name[name].kernel for name in ("two.current", "short", "long")}
    # How the scores move with each neuron of the layers.
    ways = {
        "one": kernels["short"] + kernels["two.current"] @ kernels["long"],
        "two": kernels["long"],
    }
    rng = np.random.default_rng(2)
    for name, output, scale in [("one", one, 20.0), ("two", two, 5.0)]:
        spread = output * np.sqrt(relative_variance(scale * output, 0.01, DT))
        drawn = (spread * rng.standard_normal((40_000, *output.shape))) @ ways[name]
        for image in range(len(images)):
            expected = np.cov(drawn[:, image].T)
            found = noise.covariance[name, scale][image]
            np.testing.assert_allclose(found, expected, rtol=0.05)
    found = layer_outputs(network, images)
    for name, values in (("one", one), ("two", two)):
        assert found[name].mean == pytest.approx(values.mean())
        assert found[name].active_share == (values > 0).mean()


def test_cascade_counts_the_filters_on_the_shortest_way(network, images):
    def shares(some):
        """What is left of each layer's noise by the filters after its own."""
        scales = {"one": [5.0], "two": [5.0]}
        once, cascade = score_noise(some, images, scales, 0.01)
        return {
            name: np.trace(cascade.covariance[name, 5.0][0])
            / np.trace(once.covariance[name, 5.0][0])
            for name in scales
        }

    # Around the second layer leads a shortcut without neurons.
    assert shares(network) == {"one": 1, "two": 1}
    chain = dataclasses.replace(network, layers=(*network.layers[:5], network.by_name["long"]))
    found = shares(chain)
    assert found["two"] == 1
    assert 0.3 < found["one"] < 0.5


def test_accuracy_falls_from_that_of_the_rates_as_they_fall(network, images):
    found = []
    for scale in (1e6, 3.0, 1e-6):
        scales = {"one": scale, "two": scale}
        noise, _ = score_noise(network, images, {name: [scale] for name in scales}, 0.01)
        labels = noise.scores.argmax(axis=1)
        found.append(predicted_accuracy(noise, scales, labels))
    assert found[0] == 1
    assert found[0] > found[1] > found[2]
    assert margin_variance(noise, noise.covariance["one", 1e-6]) > 1e3


def test_whole_noise_is_that_of_a_relative_variance_of_one(network, images):
    scale = 30.0
    noise, _ = score_noise(network, images, {"one": [scale], "two": [scale]}, 0.01)
    _, two = outputs(network, images)
    ratio = np.trace(noise.covariance["two", scale][0]) / np.trace(noise.whole["two"][0])
    least, most = np.sort(relative_variance(scale * two[0], 0.01, DT))
    assert least <= ratio <= most
