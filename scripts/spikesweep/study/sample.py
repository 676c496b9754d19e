"""The test images of a study, with what the trained network says of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from spikesweep.data.dataset import load_dataset
from spikesweep.data.splits import subset


@dataclass(frozen=True, eq=False)
class Sample:
    """Test images chosen by a seed.

    images: (N, H, W, C) uint8; labels, ann_classes: (N,) int64, the true class and the class
    that the trained network, simulated as rates, gives.
    """

    images: np.ndarray
    labels: np.ndarray
    ann_classes: np.ndarray


def load_sample(
    dataset: str | Path, ann_classes: str | Path, images: int, images_seed: int
) -> Sample:
    """Choose test images, each class by its share; more images keep those of fewer.

    images: how many; where the test part is smaller, all of it is taken.
    ann_classes: .npy with the trained network's class of each image of the test part.
    """
    data = load_dataset(dataset)
    chosen = np.sort(subset(data.y_test, min(images, len(data.y_test)), images_seed))
    return Sample(
        images=data.x_test[chosen],
        labels=data.y_test[chosen],
        ann_classes=np.load(ann_classes, allow_pickle=False)[chosen],
    )
