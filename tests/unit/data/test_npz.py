"""A user's `.npz`: read without pickles, checked, split where it has no test part."""

import numpy as np
import pytest

from spikesweep.data.dataset import load_dataset, save_dataset
from spikesweep.data.npz import read_npz_dataset
from spikesweep.data.peek import has_validation
from spikesweep.errors import UserError

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (30, 6, 5, 3), dtype=np.uint8)
Y = np.arange(30) % 3


def test_with_test_part(tmp_path):
    path = str(tmp_path / "d.npz")
    # Labels as a column, as the datasets of Keras have them.
    np.savez(path, x_train=X[:20], y_train=Y[:20, np.newaxis], x_test=X[20:], y_test=Y[20:])
    dataset = read_npz_dataset(path=path, class_names=["a", "b", "c"])
    np.testing.assert_array_equal(dataset.x_train, X[:20])
    np.testing.assert_array_equal(dataset.y_train, Y[:20])
    np.testing.assert_array_equal(dataset.x_test, X[20:])
    assert list(dataset.class_names) == ["a", "b", "c"]
    with pytest.raises(UserError, match="remove test_share"):
        read_npz_dataset(path=path, test_share=0.5)


def test_a_validation_part_of_its_own(tmp_path):
    path = str(tmp_path / "d.npz")
    parts = {"x_train": X[:12], "y_train": Y[:12], "x_test": X[12:20], "y_test": Y[12:20]}
    np.savez(path, **parts, x_val=X[20:], y_val=Y[20:])
    dataset = read_npz_dataset(path=path)
    np.testing.assert_array_equal(dataset.x_validation, X[20:])
    np.testing.assert_array_equal(dataset.y_validation, Y[20:])
    save_dataset(dataset, tmp_path / "prepared.npz")
    again = load_dataset(tmp_path / "prepared.npz")
    np.testing.assert_array_equal(again.x_validation, X[20:])
    assert has_validation({"format": "npz", "path": path})
    np.savez(path, **parts, x_val=X[20:, :5], y_val=Y[20:])
    with pytest.raises(UserError, match=r"but validation images \(5, 5, 3\)"):
        read_npz_dataset(path=path)
    np.savez(path, **parts, x_val=X[20:], y_val=Y[20:] + 1)
    with pytest.raises(UserError, match="validation labels are 1 to 3, but training labels 0 to 2"):
        read_npz_dataset(path=path)
    np.savez(path, **parts)
    assert read_npz_dataset(path=path).x_validation is None
    assert not has_validation({"format": "npz", "path": path})


def test_held_out_test_part(tmp_path):
    path = str(tmp_path / "d.npz")
    np.savez(path, x_train=X, y_train=Y)
    dataset = read_npz_dataset(path=path, test_share=0.2, test_seed=1)
    assert np.bincount(dataset.y_test).tolist() == [2, 2, 2]
    together = np.concatenate([dataset.x_train, dataset.x_test])
    assert {image.tobytes() for image in together} == {image.tobytes() for image in X}
    again = read_npz_dataset(path=path, test_share=0.2, test_seed=1)
    np.testing.assert_array_equal(dataset.x_test, again.x_test)
    other = read_npz_dataset(path=path, test_share=0.2, test_seed=2)
    assert not np.array_equal(dataset.x_test, other.x_test)
    with pytest.raises(UserError, match="has no test part: set test_share"):
        read_npz_dataset(path=path)
    with pytest.raises(UserError, match=r"test_share 0\.01 of 30 images is 0"):
        read_npz_dataset(path=path, test_share=0.01)


def test_pickles_are_refused_unread(tmp_path):
    touched = tmp_path / "touched"

    class Trap:
        def __reduce__(self):
            return (touched.touch, ())

    path = tmp_path / "d.npz"
    np.savez(path, x_train=np.array([Trap()]), y_train=Y)
    with pytest.raises(UserError, match="without pickles"):
        read_npz_dataset(path=str(path))
    assert not touched.exists()


def test_unreadable_files_are_named(tmp_path):
    path = tmp_path / "d.npz"
    with pytest.raises(UserError, match=r"d\.npz cannot be read"):
        read_npz_dataset(path=str(path))
    np.savez_compressed(path, x_train=X, y_train=Y, x_test=X, y_test=Y)
    whole = path.read_bytes()
    for damaged in (b"", whole[:100], whole[:-300], whole[:400] + bytes(50) + whole[450:]):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match=r"d\.npz cannot be read"):
            read_npz_dataset(path=str(path))
    with path.open("wb") as file:
        np.save(file, X)
    with pytest.raises(UserError, match=r"not an \.npz archive"):
        read_npz_dataset(path=str(path))


def test_what_is_no_archive_or_needs_pickles_is_named_with_the_remedy(tmp_path):
    path = tmp_path / "d.npz"
    for content, told in (
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"<html><body>", "is a web page: download the file itself"),
        (b"\x89HDF\r\n\x1a\n", r"no \.npz archive, or truncated; save it with numpy\.savez"),
    ):
        path.write_bytes(content)
        with pytest.raises(UserError, match=told):
            read_npz_dataset(path=str(path))
    np.savez(path, x_train=np.array([X[0], X[0, :1]], dtype=object), y_train=Y[:2])
    with pytest.raises(UserError, match=r"images of several sizes.*np\.stack\(images\)"):
        read_npz_dataset(path=str(path))


def test_missing_arrays_are_named(tmp_path):
    path = str(tmp_path / "d.npz")
    np.savez(path, images=X, y_train=Y)
    with pytest.raises(UserError, match="lacks x_train: it contains images, y_train"):
        read_npz_dataset(path=path)
    np.savez(path, x_train=X, y_train=Y, x_test=X)
    with pytest.raises(UserError, match="lacks y_test"):
        read_npz_dataset(path=path)
