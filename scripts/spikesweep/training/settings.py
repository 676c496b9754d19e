"""How a network is trained: the keys under `training` in its config entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingSettings:
    """One training.

    epochs: passes over the training images
    batch_size: images per step
    learning_rate: the largest, at the first step after the warm-up; then it falls to zero
    warm_up: share of all steps in which the learning rate rises to the largest along a line
    decay: how it falls: along half a `cosine`, or `linear`
    optimizer: `adam`, or `sgd` with Nesterov momentum
    momentum: of `sgd`, the share of the last step that is taken again; `adam` has its own
    weight_decay: share of each weight matrix or kernel subtracted per step, times the learning
        rate (decoupled, Loshchilov and Hutter 2019); biases and normalizations have none
    validation_images: taken from the training part by the seed; never trained on
    training_images: of the rest, how many are trained on, in proportion to the classes and chosen
        by the seed; a larger number includes a smaller one; None is all
    flip: mirror half of the images left to right (right for photographs, wrong for digits)
    alternating_flip: mirror each image in every other epoch, half of them in the first, in place of
        half by chance in each: two epochs then show all images both ways (Jordan 2024, "94% on
        CIFAR-10 in 3.29 seconds on a single GPU", section 3.6); needs `flip`
    shift: move each image by up to this many pixels in both directions
    shift_fill: what moves in: `black`, or `reflect`, the image mirrored at its edge
    rotation_degrees: rotate each image by up to this many degrees either way, filling with black
    noise: standard deviation of the Gaussian noise on each pixel, as a share of 0..255
    cut_out: side in pixels of a black square somewhere on each image, perhaps partly outside
        (DeVries and Taylor 2017, "Improved regularization of convolutional neural networks")
    label_smoothing: share of each label that is spread evenly over all classes in the loss
        (Szegedy et al. 2016, "Rethinking the Inception architecture", section 7)
    whitened_first_layer: the first convolution whitens patches of the training images, and stays as
        it is, see `first_weights`
    identity_convolutions: the first filters of each other convolution begin by passing on its
        inputs, where these are not more than its filters
    l2: this times the sum of squares of all kernels is added to the loss; biases and
        normalizations are excluded
    keep_best: keep the weights of the epoch with the highest validation accuracy, the first of
        equals, instead of those of the last
    precision: of the convolutions and matrix products of each step: `float32`, or `bfloat16`, which
        is faster on processors that have instructions for it, and float32 on all others, see
        `precision.precision_here`; weights, their updates, and all that is measured stay float32
    image_sizes: how large the images are at first, for each part of the training its `size`, the
        longer side in pixels, and `until`, the share of the training at which it ends, both
        ascending; as large as they are after the last. Smaller images, averages of pixels, cost
        less, and a network that averages over the whole image learns from them, too (progressive
        resizing: Howard 2018, "Training Imagenet in 3 hours for USD 25")
    watch_test: measure training and test accuracy after each epoch; nothing is chosen by it
    threads: of TensorFlow; they decide the weights, too, since it sums gradients in an order that
        depends on them, so they are as many whatever the machine has
    """

    epochs: int
    batch_size: int = 128
    learning_rate: float = 1e-3
    warm_up: float = 0.0
    decay: str = "cosine"
    optimizer: str = "adam"
    momentum: float = 0.9
    weight_decay: float = 0.0
    validation_images: int = 5000
    training_images: int | None = None
    flip: bool = False
    alternating_flip: bool = False
    shift: int = 0
    shift_fill: str = "black"
    rotation_degrees: float = 0.0
    noise: float = 0.0
    cut_out: int = 0
    label_smoothing: float = 0.0
    whitened_first_layer: bool = False
    identity_convolutions: bool = False
    l2: float = 0.0
    keep_best: bool = False
    precision: str = "float32"
    image_sizes: Sequence[Mapping[str, float]] = ()
    watch_test: bool = False
    threads: int = 1
