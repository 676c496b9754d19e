"""Which test images a study sees: those of the check are seen by nothing else."""

import logging

import numpy as np
import pytest

from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.experiments.samples import load_sample

SEEDS = (0, 1, 2)


@pytest.fixture
def files(tmp_path):
    """A function that writes a dataset in which the pixel of each test image is its index."""

    def write(test_images):
        shape = (test_images, 1, 1, 1)
        pixels = np.arange(test_images, dtype=np.uint8).reshape(shape)
        labels = np.arange(test_images) % 2
        data = Dataset(np.zeros((20, 1, 1, 1), np.uint8), np.arange(20) % 2, pixels, labels, NAMES)
        save_dataset(data, tmp_path / "data.npz")
        # The trained network gives every image its index.
        np.save(tmp_path / "classes.npy", np.arange(test_images))
        return {"dataset": tmp_path / "data.npz", "ann_classes": tmp_path / "classes.npy"}

    return write


NAMES = np.array(["even", "odd"])


def seen(files, images, seed, part):
    sample = load_sample(**files, images=images, images_seed=seed, part=part)
    pixels = sample.images.ravel()
    # Labels and classes are those of the same images.
    np.testing.assert_array_equal(sample.labels, pixels % 2)
    np.testing.assert_array_equal(sample.ann_classes, pixels)
    return set(pixels.tolist())


@pytest.mark.parametrize("images", [20, 140, 1000])
def test_no_study_sees_an_image_of_the_check(files, images):
    paths = files(200)
    shown = set.union(*(seen(paths, images, seed, "open") for seed in SEEDS))
    checked = set.union(*(seen(paths, images, seed, "vault") for seed in SEEDS))
    assert not shown & checked
    if images == 1000:
        assert (len(shown), len(checked)) == (140, 60)


def test_fewer_images_than_wanted_are_told(files, caplog):
    caplog.set_level(logging.INFO)
    assert len(seen(files(200), 2500, 0, "vault")) == 60
    assert "60 test images instead of 2500" in caplog.text


def test_a_handful_of_images_is_checked_on_what_was_seen_and_that_is_told(files, caplog):
    paths = files(3)
    assert seen(paths, 10, 0, "vault") == seen(paths, 10, 0, "open") == {0, 1, 2}
    assert "3 test images are too few to keep some apart" in caplog.text
