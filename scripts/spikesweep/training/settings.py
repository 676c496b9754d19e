"""How a network is trained: the keys under `training` in its config entry."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingSettings:
    """One training.

    epochs: passes over the training images
    batch_size: images a step
    learning_rate: of the first step; it falls to zero along half a cosine
    optimizer: `adam`, or `sgd` with Nesterov momentum 0.9
    weight_decay: share of each weight matrix or kernel taken off a step, times the learning
        rate (decoupled, Loshchilov and Hutter 2019); biases and normalizations have none
    validation_images: taken from the training part by the seed; never trained on
    flip: mirror half of the images left to right (right for photographs, wrong for digits)
    shift: move each image by up to so many pixels both ways, filling with black
    """

    epochs: int
    batch_size: int = 128
    learning_rate: float = 1e-3
    optimizer: str = "adam"
    weight_decay: float = 0.0
    validation_images: int = 5000
    flip: bool = False
    shift: int = 0
