"""The IDX format of the MNIST files: a magic number, the sizes, then the values.

Format: "THE IDX FILE FORMAT" on the home page of MNIST (LeCun, Cortes, Burges): two zero
bytes, the type of a value (0x08 = unsigned byte), the number of dimensions, then each size as
a big-endian 32-bit number, then the values in C order.
"""

import gzip
import io
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from spikesweep.data.archives import GZIP_MAGIC
from spikesweep.data.bounds import check_room
from spikesweep.data.checks import checked_dataset, checked_part
from spikesweep.data.dataset import Dataset
from spikesweep.errors import UserError

UNSIGNED_BYTE = 0x08
# Of 255 dimensions.
LONGEST_HEADER = 4 + 4 * 255


def read_idx_dataset(
    *,
    train_images: str,
    train_labels: str,
    test_images: str,
    test_labels: str,
    class_names: list[str] | None = None,
    validation_images: str | None = None,
    validation_labels: str | None = None,
) -> Dataset:
    """Read a dataset of four IDX files, gzipped or not; two more may be a validation part."""
    train = checked_part(read_idx(train_images), read_idx(train_labels), train_images)
    test = checked_part(read_idx(test_images), read_idx(test_labels), test_images)
    validation = None
    if validation_images is not None and validation_labels is not None:
        images, labels = read_idx(validation_images), read_idx(validation_labels)
        validation = checked_part(images, labels, validation_images)
    return checked_dataset(train, test, class_names, train_labels, validation)


def read_idx(path: str | Path, most_bytes: int | None = None) -> np.ndarray:
    """Read one IDX file of unsigned bytes, gzipped or not; raises UserError for any other file.

    most_bytes: refuse larger ones, packed or unpacked; None for any that fit into memory.
    """
    try:
        size = Path(path).stat().st_size
        _check_size(size, str(path), most_bytes)
        data = Path(path).read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    return decode_idx(data, str(path), most_bytes)


def decode_idx(data: bytes, name: str, most_bytes: int | None = None) -> np.ndarray:
    """Decode IDX bytes, gzipped or not; `name` is the name of the file, for messages."""
    # Decided by content, not by name: servers and browsers unzip files without renaming them.
    if data.startswith(GZIP_MAGIC):
        data = _unzipped(data, name, most_bytes)
    shape = _shape(data, name)
    expected = _expected_bytes(shape)
    if len(data) != expected:
        found = f"more than {expected}" if len(data) > expected else len(data)
        raise UserError(
            f"{name} is truncated or damaged: {found} bytes, but its header says {expected}"
        )
    return np.frombuffer(data, dtype=np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def _unzipped(data: bytes, name: str, most_bytes: int | None) -> bytes:
    """As many bytes as the header says and one more, so that too many are noticed."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            start = file.read(LONGEST_HEADER)
            expected = _expected_bytes(_shape(start, name))
            _check_size(expected, name, most_bytes)
            return start + file.read(max(0, expected + 1 - len(start)))
    except (OSError, EOFError, zlib.error) as error:
        raise UserError(f"{name} is a damaged or truncated gzip file: {error}") from error


def _shape(data: bytes, name: str) -> tuple[int, ...]:
    """The shape that the header states."""
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != UNSIGNED_BYTE or data[3] == 0:
        raise UserError(
            f"{name} is not an IDX file of unsigned bytes: it starts with 0x{data[:4].hex()}, "
            "expected 0x000008 followed by the number of dimensions"
        )
    dimensions = data[3]
    header = 4 + 4 * dimensions
    if len(data) < header:
        raise UserError(f"{name} is truncated: it is shorter than its header of {header} bytes")
    return struct.unpack(f">{dimensions}I", data[4:header])


def _expected_bytes(shape: tuple[int, ...]) -> int:
    """Size of a whole file with an array of this shape."""
    return 4 + 4 * len(shape) + math.prod(shape)


def _check_size(size: int, name: str, most_bytes: int | None) -> None:
    if most_bytes is None:
        check_room(size, name)
    elif size > most_bytes:
        raise UserError(
            f"{name} has {size / 1e6:.0f} MB, but at most {most_bytes / 1e6:g} MB are expected"
        )
