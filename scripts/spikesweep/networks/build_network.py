"""Builds a network of a named architecture."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

# Selects Keras 2, which must be done before TensorFlow is imported.
import spikesweep.runtime  # noqa: F401
from spikesweep.errors import UserError
from spikesweep.networks.options import check_options
from spikesweep.networks.registry import load_architecture

if TYPE_CHECKING:
    import tf_keras

Shape = tuple[int, int, int]


def build_network(
    architecture: str,
    input_shape: Shape,
    classes: int,
    options: Mapping[str, Any],
    first_layer: "tf_keras.layers.Layer | None" = None,
) -> "tf_keras.Model":
    """Build a named architecture with fresh weights for images of `input_shape` (H, W, C).

    first_layer: comes between the images and the architecture, if there is one.

    Raises UserError as `check_options`, or if the images are too small for the options.
    """
    import tf_keras

    check_options(architecture, options)
    images = tf_keras.layers.Input(input_shape, name="image")
    seen = first_layer(images) if first_layer else images
    try:
        logits = load_architecture(architecture).build(seen, classes, **options)
    except ValueError as error:
        raise UserError(
            f"architecture {architecture!r} cannot be built with options {dict(options)} for "
            f"images of shape {tuple(input_shape)}: {str(error).splitlines()[0]}; "
            "change the options"
        ) from error
    return tf_keras.Model(images, logits, name=architecture)
