"""What makes the numbers of an imported network doubtful; its owner must not miss it."""

from collections.abc import Mapping

import numpy as np

from spikesweep.data.scaling import Numbers


def doubts(
    accuracy: Mapping[str, object],
    classes: int,
    stated_accuracy: float | None,
    config_scale: Numbers | None,
    rescaling: tuple[Numbers, Numbers] | None,
) -> list[str]:
    """A sentence for each reason to doubt that the network sees what it was trained on.

    accuracy: row of accuracy.csv of the user's file on the test images, with its 95 % interval.
    stated_accuracy: what its owner knows it to be, or None.
    config_scale: input_scale of the config, or None if it is not given.
    rescaling: scale and offset that the file itself applies first, or None.
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
    if config_scale is not None and rescaling is not None:
        largest = 255 * float(np.abs(np.multiply(config_scale, rescaling[0])).max())
        found.append(
            "scaled twice: by input_scale of the config and by a layer of the file, so that pixels "
            f"from 0 to 255 span {largest:.3g}; remove input_scale unless that is meant"
        )
    return found
