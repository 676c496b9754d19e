"""Outputs and gradients of the trained network, against those of TensorFlow."""

import numpy as np
import pytest
from fused_networks import SHAPES, random_images, random_network

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.snn.rates import rates, score_gradients


@pytest.fixture(params=SHAPES)
def network(request):
    return random_network(request.param, seed=1)


def in_tensorflow(network, images):
    """Scores; by spiking layer that leads to them, outputs and gradients."""
    import tensorflow as tf
    import tf_keras

    from spikesweep.conversion.build_keras import build_keras

    model = build_keras(network.layers)
    known = {layer.name for layer in model.layers}
    names = [layer.name for layer in network.spiking_layers if layer.name in known]
    ends = [*(model.get_layer(name).output for name in names), model.output]
    with tf.GradientTape(persistent=True) as tape:
        pixels = tf.constant(images)
        tape.watch(pixels)
        *outputs, scores = tf_keras.Model(model.input, ends)(pixels, training=False)
        by_class = [scores[:, one] for one in range(scores.shape[1])]
    gradients = [
        np.stack([tape.gradient(one, output, None, "zero") for one in by_class], axis=1)
        for output in outputs
    ]
    return scores.numpy(), dict(zip(names, zip(outputs, gradients, strict=True), strict=True))


def test_outputs_and_gradients_are_those_of_tensorflow(network):
    images = random_images(3)
    scores, expected = in_tensorflow(network, images)
    found = rates(network, images)
    gradients = score_gradients(network, found)
    scale = np.abs(scores).max()
    np.testing.assert_allclose(found[network.readout.name], scores, atol=1e-5 * scale)
    assert list(gradients) == [layer.name for layer in network.spiking_layers]
    for name, (output, gradient) in expected.items():
        np.testing.assert_allclose(found[name], output, atol=1e-5 * np.abs(output).max())
        assert gradients[name].shape == gradient.shape
        limit = 1e-4 * np.abs(gradient).max()
        np.testing.assert_allclose(gradients[name], gradient, rtol=1e-4, atol=limit)
    # A layer that leads to no score changes none.
    assert not any(gradients[name].any() for name in set(gradients) - set(expected))


def test_gradients_tell_what_a_small_change_does():
    network = random_network("dense", seed=2)
    outputs = rates(network, random_images(2))
    last = network.spiking_layers[-1]
    kernel = network.readout.kernel
    expected = np.broadcast_to(kernel.T, (2, *kernel.T.shape))
    np.testing.assert_array_equal(score_gradients(network, outputs)[last.name], expected)
