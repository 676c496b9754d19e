"""Costs of small networks, counted by hand."""

import numpy as np
import pytest

from spikesweep.snn.costs import network_costs, setting_costs
from spikesweep.snn.energy import CONVENTIONS, ann_energy_j, spiking_energy_j
from spikesweep.snn.layers import Conv2D, Dense, Input, Reshape, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU


@pytest.fixture
def network():
    """4 x 4 pixels, a 2 x 2 convolution to 3 x 3 x 2 neurons, 18 -> 5 neurons, 3 classes.

    One of the 8 weights of the convolution is zero, and 10 of the 90 of the hidden layer.
    """
    kernel = np.ones((2, 2, 1, 2), "f4")
    kernel[0, 0, 0, 0] = 0
    hidden = np.ones((18, 5), "f4")
    hidden[:2] = 0
    return SpikingNetwork(
        (
            Input("image", (), (4, 4, 1)),
            Conv2D("c1", ("image",), (3, 3, 2), kernel, np.zeros(2, "f4"), (1, 1), "valid"),
            spiking("conv", "c1", (3, 3, 2)),
            Reshape("flat", ("conv",), (18,)),
            Dense("c2", ("flat",), (5,), hidden, np.zeros(5, "f4")),
            spiking("dense", "c2", (5,)),
            Dense("output", ("dense",), (3,), np.ones((5, 3), "f4"), np.zeros(3, "f4")),
        ),
        seed=0,
        dt=0.001,
        input_scale=np.ones(()),
        input_offset=np.zeros(()),
    )


def spiking(name, source, shape):
    return Spiking(name, (source,), shape, SpikingReLU(), np.zeros(int(np.prod(shape)), "f4"))


# 9 places x 7 weights of the convolution; 16 x 5; 5 x 3
PIXELS, ANN = 63, 63 + 80 + 15


def test_a_setting_costs_synops_multiply_adds_and_updates(network):
    costs = setting_costs(network, steps=10, spikes=46.0, synops=200.0)
    assert costs["input_macs_per_image"] == PIXELS
    assert costs["input_macs_without_latch_per_image"] == 10 * PIXELS
    assert costs["neuron_updates_per_image"] == 230
    assert costs["operations_per_image"] == 200 + PIXELS
    assert costs["ann_macs_per_image"] == ANN
    assert costs["operations_over_ann"] == pytest.approx((200 + PIXELS) / ANN)
    assert costs["activation_sparsity"] == pytest.approx(0.8)
    assert costs["energy_j_45nm"] == pytest.approx(1e-12 * (0.9 * 200 + 4.6 * PIXELS))
    loihi = 27.1 * (200 + PIXELS) + 81 * 230
    assert costs["energy_j_loihi"] == pytest.approx(1e-12 * loihi)


def test_neurons_that_fire_more_than_once_in_each_step_are_not_sparse(network):
    assert setting_costs(network, steps=10, spikes=500.0, synops=0.0)["activation_sparsity"] == 0


def shares(network, **given):
    everything = {layer.name: np.ones(layer.shape) for layer in network.layers}
    return everything | given


def test_memory_and_sparsity_of_weights(network):
    costs = network_costs(network, shares(network))
    assert (costs["neurons"], costs["weights"]) == (23, 8 + 90 + 15)
    assert costs["connection_sparsity"] == pytest.approx(11 / 113)
    assert costs["weight_bytes"] == 4 * (113 + 2 + 5 + 3)
    # 23 voltages; the filters lie behind the weights: 5 currents and 3 outputs
    assert costs["state_bytes"] == 4 * (23 + 5 + 3)
    assert costs["ann_dense_macs_per_image"] == 9 * 8 + 90 + 15
    # no value is ever zero, so only zero weights are left out
    assert costs["ann_effective_macs_per_image"] == ANN
    assert costs["input_effective_macs_per_image"] == PIXELS
    assert (costs["zero_input_share"], costs["ann_activation_sparsity"]) == (0, 0)


def test_zero_inputs_and_activations_are_left_out(network):
    image = np.zeros((4, 4, 1))
    # a pixel in the middle meets 7 weights, one in the upper left corner the first two alone, of
    # which one is zero
    image[1, 1], image[0, 0] = 1.0, 0.5
    conv = np.zeros((3, 3, 2))
    conv[0, 0], conv[2, 2] = 1.0, [0.25, 0.0]
    costs = network_costs(
        network, shares(network, image=image, conv=conv, flat=conv.ravel(), dense=np.full(5, 0.4))
    )
    assert costs["input_effective_macs_per_image"] == pytest.approx(7 + 0.5)
    # the first two of the hidden layer's inputs have no weights
    hidden, output = 5 * 0.25, 3 * 5 * 0.4
    assert costs["ann_effective_macs_per_image"] == pytest.approx(7.5 + hidden + output)
    assert costs["zero_input_share"] == pytest.approx(1 - 1.5 / 16)
    assert costs["ann_activation_sparsity"] == pytest.approx(1 - (2.25 + 2.0) / 23)


def test_energies_are_linear_in_the_counts_and_an_ann_has_no_spikes():
    assert set(spiking_energy_j(synops=0, multiply_adds=0, updates=0).values()) == {0}
    priced = ann_energy_j(multiply_adds=100, neurons=10)
    assert set(priced) == {f"ann_energy_j_{name}" for name, c in CONVENTIONS.items() if c.ann}
    assert priced["ann_energy_j_45nm"] == pytest.approx(460e-12)
    assert priced["ann_energy_j_45nm_updates"] == pytest.approx(506e-12)
