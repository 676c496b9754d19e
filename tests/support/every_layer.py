"""Small Keras models that hold every kind of layer."""

import numpy as np
import pytest

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)


@pytest.fixture(scope="session")
def every_layer():
    """A residual CNN with every layer that converts, random weights, input 8 x 8 x 2."""
    import tf_keras

    layers = tf_keras.layers
    image = tf_keras.Input((8, 8, 2), name="image")
    first = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu", name="conv1")(image)
    branch = layers.Conv2D(4, 3, padding="same", use_bias=False, name="conv2")(first)
    branch = layers.BatchNormalization(name="norm2")(branch)
    branch = layers.Activation("relu", name="relu2")(branch)
    branch = layers.Conv2D(4, 3, padding="same", name="conv3")(branch)
    branch = layers.Dropout(0.2, name="dropout")(branch)
    joined = layers.Add(name="add")([first, branch])
    joined = layers.ReLU(name="relu3")(joined)
    joined = layers.ZeroPadding2D(1, name="pad")(joined)
    joined = layers.AveragePooling2D(2, name="pool")(joined)
    small = layers.Conv2D(3, 2, activation="relu", name="conv4")(joined)
    small = layers.GlobalAveragePooling2D(name="global_pool")(small)
    flat = layers.Flatten(name="flatten")(joined)
    flat = layers.Concatenate(name="concatenate")([flat, small])
    flat = layers.Dense(5, activation="relu", name="dense1")(flat)
    scores = layers.Dense(3, name="output")(flat)
    model = tf_keras.Model(image, scores)
    rng = np.random.default_rng(0)
    for weight in model.weights:
        low, high = (0.5, 2.0) if "variance" in weight.name else (-1.0, 1.0)
        weight.assign(rng.uniform(low, high, weight.shape))
    return model


@pytest.fixture(scope="session")
def network(every_layer):
    """`every_layer`, converted."""
    from spikesweep.conversion.convert import convert
    from spikesweep.snn.neurons import SpikingReLU

    return convert(every_layer, neuron=SpikingReLU(), seed=3, input_scale=1 / 255, input_offset=0.0)


@pytest.fixture(scope="session")
def images(network):
    """Five random images, prepared."""
    raw = np.random.default_rng(1).integers(0, 256, (5, 8, 8, 2), dtype=np.uint8)
    return network.prepare(raw)
