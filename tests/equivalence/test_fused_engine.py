"""The fused engine against NengoDL's own Simulator."""

from dataclasses import replace

import numpy as np
import pytest
from fused_networks import DT, SHAPES, random_images, random_network
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from spikesweep.conversion.build_keras import build_keras
from spikesweep.conversion.convert import convert
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.setting import Setting
from spikesweep.snn.neurons import LIF, IntegrateAndFire, SpikingReLU
from spikesweep.snn.voltages import with_draw

# NengoDL builds a network for each example, which takes minutes on a busy machine.
pytestmark = [pytest.mark.equivalence, pytest.mark.timeout(600)]

STEPS = 20
IMAGES = 3
SCALES = (0.5, 1.0, 2.0, 8.0)


def with_nengo_voltages(network, seed):
    """The network as NengoDL's Converter takes it, with the voltages that it draws."""
    neuron = network.spiking_layers[0].neuron
    model = build_keras(network.layers)
    found = convert(model, neuron=neuron, seed=seed, input_scale=1.0, input_offset=0.0)
    return replace(found, dt=network.dt)


def on_both(network, images, setting):
    return [
        simulate(network, images, [setting], STEPS, engine=engine_named(name), neuron_spikes=True)[
            0
        ]
        for name in ("nengo_dl", "fused")
    ]


@pytest.mark.parametrize(
    "neuron",
    [SpikingReLU(), IntegrateAndFire(), IntegrateAndFire(most_spikes_a_step=1), LIF()],
    ids=repr,
)
@given(
    shape=st.sampled_from(SHAPES),
    seed=st.integers(0, 10_000),
    synapse_s=st.sampled_from((None, 0.0, 0.001, 0.005, 0.02)),
    scales=st.lists(st.sampled_from(SCALES), min_size=4, max_size=4),
    draw=st.integers(0, 2),
)
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    # NengoDL takes seconds to build a network: shrinking a failure would take an hour.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
def test_small_networks_are_equal_to_the_last_spike(neuron, shape, seed, synapse_s, scales, draw):
    """Weights, inputs and 1 / dt have few bits, so that no sum depends on its order."""
    network = with_draw(with_nengo_voltages(random_network(shape, seed, neuron), seed), draw)
    names = [layer.name for layer in network.spiking_layers]
    setting = Setting.per_layer(synapse_s, dict(zip(names, scales, strict=False)))
    reference, fused = on_both(network, random_images(IMAGES, seed), setting)
    assert sum(activity.spikes.sum() for activity in reference.layers.values()) > 0
    for name in names:
        ours, theirs = fused.layers[name], reference.layers[name]
        for count in ("neuron_spikes", "spikes_by_step", "synops_by_step"):
            np.testing.assert_array_equal(
                getattr(ours, count), getattr(theirs, count), err_msg=f"{count} of {name}"
            )
    np.testing.assert_allclose(fused.scores, reference.scores, rtol=1e-4, atol=2e-3)


@pytest.mark.parametrize("neuron", [SpikingReLU(), IntegrateAndFire()], ids=repr)
@pytest.mark.parametrize("setting", [Setting(0.01, 200.0), Setting(None, 30.0)], ids=repr)
def test_ordinary_weights_stay_within_the_budget(setting, neuron):
    """Here float32 sums depend on their order, and a spike may move by a step."""
    rng = np.random.default_rng(0)
    network = random_network("dense", 0, neuron, dt=0.001)
    network = replace(
        network,
        layers=tuple(
            replace(
                layer,
                kernel=rng.normal(0, 0.3, layer.kernel.shape).astype(np.float32),
                bias=rng.normal(0, 1, layer.bias.shape).astype(np.float32),
            )
            if hasattr(layer, "kernel")
            else layer
            for layer in network.layers
        ),
    )
    network = with_nengo_voltages(network, 0)
    images = rng.random((200, *network.input.shape)).astype(np.float32) * 10
    reference, fused = on_both(network, images, setting)
    for name, activity in reference.layers.items():
        differ = fused.layers[name].neuron_spikes != activity.neuron_spikes
        assert differ.mean() <= 1e-4
        assert fused.layers[name].spikes.mean() == pytest.approx(activity.spikes.mean(), rel=1e-3)
        assert activity.spikes.mean() > 1
    assert (fused.predictions == reference.predictions).mean() >= 0.999


def test_dt_of_the_tests_is_a_power_of_two():
    assert np.log2(DT).is_integer()
