"""LIF neurons of the fused engine, step by step beside Nengo's own."""

import nengo
import numpy as np
import pytest
from fused_networks import random_images, random_network

from spikesweep.simulation.engine import Setting, engine_named, simulate
from spikesweep.snn.neurons import LIF

STEPS = 300


def spikes_of_nengo(neuron, currents, voltages, dt):
    """Spikes (images, neurons) for constant currents of the same shape."""
    kind = nengo.LIF(neuron.tau_rc, neuron.tau_ref)
    voltage = np.broadcast_to(voltages, currents.shape).astype(np.float32)
    refractory, output = np.zeros_like(voltage), np.zeros_like(voltage)
    spikes = np.zeros(currents.shape, int)
    for _ in range(STEPS):
        kind.step(dt, currents, output, voltage, refractory)
        spikes += output > 0
    return spikes


# Periods that end within the step of the spike, within the next, and steps later.
@pytest.mark.parametrize("tau_ref", [0.0, 0.0004, 0.001, 0.0023, 0.01])
@pytest.mark.parametrize("tau_rc", [0.02, 0.003])
def test_neurons_spike_as_those_of_nengo(tau_ref, tau_rc):
    neuron = LIF(tau_rc=tau_rc, tau_ref=tau_ref)
    network = random_network("dense", 1, neuron)
    images = random_images(40, 1) / 100
    dense, spiking = network.layers[2:4]
    for scale in (0.3, 3.0):
        [found] = simulate(
            network, images, [Setting(None, scale)], STEPS, engine=engine_named("fused"),
            neuron_spikes=True,
        )  # fmt: skip
        currents = (scale * (images.reshape(len(images), -1) @ dense.kernel + dense.bias)).astype(
            np.float32
        )
        expected = spikes_of_nengo(neuron, currents, spiking.initial_voltages, network.dt)
        assert 0.2 < (expected > 0).mean() < 1
        # Its sums are rounded otherwise, so that a spike may come a step later.
        ours = found.layers[spiking.name].neuron_spikes
        assert np.abs(ours - expected).max() <= 1
        assert (ours != expected).mean() < 0.01
