"""A dataset small enough to train on in a second, of the shape of MNIST."""

import numpy as np
import pytest

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.data.dataset import Dataset, save_dataset


@pytest.fixture(scope="session")
def stripes() -> Dataset:
    """Three classes, told apart by where a bright stripe is; noise elsewhere."""
    rng = np.random.default_rng(0)

    def part(count: int) -> tuple[np.ndarray, np.ndarray]:
        labels = np.arange(count) % 3
        images = rng.integers(0, 120, (count, 28, 28, 1), dtype=np.uint8)
        for image, label in zip(images, labels, strict=True):
            image[4 + 8 * label : 8 + 8 * label] += 100
        return images, labels.astype(np.int64)

    x_train, y_train = part(360)
    x_test, y_test = part(90)
    return Dataset(x_train, y_train, x_test, y_test, np.array(["high", "middle", "low"]))


@pytest.fixture(scope="session")
def stripes_path(stripes, tmp_path_factory):
    path = tmp_path_factory.mktemp("data") / "stripes.npz"
    save_dataset(stripes, path)
    return path
