"""IDX files: what is read is what was written, and damage is named."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from spikesweep.data.idx import decode_idx, read_idx, read_idx_dataset
from spikesweep.data.mnist import FILES
from spikesweep.errors import UserError

KEYS = ("train_images", "train_labels", "test_images", "test_labels")


@given(
    array=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=1, max_dims=4, max_side=6)),
    gzipped=st.booleans(),
)
def test_round_trip(idx_bytes, array, gzipped):
    data = idx_bytes(array)
    decoded = decode_idx(gzip.compress(data) if gzipped else data, "file")
    assert decoded.dtype == np.uint8
    np.testing.assert_array_equal(decoded, array)


@given(st.data())
def test_every_truncation_is_noticed(idx_bytes, data):
    whole = idx_bytes(np.arange(24, dtype=np.uint8).reshape(2, 3, 4))
    whole = data.draw(st.sampled_from([whole, gzip.compress(whole)]))
    length = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(UserError, match="the_file"):
        decode_idx(whole[:length], "the_file")


def test_header_and_sizes_are_checked(idx_bytes):
    good = idx_bytes(np.zeros((2, 3), dtype=np.uint8))
    with pytest.raises(UserError, match="starts with 0x89504e47"):
        decode_idx(b"\x89PNG....", "image.png")
    with pytest.raises(UserError, match="starts with 0x00000d02"):
        decode_idx(good[:2] + b"\x0d" + good[3:], "floats")
    with pytest.raises(UserError, match="more than 18 bytes, but its header says 18"):
        decode_idx(good + b"\0", "too_long")


def test_flipped_byte_in_gzip_is_noticed(idx_bytes):
    data = bytearray(gzip.compress(idx_bytes(np.arange(200, dtype=np.uint8))))
    data[-6] ^= 1  # in the check sum
    with pytest.raises(UserError, match="damaged or truncated gzip"):
        decode_idx(bytes(data), "file.gz")


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"nothing-here cannot be read: No such file"):
        read_idx(tmp_path / "nothing-here")


def test_dataset_of_four_files(tmp_path, digits, idx_files):
    paths = {}
    for key, name in zip(KEYS, FILES, strict=True):
        (tmp_path / name).write_bytes(idx_files[name])
        paths[key] = str(tmp_path / name)
    dataset = read_idx_dataset(**paths)
    np.testing.assert_array_equal(dataset.x_train[..., 0], digits["x_train"])
    np.testing.assert_array_equal(dataset.y_test, digits["y_test"])
    assert dataset.x_test.shape == (20, 28, 28, 1)
    assert dataset.y_train.dtype == np.int64
    assert list(dataset.class_names) == [str(digit) for digit in range(10)]

    paths["test_labels"] = paths["train_labels"]
    with pytest.raises(UserError, match="20 images, but 40 labels"):
        read_idx_dataset(**paths)
