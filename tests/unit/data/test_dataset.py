"""The dataset file: equal data, equal bytes; anything else is refused."""

import numpy as np
import pytest

from spikesweep.data.checks import checked_dataset, checked_part
from spikesweep.data.checksums import array_sha256, verify
from spikesweep.data.dataset import load_dataset, save_dataset
from spikesweep.errors import UserError


@pytest.fixture
def dataset(digits):
    train = checked_part(digits["x_train"], digits["y_train"], "train")
    test = checked_part(digits["x_test"], digits["y_test"], "test")
    return checked_dataset(train, test, None, "digits")


def test_round_trip_and_same_bytes(tmp_path, dataset, monkeypatch):
    save_dataset(dataset, tmp_path / "a.npz")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    save_dataset(dataset, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    loaded = load_dataset(tmp_path / "a.npz")
    for name in ("x_train", "y_train", "x_test", "y_test", "class_names"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(dataset, name))
        assert getattr(loaded, name).dtype == getattr(dataset, name).dtype


def test_damaged_file_is_named(tmp_path, dataset):
    path = tmp_path / "a.npz"
    save_dataset(dataset, path)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(UserError, match=r"a\.npz is not a prepared dataset"):
        load_dataset(path)
    np.savez(path, x_train=dataset.x_train)
    with pytest.raises(UserError, match=r"a\.npz is not a prepared dataset"):
        load_dataset(path)


def test_hash_is_of_bytes_in_c_order():
    # sha256 of the bytes 0, 1, 2, 3, by `printf '\0\1\2\3' | sha256sum`
    expected = "054edec1d0211f624fed0cbca9d4f9400b0e491c43742af2c5b0abebf0c990d8"
    array = np.arange(4, dtype=np.uint8).reshape(2, 2)
    assert array_sha256(array) == expected
    assert array_sha256(np.asfortranarray(array)) == expected
    assert array_sha256(np.arange(4, dtype=np.int64)) == expected


def test_one_changed_pixel_changes_the_hash(dataset):
    expected = {"x_test": array_sha256(dataset.x_test)}
    verify(dataset, expected)
    dataset.x_test[7, 3, 3, 0] ^= 1
    with pytest.raises(UserError, match=f"expected {expected['x_test']}"):
        verify(dataset, expected)


IMAGES = np.zeros((3, 4, 5), dtype=np.uint8)
LABELS = np.arange(3)


@pytest.mark.fault("wrong array")
@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (
            IMAGES.astype(np.float32),
            LABELS,
            r".*are float32, .*: convert them with x = \(x \* 255\)",
        ),
        (IMAGES + np.float32(7), LABELS, r".*are float32, .*: convert them with x = x\.round"),
        (
            IMAGES - np.linspace(0, 3, 5),
            LABELS,
            r".*float64, .* x = \(\(x - -3\) / 3 \* 255\)\.round",
        ),
        (
            np.where(IMAGES > 0, np.nan, IMAGES + np.float32([np.nan, 1, 1, 1, 1])),
            LABELS,
            r".*x = np\.where\(np\.isfinite\(x\), x, 0\).*; x = \(x \* 255\)\.round",
        ),
        (
            IMAGES - np.float32([1, -1, 0, 0, 0]),
            LABELS,
            r".*x = \(\(x \+ 1\) \* 127\.5\)\.round",
        ),
        (IMAGES[0, 0], LABELS, r"images have shape \(5,\)"),
        (
            IMAGES.reshape(3, 2, 1, 10),
            LABELS,
            r".*\(3, 2, 1, 10\).*; move .* x = np\.moveaxis\(x, 1, -1\)",
        ),
        (IMAGES.reshape(3, 1, 2, 10), LABELS, r"images have shape \(3, 1, 2, 10\)"),
        (
            np.zeros((4, 5, 3, 6), np.uint8),
            np.arange(6),
            r".*\(4, 5, 3, 6\).*; move the images .* x = np\.moveaxis\(x, -1, 0\)",
        ),
        (IMAGES, LABELS.astype(float), "labels are float64"),
        (IMAGES, LABELS + 0.25, r"labels are numbers such as 0\.25, .*: number the classes"),
        (
            IMAGES,
            np.array(["cat", "dog", "cat"]),
            r".*names, y = np\.unique\(y, return_inverse=True\)",
        ),
        (
            IMAGES,
            np.ones((3, 3), int),
            r"labels of shape \(3, 3\) look like several labels per image",
        ),
        (IMAGES, np.eye(5)[:3], r"labels of shape \(3, 5\) look like several labels per image"),
        (IMAGES, np.ones((3, 3, 3), int), r"labels are int64 of shape \(3, 3, 3\)"),
        (IMAGES, LABELS[:2], "3 images, but 2 labels"),
        (IMAGES[:0], LABELS[:0], "no images"),
        (IMAGES[:, :0], LABELS, r"no images in an array of shape \(3, 0, 5, 1\)"),
        (IMAGES[:0], np.ones((0, 0)), r"labels are float64 of shape \(0, 0\)"),
        (
            IMAGES * np.nan,
            LABELS,
            r".*are float64, .*: convert them with x = np\.where\(np\.isfinite",
        ),
        (
            IMAGES + np.float16(np.inf),
            LABELS,
            r".*are float16, .* with x = np\.where\(np\.isfinite",
        ),
        (IMAGES * 1j, LABELS, r".*are complex128, .* with x = x\.astype\('uint8'\)"),
        (IMAGES.astype(object), LABELS, "images are object, but must be uint8"),
        (IMAGES.astype("datetime64[s]"), LABELS, r"images are datetime64\[s\], but must be"),
        (np.uint8(7), LABELS, r"images have shape \(\)"),
        (np.zeros((3, 4, 5, 5), np.uint8), LABELS, r"images have shape \(3, 4, 5, 5\)"),
        (np.zeros((3, 4, 5, 3, 1), np.uint8), LABELS, r"images have shape \(3, 4, 5, 3, 1\)"),
        (IMAGES, np.array([0, np.nan, np.inf]), "2 of 3 labels are not finite .*: leave out"),
        (IMAGES, np.eye(3) * np.nan, "9 of 9 labels are not finite"),
        (IMAGES, np.array(3), r"labels are int64 of shape \(\)"),
        (IMAGES, LABELS.astype(object), "labels are object"),
        (IMAGES, LABELS.astype(bool), "labels are bool, but must be whole numbers"),
    ],
)
def test_unusable_parts_are_named(images, labels, message):
    with pytest.raises(UserError, match=f"^my file: {message}"):
        checked_part(images, labels, "my file")


