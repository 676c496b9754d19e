"""Whether a user's network computes the same once it is rebuilt, on images scaled for it."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from spikesweep.data.scaling import PIXEL_SCALE, Numbers, fold, shrinks_pixels
from spikesweep.errors import UserError
from spikesweep.networks.rebuild import Rebuilt
from spikesweep.training.accuracy import Outputs, outputs_of

logger = logging.getLogger(__name__)

# Names that TensorFlow takes for the scope of operations.
_SCOPE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*")
# Relative to the largest output. Float32 rounding through a few dozen layers stays far below this.
_LARGEST_DIFFERENCE = 1e-4


def usual_scale(file: str | Path, rebuilt: Rebuilt) -> float:
    """1 if the file itself scales pixels from 0 to 255, else 1/255."""
    chosen = 1.0 if shrinks_pixels(rebuilt.pixel_scale) else PIXEL_SCALE
    if rebuilt.pixel_scale != 1:
        logger.info("%s scales its input by %.3g, so it takes pixels from 0 to %s; set "
                    "input_scale in the config if not", file, rebuilt.pixel_scale,
                    "255" if chosen == 1 else "1")  # fmt: skip
    return chosen


def outputs_as_saved(
    model: Any, input_shape: tuple[int, ...], input_scale: Numbers, input_offset: Numbers
) -> Outputs:
    """What a user's network itself puts out, (N, outputs), for images (N, H, W, C) uint8.

    input_shape: of one input; the same values as an image.
    """

    def on_images(images: tf.Tensor, training: bool) -> tf.Tensor:
        found = model(tf.reshape(images, (-1, *input_shape)), training=training)
        # A network whose one output has a name.
        while isinstance(found, dict | list | tuple):
            (found,) = found.values() if isinstance(found, dict) else found
        return tf.reshape(found, (tf.shape(images)[0], -1))

    # TensorFlow cannot compile layers whose names are no scopes; other backends of Keras take them.
    compiled = all(_SCOPE.fullmatch(layer.name) for layer in _all_layers(model))
    return outputs_of(on_images, input_scale, input_offset, compiled=compiled)


def _all_layers(model: Any) -> Iterator[Any]:
    yield model
    for layer in getattr(model, "layers", []):
        yield from _all_layers(layer)


def without_rescaling(
    rebuilt: Rebuilt, input_scale: Numbers, input_offset: Numbers
) -> tuple[Numbers, Numbers]:
    """Scale and offset for the rebuilt model, which has no Rescaling layer of its own."""
    if rebuilt.rescaling is None:
        return input_scale, input_offset
    return fold(input_scale, input_offset, rebuilt.rescaling)


def check_classes(file: str | Path, outputs: np.ndarray, classes: int) -> None:
    """Refuse a network that gives another number of scores than its dataset has classes.

    Raises UserError.
    """
    if outputs.shape[1:] != (classes,):
        raise UserError(
            f"{file} gives outputs of shape {outputs.shape[1:]}, but its dataset has {classes} "
            "classes: choose the dataset that it was trained on"
        )


def checked_difference(
    file: str | Path, before: np.ndarray, after: np.ndarray, rebuilt: Rebuilt
) -> float:
    """Largest difference of an output, as a share of the largest output.

    Raises UserError if it is larger than rounding explains.
    """
    difference = float(np.abs(before - rebuilt.as_saved(after)).max() / np.abs(before).max())
    # Written so that a difference that is not a number is refused, too.
    if not difference <= _LARGEST_DIFFERENCE:
        raise UserError(
            f"{file} gives different outputs after it is rebuilt (they differ by "
            f"{difference:.2g} of the largest): one of its layers is not supported"
        )
    return difference
