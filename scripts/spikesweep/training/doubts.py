"""What makes the numbers of an imported network doubtful; its owner must not miss it."""

from collections.abc import Mapping

import numpy as np

from spikesweep.data.scaling import Numbers, shrinks_pixels


def doubts(
    accuracy: Mapping[str, object],
    classes: int,
    stated_accuracy: float | None,
    config_scale: Numbers | None,
    pixel_scale: float,
) -> list[str]:
    """A sentence for each reason to doubt that the network sees what it was trained on.

    accuracy: row of accuracy.csv of the user's file on the test images, with its 95 % interval.
    stated_accuracy: what its owner knows it to be, or None.
    config_scale: input_scale of the config, or None if it is not given.
    pixel_scale: by how much the file itself scales pixels; 1 if not at all.
    """
    found = []
    low, high = float(str(accuracy["accuracy_low"])), float(str(accuracy["accuracy_high"]))
    measured = f"{float(str(accuracy['accuracy'])):.1%} of {accuracy['images']} test images"
    if low <= 1 / classes:
        found.append(
            f"no better than chance: right on {measured}, with {classes} classes; nothing that "
            "follows means anything. Check input_scale and input_offset, the order of the classes "
            "and the dataset"
        )
    if stated_accuracy is not None and high < stated_accuracy:
        found.append(
            f"below the stated test_accuracy of {stated_accuracy:.1%}: right on {measured}. Check "
            "input_scale and input_offset, the order of the classes and the dataset"
        )
    scale = 1.0 if config_scale is None else float(np.abs(config_scale).max())
    if shrinks_pixels(scale) and shrinks_pixels(pixel_scale):
        largest = 255 * scale * pixel_scale
        found.append(
            "scaled twice: by input_scale of the config and by a layer of the file, so that pixels "
            f"from 0 to 255 span {largest:.3g}; remove input_scale unless that is meant"
        )
    return found
