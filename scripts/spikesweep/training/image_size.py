"""Networks that learn from smaller images at first."""

import tensorflow as tf
import tf_keras

from spikesweep.errors import UserError
from spikesweep.training.settings import TrainingSettings


def image_size(settings: TrainingSettings, epoch: int) -> int | None:
    """Longer side in pixels of the images of an epoch, counted from 0; None for the whole images.

    A size holds for the epochs that begin before its share of the training has passed.
    """
    for part in settings.image_sizes:
        # 0.28 of 25 epochs are 7.000000000000001.
        if epoch < part["until"] * settings.epochs - 1e-9:
            return int(part["size"])
    return None


def pixel_shares(settings: TrainingSettings, longer: int) -> list[float]:
    """Pixels of the images of each epoch, as a share of those of whole images.

    longer: longer side in pixels of the whole images.
    """
    sizes = [image_size(settings, epoch) or longer for epoch in range(settings.epochs)]
    return [min(1.0, size / longer) ** 2 for size in sizes]


def shrunk(images: tf.Tensor, size: int) -> tf.Tensor:
    """Images (N, H, W, C) whose longer side is `size`; a pixel is the mean of those that it covers.

    Images that are no larger stay as they are.
    """
    height, width = images.shape[1:3]
    longer = max(height, width)
    if longer <= size:
        return images
    sides = [max(1, round(side * size / longer)) for side in (height, width)]
    return tf.image.resize(images, sides, method="area")


def for_smaller_images(model: tf_keras.Model, settings: TrainingSettings) -> tf_keras.Model:
    """The same layers, with the same weights, for images of the sizes that the settings name.

    Raises UserError for a network that is made for one size.
    """
    image = tf_keras.layers.Input((None, None, model.input_shape[-1]))
    try:
        smaller = tf_keras.models.clone_model(
            model, input_tensors=image, clone_function=lambda layer: layer
        )
        for part in settings.image_sizes:
            smaller(shrunk(tf.zeros((1, *model.input_shape[1:])), int(part["size"])))
    except (TypeError, ValueError) as error:
        raise UserError(
            "training.image_sizes: this network takes only images of the size that it was made "
            "for; use an architecture that averages over the whole image before its last layer, "
            "as residual does, or remove image_sizes"
        ) from error
    return smaller
