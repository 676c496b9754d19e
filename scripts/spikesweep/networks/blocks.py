"""Building blocks of several architectures. Each takes and returns a Keras tensor.

Keras is imported inside: the Snakefile reads the options of architectures, and must not wait
for TensorFlow.
"""

from typing import Any


def convolution(
    x: Any, name: str, filters: int, stride: int, kernel_size: int, batch_norm: bool
) -> Any:
    """Convolution and ReLU, in one layer if nothing comes between them."""
    from tf_keras import layers

    if not batch_norm:
        return layers.Conv2D(
            filters, kernel_size, stride, padding="same", activation="relu", name=name
        )(x)
    return relu(linear_convolution(x, name, filters, stride, kernel_size, batch_norm), name)


def linear_convolution(
    x: Any, name: str, filters: int, stride: int, kernel_size: int, batch_norm: bool
) -> Any:
    """Convolution without a ReLU."""
    from tf_keras import layers

    x = layers.Conv2D(
        filters, kernel_size, stride, padding="same", use_bias=not batch_norm, name=name
    )(x)
    return normalization(x, name) if batch_norm else x


def normalization(x: Any, name: str) -> Any:
    """Batch normalisation of the layer `name`."""
    from tf_keras import layers

    # Keras's default of 0.99 needs more steps than a short training has.
    return layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x)


def relu(x: Any, name: str) -> Any:
    """ReLU of the layer `name`, as a separate layer."""
    from tf_keras import layers

    return layers.Activation("relu", name=f"{name}_relu")(x)


def dropout_after(x: Any, name: str, share: float) -> Any:
    """Dropout of the outputs of the layer `name`; no layer if the share is 0."""
    from tf_keras import layers

    if not share:
        return x
    # With a generator of its own, whose state a killed training can go on from; its seed is that
    # of the training (`spikesweep.training.state`).
    return layers.Dropout(share, force_generator=True, seed=0, name=f"{name}_dropout")(x)
