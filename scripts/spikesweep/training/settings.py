"""How a network is trained: the keys under `training` in its config entry."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingSettings:
    """One training.

    epochs: passes over the training images
    batch_size: images per step
    learning_rate: of the first step; it falls to zero along half a cosine
    optimizer: `adam`, or `sgd` with Nesterov momentum 0.9
    weight_decay: share of each weight matrix or kernel subtracted per step, times the learning
        rate (decoupled, Loshchilov and Hutter 2019); biases and normalizations have none
    validation_images: taken from the training part by the seed; never trained on
    training_images: of the rest, how many are trained on, in proportion to the classes and chosen
    by
        the seed; a larger number includes a smaller one; None is all
    flip: mirror half of the images left to right (right for photographs, wrong for digits)
    shift: move each image by up to this many pixels in both directions, filling with black
    rotation_degrees: rotate each image by up to this many degrees either way, filling with black
    noise: standard deviation of the Gaussian noise on each pixel, as a share of 0..255
    l2: this times the sum of squares of all kernels is added to the loss; biases and
        normalizations are excluded
    watch_test: measure training and test accuracy after each epoch; nothing is chosen by it
    """

    epochs: int
    batch_size: int = 128
    learning_rate: float = 1e-3
    optimizer: str = "adam"
    weight_decay: float = 0.0
    validation_images: int = 5000
    training_images: int | None = None
    flip: bool = False
    shift: int = 0
    rotation_degrees: float = 0.0
    noise: float = 0.0
    l2: float = 0.0
    watch_test: bool = False
