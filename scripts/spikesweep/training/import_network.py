"""Import a user's trained network into the study."""

import logging
from pathlib import Path

import pandas as pd

from spikesweep.data.dataset import load_dataset
from spikesweep.data.scaling import Numbers, check_channels
from spikesweep.files import atomic_path
from spikesweep.metadata import write_metadata
from spikesweep.networks.keras_file import check_fit, read_keras_file
from spikesweep.networks.rebuild import rebuild
from spikesweep.runtime import make_deterministic
from spikesweep.tables import labelled, write_csv
from spikesweep.training.accuracy import accuracy_row, outputs_of
from spikesweep.training.doubts import doubts
from spikesweep.training.same_outputs import (
    check_classes,
    checked_difference,
    outputs_as_saved,
    usual_scale,
    without_rescaling,
)

logger = logging.getLogger(__name__)


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
    check_channels(data.x_test.shape[-1], input_scale=input_scale, input_offset=input_offset)
    make_deterministic(seed)
    config_scale = input_scale
    rebuilt = rebuild(file, data.x_test.shape[1:])
    if input_scale is None:
        input_scale = usual_scale(file, rebuilt)
    scaling = without_rescaling(rebuilt, input_scale, input_offset)

    before = outputs_as_saved(rebuilt.original, rebuilt.input_shape, input_scale, input_offset)(
        data.x_test
    )
    after = outputs_of(rebuilt.model, *scaling)(data.x_test)
    check_classes(file, after, len(data.class_names))
    difference = checked_difference(file, before, after, rebuilt)
    rows = [
        accuracy_row("test", after.argmax(axis=1) == data.y_test),
        accuracy_row("test_as_saved", rebuilt.classes_as_saved(before) == data.y_test),
    ]
    logger.info(
        "test accuracy %.4f as saved, %.4f rebuilt; outputs differ by %.2g of the largest",
        rows[1]["accuracy"], rows[0]["accuracy"], difference,
    )  # fmt: skip
    doubted = doubts(
        rows[1], len(data.class_names), test_accuracy, config_scale, rebuilt.pixel_scale
    )
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
