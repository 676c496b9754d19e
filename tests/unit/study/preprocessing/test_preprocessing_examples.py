import numpy as np
import pytest

from spikesweep.data.dataset import Dataset
from spikesweep.study.preprocessing.examples import examples_of_networks, seen_images
from spikesweep.training.techniques import image_settings

TRAINING = {"epochs": 3, "training_images": 40, "validation_images": 20, "watch_test": True}


@pytest.fixture(scope="module")
def dataset():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (100, 12, 12, 3), dtype=np.uint8)
    labels = np.arange(100) % 4
    return Dataset(images, labels, images[:8], labels[:8], np.array(list("abcd")))


def entry(kind="rescaled", **training):
    return {"architecture": "cnn", "input": kind, "training": TRAINING | training}


def seen(dataset, kind="rescaled", **training):
    return seen_images(dataset, image_settings(entry(kind, **training)), 0, 4)


def test_each_input_has_its_range_and_the_same_images(dataset):
    raw, rescaled = seen(dataset, "raw"), seen(dataset)
    assert raw.shape == rescaled.shape == (4, 12, 12, 3)
    np.testing.assert_allclose(raw, 255 * rescaled, rtol=1e-5)
    assert (raw == np.round(raw)).all()
    standardised = seen(dataset, "standardised")
    assert np.corrcoef(standardised[..., 0].ravel(), raw[..., 0].ravel())[0, 1] > 0.999
    assert abs(standardised.mean()) < 0.2


def test_a_whitened_image_keeps_its_size(dataset):
    # Of pixels that have nothing in common there is nothing to take out, only to scale.
    whitened, standardised = seen(dataset, "whitened"), seen(dataset, "standardised")
    assert whitened.shape == (4, 12, 12, 3)
    assert np.corrcoef(whitened.ravel(), standardised.ravel())[0, 1] > 0.98


def test_random_changes_are_made_and_stay_the_same(dataset):
    assert not np.array_equal(seen(dataset, noise=0.1), seen(dataset))
    np.testing.assert_array_equal(seen(dataset, noise=0.1), seen(dataset, noise=0.1))


def test_techniques_that_leave_images_alone_are_named_and_not_drawn(dataset):
    settings = {
        "none": entry("raw"),
        "rescaling": entry(),
        "l2": entry(l2=0.1),
        "shift": entry(shift=1),
    }
    variants = {
        f"preprocessing/few/{name}": {
            "dataset": "few",
            "entry": image_settings(found),
            "seed": 0,
        }
        for name, found in settings.items()
    }
    (examples,) = examples_of_networks(
        {"few": dataset}, variants, network_labels={"few": "Few"}, count=4
    )
    assert examples.label == "Few"
    assert list(examples.images) == ["none", "rescaling", "shift"]
    assert examples.alike == ("l2",)