@pytest.mark.fault("wrong array")
@pytest.mark.parametrize(
    ("y_train", "y_test", "names", "message"),
    [
        ([1, 2, 3], [1], None, "must be 0 to 3, each at least once; found 1, 2, 3"),
        ([-1, 0, 1], [0], None, "must be 0 to 1, each at least once; found -1, 0, 1"),
        ([0, 2, 2], [0], None, "must be 0 to 2, each at least once; found 0, 2"),
        ([0, 1, 1], [0, 2], None, r"test labels are 0 to 2, .* np\.isin\(y_test, y_train\)"),
        ([0, 1, 1], [-1, 0], None, "test labels are -1 to 0, but training labels 0 to 1"),
        ([0, 10**12], [0], None, "must be 0 to 1000000000000, each at least once; found 0, 1000"),
        ([0, 1], [2**63 - 1], None, "test labels are 9223372036854775807 to"),
        ([0, 1, 255], [0], None, "must be 0 to 255, each at least once; found 0, 1, 255; number"),
        ([0, 1, 2], [0], ["a", "b"], "must be 0 to 1, each at least once; found 0, 1, 2"),
    ],
)
def test_unusable_labels_are_named(y_train, y_test, names, message):
    def part(labels):
        return checked_part(np.zeros((len(labels), 2, 2), np.uint8), np.array(labels), "part")

    with pytest.raises(UserError, match=message):
        checked_dataset(part(y_train), part(y_test), names, "my file")


def test_parts_of_different_size_are_refused():
    train = checked_part(np.zeros((1, 4, 4), np.uint8), np.zeros(1, int), "train")
    test = checked_part(np.zeros((1, 4, 4, 3), np.uint8), np.zeros(1, int), "test")
    with pytest.raises(UserError, match=r"\(4, 4, 1\), but test images \(4, 4, 3\)"):
        checked_dataset(train, test, None, "my file")


@pytest.mark.parametrize(
    ("shape", "expected"), [((3, 7), (3, 7, 1, 1)), ((3, 7, 9), (3, 7, 9, 1)), ((3, 2, 2, 3),) * 2]
)
def test_signals_and_grey_images_get_axes_of_one(shape, expected):
    images, labels = checked_part(np.zeros(shape, np.uint8), np.eye(3)[[2, 0, 1]], "my file")
    assert images.shape == expected
    # One row of zeros and a one per image.
    assert labels.tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("labels", "told"),
    [([1, 2, 3], "y = y - 1"), ([0, 2, 5], r"np\.searchsorted\(np\.unique\(y_train\), y\)")],
)
def test_labels_that_leave_out_numbers_are_refused_with_the_repair(labels, told):
    part = IMAGES[..., np.newaxis], np.array(labels)
    with pytest.raises(UserError, match=f"found {', '.join(map(str, labels))}; .*{told}"):
        checked_dataset(part, part, None, "my file")


@pytest.mark.parametrize("shape", [(3, 1, 1), (1, 3)])
def test_labels_may_have_axes_of_one(shape):
    _, labels = checked_part(IMAGES, LABELS.reshape(shape), "my file")
    assert labels.tolist() == [0, 1, 2]


def test_a_single_class_is_refused():
    part = checked_part(IMAGES + np.uint8(9), 0 * LABELS, "my file")
    with pytest.raises(UserError, match="all training images are of one class"):
        checked_dataset(part, part, None, "my file")


@pytest.mark.parametrize("brightest", [0, 1])
def test_black_images_are_refused(brightest):
    images = np.zeros((4, 3, 3, 1), np.uint8)
    images[2, 1, 1] = brightest
    part = images, np.arange(4) % 2
    with pytest.raises(UserError, match=f"brightest pixel .* is {brightest} of 255, .*; save"):
        checked_dataset(part, part, None, "my file")
    images[2, 1, 1] = 2
    checked_dataset(part, part, None, "my file")
