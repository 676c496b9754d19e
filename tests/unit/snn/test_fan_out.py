"""Fan-out and multiply-adds, against counting by brute force."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesweep.snn.fan_out import behind_weights, fan_out, input_multiply_adds, multiply_adds
from spikesweep.snn.layers import Add, Affine, Conv2D, Dense, Input, Reshape, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU


def spiking(name, source, shape):
    return Spiking(name, (source,), shape, SpikingReLU(), np.zeros(int(np.prod(shape)), "f4"))


def network_of(*layers):
    return SpikingNetwork(
        layers, seed=0, dt=0.001, input_scale=np.ones(()), input_offset=np.ones(())
    )


def counted_convolution(layer, shape):
    """Connections of each input pixel, one output pixel and kernel entry after the other."""
    height, width, _ = shape
    rows, columns, _ = layer.shape
    window, strides = layer.kernel.shape[:2], layer.strides
    before = [0, 0]
    if layer.padding == "same":
        for axis in range(2):
            total = max((layer.shape[axis] - 1) * strides[axis] + window[axis] - shape[axis], 0)
            before[axis] = total // 2
    counts = np.zeros(shape, int)
    for row, column in np.ndindex(rows, columns):
        for y, x in np.ndindex(*window):
            at = row * strides[0] + y - before[0], column * strides[1] + x - before[1]
            if 0 <= at[0] < height and 0 <= at[1] < width:
                counts[at] += (layer.kernel[y, x] != 0).sum(axis=1)
    return counts


@given(
    size=st.tuples(st.integers(3, 7), st.integers(3, 7)),
    window=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    strides=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.sampled_from(["valid", "same"]),
    seed=st.integers(0, 100),
)
@settings(max_examples=40, deadline=None)
def test_convolution_with_pruned_weights(size, window, strides, padding, seed):
    rng = np.random.default_rng(seed)
    kernel = rng.normal(size=(*window, 2, 3)) * (rng.random((*window, 2, 3)) < 0.5)
    if padding == "same":
        out = [-(-size[axis] // strides[axis]) for axis in range(2)]
    else:
        out = [(size[axis] - window[axis]) // strides[axis] + 1 for axis in range(2)]
    shape = (*size, 2)
    conv = Conv2D("conv", ("first",), (*out, 3), kernel, np.zeros(3), strides, padding)
    flat = int(np.prod(conv.shape))
    network = network_of(
        Input("image", (), shape),
        spiking("first", "image", shape),
        conv,
        spiking("second", "conv", conv.shape),
        Reshape("flat", ("second",), (flat,)),
        Dense("output", ("flat",), (4,), np.ones((flat, 4)), np.zeros(4)),
    )
    expected = counted_convolution(conv, shape)
    found = fan_out(network)
    np.testing.assert_array_equal(found["first"], expected.ravel())
    np.testing.assert_array_equal(found["second"], np.full(flat, 4))
    assert multiply_adds(network)["conv"] == expected.sum()


def test_shortcut_counts_as_one_connection():
    kernel = np.eye(3)
    network = network_of(
        Input("image", (), (3,)),
        spiking("first", "image", (3,)),
        Dense("dense", ("first",), (3,), kernel, np.zeros(3)),
        Add("add", ("first", "dense"), (3,)),
        spiking("second", "add", (3,)),
        Dense("output", ("second",), (2,), np.array([[1.0, 0], [0, 0], [1, 1]]), np.zeros(2)),
    )
    found = fan_out(network)
    assert found["first"].tolist() == [2, 2, 2]
    assert found["second"].tolist() == [1, 0, 2]


def test_all_layers_together(network):
    found = fan_out(network)
    # conv1 feeds conv2 (3 x 3 x 4 filters, same padding on 4 x 4) and, by the shortcut, relu3.
    in_windows = np.outer([2, 3, 3, 2], [2, 3, 3, 2])
    assert found["conv1"].sum() == 4 * (in_windows * 4 + 1).sum()
    # conv4 is pooled into 3 values, each with a weight to 5 units; 4 pixels of 3 channels.
    assert found["conv4"].tolist() == [5] * 12
    assert input_multiply_adds(network) == multiply_adds(network)["conv1.current"]
    assert found["dense1"].tolist() == [3] * 5


def test_layers_without_spikes_before_them_read_analog_values():
    kernel = np.ones((3, 3, 1, 1), "f4")
    network = network_of(
        Input("image", (), (4, 4, 1)),
        Conv2D("whitening", ("image",), (4, 4, 1), kernel, np.zeros(1), (1, 1), "same"),
        Conv2D("conv1.current", ("whitening",), (4, 4, 1), kernel, np.zeros(1), (1, 1), "same"),
        spiking("conv1", "conv1.current", (4, 4, 1)),
        Reshape("flat", ("conv1",), (16,)),
        Dense("output", ("flat",), (2,), np.ones((16, 2)), np.zeros(2)),
    )
    macs = multiply_adds(network)
    assert input_multiply_adds(network) == macs["whitening"] + macs["conv1.current"]


def test_weights_behind_weights_are_named():
    """Those that only the image reaches are counted once per image."""
    dense = {"kernel": np.ones((4, 4)), "bias": np.zeros(4)}
    network = network_of(
        Input("image", (), (4,)),
        Dense("first", ("image",), (4,), **dense),
        Dense("one.current", ("first",), (4,), **dense),
        spiking("one", "one.current", (4,)),
        Dense("narrow", ("one",), (4,), **dense),
        Affine("scaled", ("narrow",), (4,), np.ones(4), np.zeros(4)),
        Add("sum", ("scaled", "one"), (4,)),
        Dense("wide", ("sum",), (4,), **dense),
        spiking("two", "wide", (4,)),
        Dense("scores", ("two",), (4,), **dense),
    )
    assert behind_weights(network) == ["wide"]


def test_multiply_adds_of_an_unpruned_convolution(network):
    # conv3: 4 x 4 outputs, 3 x 3 windows cut at the border, 4 x 4 channels
    assert multiply_adds(network)["conv3"] == np.outer([2, 3, 3, 2], [2, 3, 3, 2]).sum() * 16
    assert multiply_adds(network)["output"] == pytest.approx(15)
