"""The fused engine against plain NumPy, and what it promises of itself."""

import threading
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from fused_networks import SHAPES, Builder, random_images, random_network
from hypothesis import given, settings
from hypothesis import strategies as st
from step_by_step import step_by_step

from spikesweep.errors import UserError
from spikesweep.simulation.engine import simulate, stream
from spikesweep.simulation.fused import drive, fire
from spikesweep.simulation.fused.engine import FusedEngine
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Add, Layer
from spikesweep.snn.neurons import LIF, IntegrateAndFire, SpikingReLU

STEPS = 15
NEURONS = (
    SpikingReLU(),
    SpikingReLU(amplitude=0.5),
    IntegrateAndFire(),
    IntegrateAndFire(most_spikes_a_step=1, amplitude=0.5),
    LIF(),
    LIF(tau_rc=0.01, min_voltage=-1.0),
)


def assert_equals_the_equations(network, images, settings, limits=None):
    found = simulate(
        network, images, settings, STEPS, engine=FusedEngine(), limits=limits, neuron_spikes=True
    )
    for response, setting in zip(found, settings, strict=True):
        expected = step_by_step(network, images, setting, STEPS)
        assert response.setting == setting
        assert list(response.layers) == [layer.name for layer in network.spiking_layers]
        for name, activity in expected.layers.items():
            layer = response.layers[name]
            np.testing.assert_array_equal(layer.neuron_spikes, activity.neuron_spikes)
            np.testing.assert_array_equal(layer.spikes_by_step, activity.spikes_by_step)
            np.testing.assert_array_equal(layer.synops_by_step, activity.synops_by_step)
        assert response.scores.dtype == np.float32
        np.testing.assert_allclose(response.scores, expected.scores, rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("neuron", NEURONS, ids=repr)
@pytest.mark.parametrize("shape", SHAPES)
def test_equals_the_equations_to_the_last_spike(shape, neuron, seed):
    network = random_network(shape, seed, neuron)
    names = [layer.name for layer in network.spiking_layers]
    settings = [
        *(Setting(synapse, scale) for synapse in (None, 0.0, 0.003) for scale in (1.0, 2.0)),
        Setting.per_layer(0.003, {names[0]: 4.0}),
        Setting.per_layer(0.003, {names[-1]: 0.5}),
        Setting.per_layer(None, {names[-1]: 0.5}),
    ]
    assert_equals_the_equations(network, random_images(3, seed), settings)


@given(
    sizes=st.lists(st.integers(1, 70), min_size=2, max_size=4),
    size=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    strides=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.sampled_from(("valid", "same")),
    seed=st.integers(0, 99),
    synapse_s=st.sampled_from((None, 0.0, 0.00002, 0.004)),
    scale=st.sampled_from((0.25, 1.0, 16.0)),
    steps=st.just(STEPS),
)
@settings(max_examples=60, deadline=None)
def test_any_number_of_channels_window_and_stride(
    sizes, size, strides, padding, seed, synapse_s, scale, steps
):
    b = Builder(seed, (6, 5, 3), SpikingReLU())
    b.conv(sizes[0], size, strides, padding)
    b.spiking()
    b.conv(sizes[1], (2, 2), (1, 1), "same")
    b.spiking()
    b.reshape()
    for units in sizes[2:]:
        b.dense(units)
        b.spiking()
    b.dense(4)
    images = random_images(2, seed, (6, 5, 3))
    assert_equals_the_equations(b.network(), images, [Setting(synapse_s, scale)])


def test_a_layer_reads_the_image_and_spikes():
    b = Builder(0, (6, 6, 2), SpikingReLU())
    image = b.last
    b.conv(4, (3, 3), (1, 1), "same")
    first = b.spiking()
    b.conv(4, (3, 3), (1, 1), "same")
    second = b.last
    b.conv(4, (1, 1), source=image)
    b.join(Add, second, b.last, first)
    b.spiking()
    b.reshape()
    b.dense(3)
    images = random_images(2, 0, (6, 6, 2))
    assert_equals_the_equations(b.network(), images, [Setting(0.002), Setting(None, 2.0)])


def test_each_layer_has_neurons_of_its_own():
    network = random_network("conv", 3, LIF())
    first = network.spiking_layers[0].name
    layers = [
        replace(layer, neuron=SpikingReLU(0.5)) if layer.name == first else layer
        for layer in network.layers
    ]
    mixed = replace(network, layers=tuple(layers))
    assert_equals_the_equations(mixed, random_images(2, 3), [Setting(0.002), Setting(None, 2.0)])


def test_silence_and_many_spikes_a_step():
    network = random_network("conv", 1)
    images = random_images(2, 1)
    assert_equals_the_equations(network, 0 * images, [Setting(0.002)])
    assert_equals_the_equations(network, images, [Setting(0.0, 1024.0)])


@pytest.mark.parametrize("threads", [1, 3])
def test_batches_and_threads_change_nothing(threads, monkeypatch):
    monkeypatch.setattr("spikesweep.simulation.fused.engine.MOST_IMAGES", 5)
    monkeypatch.setattr("spikesweep.simulation.fused.engine.CACHE_BYTES", 300_000)
    network = random_network("residual", 3)
    settings = [Setting(0.002), Setting(None, 2.0)]
    assert_equals_the_equations(network, random_images(13, 3), settings, Limits(threads))


def test_responses_come_in_batches_that_cover_the_images(monkeypatch):
    monkeypatch.setattr("spikesweep.simulation.fused.engine.MOST_IMAGES", 4)
    network = random_network("dense", 0)
    settings = [Setting(0.002), Setting(None)]
    seen = []
    parts = list(
        stream(
            network,
            random_images(10, 0),
            settings,
            STEPS,
            engine=FusedEngine(),
            progress=lambda done, total: seen.append((done, total)),
        )
    )
    for setting in settings:
        covered = [(p.first, len(p.scores)) for p in parts if p.setting == setting]
        assert covered == [(0, 4), (4, 4), (8, 2)]
    assert seen[-1] == (20, 20)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert all(part.layers["spiking_3"].neuron_spikes is None for part in parts)


class Calls:
    """Counts the calls of a kernel and the threads that made them."""

    def __init__(self, monkeypatch, module, name):
        self.count = 0
        self.threads = set()
        self.function = getattr(module, name)
        monkeypatch.setattr(module, name, self)

    def __call__(self, *arguments):
        self.count += 1
        self.threads.add(threading.get_ident())
        self.function(*arguments)


def test_a_grid_computes_every_common_prefix_once(monkeypatch):
    """conv -> conv -> dense at 3 synapses x 4 scales, one image, one chunk."""
    network = random_network("conv", 2)
    drives, fires, reads = (
        Calls(monkeypatch, module, name)
        for module, name in ((drive, "drive"), (fire, "fire"), (fire, "read_out"))
    )
    grid = [Setting(tau, scale) for tau in (None, 0.0, 0.005) for scale in (1.0, 2.0, 4.0, 8.0)]
    simulate(network, random_images(1), grid, STEPS, engine=FusedEngine())
    # The image once, the first layer's spikes for each scale, the second's for each setting.
    assert drives.count == 1 + 4 + 12
    assert fires.count == 4 + 12
    assert reads.count == 12


def test_a_layer_study_shares_all_before_the_layer_that_differs(monkeypatch):
    network = random_network("conv", 2)
    drives = Calls(monkeypatch, drive, "drive")
    fires = Calls(monkeypatch, fire, "fire")
    last = network.spiking_layers[-1].name
    study = [Setting.per_layer(0.005, {last: scale}) for scale in (1.0, 2.0, 4.0)]
    simulate(network, random_images(1), study, STEPS, engine=FusedEngine())
    assert drives.count == 1 + 1 + 3
    assert fires.count == 1 + 3


def test_a_repeated_setting_costs_nothing(monkeypatch):
    network = random_network("dense", 2)
    fires = Calls(monkeypatch, fire, "fire")
    settings = [Setting(0.005, 2.0), Setting.per_layer(0.005, {"spiking_3": 2.0, "spiking_5": 2.0})]
    first, second = simulate(network, random_images(1), settings, STEPS, engine=FusedEngine())
    assert fires.count == 2
    np.testing.assert_array_equal(first.scores, second.scores)


def test_a_setting_given_twice_is_answered_twice():
    network = random_network("dense", 2)
    first, second = simulate(
        network, random_images(3), [Setting(0.005), Setting(0.005)], STEPS, engine=FusedEngine()
    )
    assert first.scores.shape == second.scores.shape == (3, STEPS, 5)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_works_on_as_many_threads_as_it_is_given(threads, monkeypatch):
    monkeypatch.setattr("spikesweep.simulation.fused.engine.CACHE_BYTES", 1)
    meet = threading.Barrier(threads, timeout=20)

    class Meeting(Calls):
        def __call__(self, *arguments):
            # The first call of each thread waits until all are there.
            if threading.get_ident() not in self.threads:
                self.threads.add(threading.get_ident())
                meet.wait()
            super().__call__(*arguments)

    calls = Meeting(monkeypatch, drive, "list_pixels")
    network = random_network("dense", 0)
    simulate(
        network, random_images(40), [Setting(0.002)], STEPS,
        engine=FusedEngine(), limits=Limits(threads),
    )  # fmt: skip
    assert len(calls.threads) == threads


def test_keeps_to_the_memory_limit():
    network = random_network("residual", 1)
    images = random_images(400)
    settings = [Setting(tau, scale) for tau in (None, 0.002) for scale in (1.0, 2.0, 4.0)]
    limit = 2_000_000
    simulate(network, images[:1], settings, 50, engine=FusedEngine())
    tracemalloc.start()
    run = stream(network, images, settings, 50, engine=FusedEngine(), limits=Limits(2, limit))
    for _ in run:
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The network's own weights and wires come on top.
    assert 0.3 * limit < peak < 1.3 * limit


def test_says_how_much_memory_it_needs():
    network = random_network("conv", 1)
    run = stream(
        network, random_images(1), [Setting(0.002)], 50,
        engine=FusedEngine(), limits=Limits(2, 10_000),
    )  # fmt: skip
    with pytest.raises(UserError, match=r"memory_bytes: found 10000; 2 threads at 50 steps need"):
        next(run)


class Softmax(Layer):
    pass


def test_refuses_what_it_cannot_express_by_name():
    network = random_network("dense", 0)
    assert FusedEngine().refusal(network) is None
    layers = (*network.layers, Softmax("probabilities", (network.readout.name,), (5,)))
    other = replace(network, layers=layers)
    with pytest.raises(UserError, match=r"engine fused: layer 'probabilities' is a Softmax"):
        simulate(other, random_images(1), [Setting(None)], 1, engine=FusedEngine())
