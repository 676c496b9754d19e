"""The network of NengoDL's documentation."""

from typing import Any

KIND = "convolutional"


def build(images: Any, classes: int) -> Any:
    """32c3 - 64c3 (stride 2) - dense.

    Source: "Converting a Keras model to a spiking neural network", NengoDL 3.6 examples, where
    it is trained on raw 0..255 MNIST pixels (`input_scale: 1`).
    """
    from tf_keras import layers

    x = layers.Conv2D(32, 3, activation="relu", name="conv1")(images)
    x = layers.Conv2D(64, 3, strides=2, activation="relu", name="conv2")(x)
    x = layers.Flatten(name="flatten")(x)
    return layers.Dense(classes, name="output")(x)
