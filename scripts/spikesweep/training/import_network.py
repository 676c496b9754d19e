"""Import a user's trained network into the study."""

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import tensorflow as tf

from spikesweep.data.dataset import load_dataset
from spikesweep.data.scaling import PIXEL_SCALE, Numbers, fold
from spikesweep.errors import UserError
from spikesweep.files import atomic_path, write_csv
from spikesweep.metadata import write_metadata
from spikesweep.networks.keras_file import check_fit, read_keras_file
from spikesweep.networks.rebuild import Rebuilt, rebuild
from spikesweep.runtime import make_deterministic
from spikesweep.tables import labelled
from spikesweep.training.accuracy import accuracy_row, outputs_of
from spikesweep.training.doubts import doubts

logger = logging.getLogger(__name__)

# Relative to the largest output. Float32 rounding through a few dozen layers stays far below this.
_LARGEST_DIFFERENCE = 1e-4
# Layers scale pixels from 0 to 255 by 1/255 to 1/50, and pixels from 0 to 1 by 1 to 5.
_LARGEST_SCALE_OF_PIXELS = 0.2


def import_network(
    *,
    file: str | Path,
    dataset: str | Path,
    model_path: str | Path,
    accuracy_path: str | Path,
    metadata_path: str | Path,
    network: str,
    seed: int,
    input_scale: Numbers | None = None,
    input_offset: Numbers = 0.0,
    test_accuracy: float | None = None,
) -> None:
    """Rebuild a user's Keras file, prove that it computes the same, measure and save it.

    accuracy.csv gets the row `test`, and `test_as_saved`: the user's file as its own Keras
    runs it. The largest difference of an output is in the metadata.

    input_scale, input_offset: how images are scaled for the user's file, before any scaling inside
        it; None is 1 if the scaling inside is for pixels from 0 to 255, and else 1/255.

    test_accuracy: what the network's owner knows it to be. `doubts` in the metadata says why the
        numbers may be meaningless.

    Raises UserError for a file that cannot be used, one made for another dataset, or one that
    computes something else once rebuilt.
    """
    data = load_dataset(dataset)
    described = read_keras_file(file)
    check_fit(file, described, data.x_test.shape[1:], len(data.class_names))
    make_deterministic(seed)
    config_scale = input_scale
    rebuilt = rebuild(file, data.x_test.shape[1:])
    if input_scale is None:
        input_scale = _usual_scale(file, rebuilt.rescaling)
    scaling = _without_rescaling(rebuilt, input_scale, input_offset)

    before = outputs_of(_on_images(rebuilt), input_scale, input_offset)(data.x_test)
    after = outputs_of(rebuilt.model, *scaling)(data.x_test)
    _check_classes(file, after, len(data.class_names))
    difference = _checked_difference(file, before, after, rebuilt)
    rows = [
        accuracy_row("test", after.argmax(axis=1) == data.y_test),
        accuracy_row("test_as_saved", rebuilt.classes_as_saved(before) == data.y_test),
    ]
    logger.info(
        "test accuracy %.4f as saved, %.4f rebuilt; outputs differ by %.2g of the largest",
        rows[1]["accuracy"], rows[0]["accuracy"], difference,
    )  # fmt: skip
    doubted = doubts(rows[1], len(data.class_names), test_accuracy, config_scale, rebuilt.rescaling)
    for doubt in doubted:
        logger.warning("%s is %s", file, doubt)
    with atomic_path(model_path) as temporary:
        rebuilt.model.save(temporary, save_format="keras")
    write_csv(labelled(pd.DataFrame(rows), network, seed), accuracy_path)
    write_metadata(
        metadata_path,
        config={"file": str(file)},
        network=network,
        seed=seed,
        input_scale=scaling[0],
        input_offset=scaling[1],
        weights=rebuilt.model.count_params(),
        saved_by_keras=described.version,
        accuracy_as_saved=rows[1]["accuracy"],
        accuracy_rebuilt=rows[0]["accuracy"],
        largest_output_difference=difference,
        doubts=doubted,
    )


def _usual_scale(file: str | Path, rescaling: tuple[Numbers, Numbers] | None) -> float:
    """1 if the file itself scales pixels from 0 to 255, else 1/255."""
    if rescaling is None:
        return PIXEL_SCALE
    scale = float(np.abs(rescaling[0]).max())
    chosen = 1.0 if scale < _LARGEST_SCALE_OF_PIXELS else PIXEL_SCALE
    logger.info("%s scales its input by up to %.3g, so it takes pixels from 0 to %s; set "
                "input_scale in the config if not", file, scale,
                "255" if chosen == 1 else "1")  # fmt: skip
    return chosen


def _on_images(rebuilt: Rebuilt) -> Callable[..., tf.Tensor]:
    """The user's network as a function of images (N, H, W, C), with outputs (N, outputs)."""

    def outputs(images: tf.Tensor, training: bool) -> tf.Tensor:
        inputs = tf.reshape(images, (-1, *rebuilt.input_shape))
        found = rebuilt.original(inputs, training=training)
        return tf.reshape(found, (tf.shape(images)[0], -1))

    return outputs


def _without_rescaling(
    rebuilt: Rebuilt, input_scale: Numbers, input_offset: Numbers
) -> tuple[Numbers, Numbers]:
    """Scale and offset for the rebuilt model, which has no Rescaling layer of its own."""
    if rebuilt.rescaling is None:
        return input_scale, input_offset
    return fold(input_scale, input_offset, rebuilt.rescaling)


def _check_classes(file: str | Path, outputs: np.ndarray, classes: int) -> None:
    if outputs.shape[1:] != (classes,):
        raise UserError(
            f"{file} gives outputs of shape {outputs.shape[1:]}, but its dataset has {classes} "
            "classes: choose the dataset that it was trained on"
        )


def _checked_difference(
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
