"""Shape of a user's images and number of classes, from the first bytes of the files.

Light enough for the Snakefile, which refuses a network for other images before any job. What
cannot be told this way is left to the job that reads the dataset, and so are mistakes.
"""

import array
import ast
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from spikesweep.data.archives import unzipped
from spikesweep.data.array_names import array_names
from spikesweep.data.class_folders import class_names, image_files

Shape = tuple[int, int, int]
Found = tuple[Shape | None, int | None]

# Shapes of the published datasets.
_PUBLISHED = {"mnist": ((28, 28, 1), 10), "cifar10": ((32, 32, 3), 10)}
# Labels of ten million images; of more, the number of classes is left to the job.
_MOST_BYTES = 80_000_000
# NumPy's types of whole numbers, and those of Python's arrays.
_INTEGERS = {
    "|u1": "B", "|i1": "b", "<u2": "H", "<i2": "h", "<u4": "I", "<i4": "i", "<u8": "Q", "<i8": "q",
}  # fmt: skip


def peek(dataset_config: dict[str, Any]) -> Found:
    """Shape (H, W, C) of the images and number of classes, each None if it cannot be told."""
    kind = dataset_config["format"]
    if kind in _PUBLISHED:
        return _PUBLISHED[kind]
    names = dataset_config.get("class_names")
    try:
        shape, classes = _PEEKS[kind](dataset_config)
    # Whatever is wrong with a file, the job that reads it will tell.
    except Exception:
        return None, None
    return shape, len(names) if names else classes


def training_images(dataset_config: dict[str, Any]) -> int | None:
    """Number of training images of a user's dataset, None if it cannot be told."""
    try:
        images = _COUNTS[dataset_config["format"]](dataset_config)
    # As in `peek`.
    except Exception:
        return None
    return images - round(dataset_config.get("test_share", 0) * images)


def has_validation(dataset_config: dict[str, Any]) -> bool:
    """Whether a dataset has a validation part of its own."""
    if dataset_config["format"] == "npz":
        return "x_val" in array_names(dataset_config["path"])
    return "validation" in dataset_config or "validation_images" in dataset_config


def has_test(dataset_config: dict[str, Any]) -> bool | None:
    """Whether a dataset has a test part of its own; None if it cannot be told."""
    if dataset_config["format"] == "npz":
        found = array_names(dataset_config["path"])
        return "x_test" in found if found else None
    return dataset_config["format"] != "image_folders" or "test" in dataset_config


def as_image(shape: tuple[int, ...]) -> Shape | None:
    """Shape (H, W, C) of images of which an array holds (N, *shape).

    (H, W) is a grey image or a signal (length, channels); (length,) a signal of one channel.
    """
    match shape:
        case (height, width, channels):
            return height, width, channels
        case (height, width):
            return height, width, 1
        case (length,):
            return length, 1, 1
    return None


def _peek_npz(config: dict[str, Any]) -> Found:
    with zipfile.ZipFile(config["path"]) as archive:
        with archive.open("x_train.npy") as file:
            _, images = _npy_header(file)
        with archive.open("y_train.npy") as file:
            kind, labels = _npy_header(file)
            if kind not in _INTEGERS or labels[1:] not in ((), (1,)):
                return as_image(images[1:]), None
            values = array.array(_INTEGERS[kind], file.read(_MOST_BYTES))
    return as_image(images[1:]), max(values) + 1


def _npy_header(file: IO[bytes]) -> tuple[str, tuple[int, ...]]:
    """Type and shape of an array (the format is described in numpy.lib.format)."""
    magic = file.read(8)
    if magic[:6] != b"\x93NUMPY":
        raise ValueError("not an array")
    size = struct.unpack("<H" if magic[6] == 1 else "<I", file.read(2 if magic[6] == 1 else 4))[0]
    header = ast.literal_eval(file.read(size).decode("latin1"))
    return header["descr"], tuple(header["shape"])


def _peek_idx(config: dict[str, Any]) -> Found:
    with unzipped(config["train_images"]) as file:
        dimensions = file.read(4)[3]
        shape = struct.unpack(f">{dimensions}I", file.read(4 * dimensions))
    with unzipped(config["train_labels"]) as file:
        header, labels = file.read(8), file.read(_MOST_BYTES)
    # One-hot rows, of more dimensions, are left to the job.
    return as_image(shape[1:]), max(labels) + 1 if header[3] == 1 else None


def _peek_image_folders(config: dict[str, Any]) -> Found:
    from PIL import Image

    names = class_names(config["train"], config.get("class_names"))
    channels = {"gray": 1, "rgb": 3}[config["color"]]
    if "resize" in config:
        height, width = config["resize"]
        return (height, width, channels), len(names)
    with Image.open(image_files(Path(config["train"]) / names[0])[0]) as image:
        width, height = image.size
        # Orientations from 5 on lie on their side.
        if image.getexif().get(0x0112, 1) >= 5:
            width, height = height, width
    return (height, width, channels), len(names)


def _count_npz(config: dict[str, Any]) -> int:
    with zipfile.ZipFile(config["path"]) as archive, archive.open("x_train.npy") as file:
        return _npy_header(file)[1][0]


def _count_idx(config: dict[str, Any]) -> int:
    with unzipped(config["train_images"]) as file:
        return int.from_bytes(file.read(8)[4:], "big")


def _count_image_folders(config: dict[str, Any]) -> int:
    names = class_names(config["train"], config.get("class_names"))
    return sum(len(image_files(Path(config["train"]) / name)) for name in names)


_COUNTS: dict[str, Callable[[dict[str, Any]], int]] = {
    "npz": _count_npz,
    "idx": _count_idx,
    "image_folders": _count_image_folders,
}
_PEEKS: dict[str, Callable[[dict[str, Any]], Found]] = {
    "npz": _peek_npz,
    "idx": _peek_idx,
    "image_folders": _peek_image_folders,
}
