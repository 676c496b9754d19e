"""CIFAR-10 in each shape that a user may have it."""

import io
import json
import pickle

import numpy as np
import pytest
from PIL import Image

from spikesweep.data.checksums import verify
from spikesweep.data.cifar10 import (
    BATCHES,
    CIFAR10,
    CLASS_NAMES,
    OFFICIAL_ARCHIVE,
    OFFICIAL_FOLDER,
    RECORD_BYTES,
    decode_bin,
    decode_png_rows,
    read_cifar10,
)
from spikesweep.errors import UserError


def make_batch(seed: int, images: int = 10) -> tuple[np.ndarray, np.ndarray, bytes]:
    """Images (N, 32, 32, 3), labels, and their `.bin` file written record by record."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (images, 32, 32, 3), dtype=np.uint8)
    labels = np.arange(images, dtype=np.uint8) % 10
    record = b"".join(
        bytes([label]) + b"".join(image[:, :, channel].tobytes() for channel in range(3))
        for image, label in zip(pixels, labels, strict=True)
    )
    return pixels, labels, record


def test_bin_record_layout():
    pixels, labels, data = make_batch(0)
    decoded, decoded_labels = decode_bin(data, "batch")
    np.testing.assert_array_equal(decoded, pixels)
    np.testing.assert_array_equal(decoded_labels, labels)


@pytest.mark.parametrize("length", [0, 1, RECORD_BYTES - 1, 2 * RECORD_BYTES - 7])
def test_truncated_bin_is_refused(length):
    data = make_batch(0)[2]
    with pytest.raises(UserError, match=r"data_batch_1\.bin is truncated or damaged"):
        decode_bin(data[:length], "data_batch_1.bin")


@pytest.mark.parametrize("shape", ["files", "folder of files", "archive"])
def test_official_shapes(tmp_path, write_tar, shape):
    batches = {name: make_batch(seed) for seed, name in enumerate(BATCHES)}
    if shape == "archive":
        members = {f"{OFFICIAL_FOLDER}/{name}.bin": b[2] for name, b in batches.items()}
        write_tar(tmp_path / OFFICIAL_ARCHIVE, {f"{OFFICIAL_FOLDER}/readme.html": b"", **members})
    else:
        folder = tmp_path if shape == "files" else tmp_path / OFFICIAL_FOLDER
        folder.mkdir(exist_ok=True)
        for name, batch in batches.items():
            (folder / f"{name}.bin").write_bytes(batch[2])
    dataset = read_cifar10(tmp_path)
    np.testing.assert_array_equal(dataset.x_train[10:20], batches["data_batch_2"][0])
    np.testing.assert_array_equal(dataset.x_test, batches["test_batch"][0])
    np.testing.assert_array_equal(dataset.y_train, np.tile(np.arange(10), 5))
    assert list(dataset.class_names) == CLASS_NAMES


def test_npm_tarball(tmp_path, write_tar):
    # Each image is of one colour that tells its batch and its place.
    rows = {}
    for number, name in enumerate(BATCHES):
        image = np.empty((10_000, 1024, 3), dtype=np.uint8)
        image[..., 0] = number
        image[..., 1:] = (np.arange(10_000) // 40)[:, np.newaxis, np.newaxis]
        rows[f"package/{name}.png"] = png_bytes(image)
    labels = np.arange(60_000) % 10
    members = {
        # Not in the order of the batches, as in the real package.
        "package/package.json": b"{}",
        **dict(reversed(rows.items())),
        "package/test_lables.json": json.dumps(labels[50_000:].tolist()).encode(),
        "package/train_lables.json": json.dumps(labels[:50_000].tolist()).encode(),
    }
    write_tar(tmp_path / CIFAR10.npm_tarball, members)
    dataset = read_cifar10(tmp_path)
    assert dataset.x_train.shape == (50_000, 32, 32, 3)
    np.testing.assert_array_equal(dataset.x_train[:, 5, 6, 0], np.repeat(np.arange(5), 10_000))
    np.testing.assert_array_equal(dataset.x_test[:, 31, 31, 2], np.arange(10_000) // 40)
    np.testing.assert_array_equal(dataset.y_train, labels[:50_000])
    with pytest.raises(UserError, match=r"x_train has SHA-256 \w{64}, expected 47af8b"):
        verify(dataset, CIFAR10.sha256)


def test_png_rows():
    image = np.random.default_rng(0).integers(0, 256, (4, 1024, 3), dtype=np.uint8)
    decoded = decode_png_rows(png_bytes(image), "batch.png", images=4)
    # The first 32 pixels of a row of the PNG are the first row of the image.
    np.testing.assert_array_equal(decoded[2, 1], image[2, 32:64])
    with pytest.raises(UserError, match=r"batch\.png has shape \(4, 1024, 3\)"):
        decode_png_rows(png_bytes(image), "batch.png", images=5)
    with pytest.raises(UserError, match=r"batch\.png cannot be read as PNG"):
        decode_png_rows(png_bytes(image)[:-200], "batch.png", images=4)


def test_python_version_is_never_unpickled(tmp_path, write_tar):
    class Trap:
        def __reduce__(self):
            return (print, ("unpickled",))

    write_tar(
        tmp_path / "cifar-10-python.tar.gz",
        {f"cifar-10-batches-py/{name}": pickle.dumps(Trap()) for name in BATCHES},
    )
    with pytest.raises(UserError, match=r"lacks cifar-10-binary\.tar\.gz"):
        read_cifar10(tmp_path)


def png_bytes(image: np.ndarray) -> bytes:
    """The PNG file of an RGB image."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
