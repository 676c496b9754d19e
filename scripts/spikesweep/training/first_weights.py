"""Weights with which a convolutional network begins, which are meant to save epochs.

Source of both: Jordan (2024), "94% on CIFAR-10 in 3.29 seconds on a single GPU", sections 3.2 and
3.3; whitening after Page (2019), "How to train your ResNet 8: bag of tricks".
"""

import numpy as np
import tensorflow as tf
import tf_keras

from spikesweep.data.inputs import scale_images
from spikesweep.data.scaling import Scaling
from spikesweep.errors import UserError
from spikesweep.training.settings import TrainingSettings
from spikesweep.training.whitening import random_patches

# Added to each variance, as a share of their mean. Jordan adds 0.0005 to variances of a mean of 1.
_REGULARISATION = 0.0005


def set_first_weights(
    model: tf_keras.Model,
    images: np.ndarray,
    settings: TrainingSettings,
    scaling: Scaling,
    seed: int,
) -> None:
    """Change the weights of a new network in place, as the settings ask.

    images: (N, H, W, C) uint8, those that it will be trained on.
    seed: chooses the patches that whitening is computed from.

    Raises UserError if whitening is asked of a network that begins with no convolution of the
    pixels, or with one of patches larger than the images.
    """
    if settings.identity_convolutions:
        for layer in _convolutions(model)[1:]:
            pass_channels(layer)
    if settings.whitened_first_layer:
        first = _first_convolution(model, images)
        _check_kernel(first.kernel_size, images.shape[1:3])
        patches = random_patches(images, first.kernel_size, seed)
        inputs = scale_images(patches, **scaling).reshape(len(patches), -1).astype(np.float64)
        filters = whitening_filters(inputs, first.filters).reshape(first.kernel.shape)
        first.set_weights([filters.astype(np.float32), *first.get_weights()[1:]])


def trained_variables(model: tf_keras.Model, settings: TrainingSettings) -> list[tf.Variable]:
    """The variables that a training changes: all but those that whiten patches."""
    if not settings.whitened_first_layer:
        return model.trainable_variables
    held = _convolutions(model)[0].kernel
    return [variable for variable in model.trainable_variables if variable is not held]


def whitening_filters(inputs: np.ndarray, count: int) -> np.ndarray:
    """Filters (D, count): the directions in which inputs (N, D) vary most, each with its opposite.

    Each filter divides by the standard deviation in its direction, so that all have outputs of the
    same variance, none of which says what another does. A ReLU after a filter and its opposite
    loses nothing. If there are more filters than directions and their opposites, the rest is zero.
    """
    variances, directions = np.linalg.eigh(np.cov(inputs, rowvar=False))
    # Rounding makes a variance of zero a little negative.
    variances = np.maximum(variances, 0) + _REGULARISATION * variances.mean()
    largest = (directions / np.sqrt(variances))[:, ::-1][:, : -(-count // 2)]
    pairs = np.stack([largest, -largest], axis=2).reshape(len(directions), -1)
    filters = np.zeros((len(directions), count))
    filters[:, : pairs.shape[1]] = pairs[:, :count]
    return filters


def _convolutions(model: tf_keras.Model) -> list[tf_keras.layers.Layer]:
    """The convolutions of a network, as they follow each other."""
    # Magnitude pruning wraps layers.
    layers = [
        layer.layer if isinstance(layer, tf_keras.layers.Wrapper) else layer
        for layer in model.layers
    ]
    return [layer for layer in layers if isinstance(layer, tf_keras.layers.Conv2D)]


def _first_convolution(model: tf_keras.Model, images: np.ndarray) -> tf_keras.layers.Layer:
    """The first of them, which must read the pixels."""
    found = _convolutions(model)
    # One that is not trained whitens already, see `network_input`.
    if not found or not found[0].trainable or found[0].kernel.shape[2] != images.shape[-1]:
        raise UserError(
            "training.whitened_first_layer is true, but the network begins with no convolution of "
            "the pixels themselves: remove it"
        )
    return found[0]


def _check_kernel(kernel: tuple[int, int], image: tuple[int, ...]) -> None:
    if any(of_kernel > of_image for of_kernel, of_image in zip(kernel, image, strict=True)):
        raise UserError(
            f"training.whitened_first_layer is true, but the kernel of the first convolution, "
            f"{kernel[0]} by {kernel[1]}, is larger than the images, {image[0]} by {image[1]}: "
            "remove it"
        )


def pass_channels(layer: tf_keras.layers.Layer) -> None:
    """Let the first filters of a convolution give its inputs, unless they are more than filters."""
    kernel = layer.kernel.numpy()
    rows, columns, inputs, outputs = kernel.shape
    if inputs > outputs:
        return
    kernel[..., :inputs] = 0
    # Of an even kernel, TensorFlow's padding puts one pixel less before than behind.
    kernel[(rows - 1) // 2, (columns - 1) // 2, :, :inputs] = np.eye(inputs)
    layer.set_weights([kernel, *layer.get_weights()[1:]])
