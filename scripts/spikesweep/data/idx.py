"""The IDX format of the MNIST files: a magic number, the sizes, then the values.

Format: "THE IDX FILE FORMAT" on the home page of MNIST (LeCun, Cortes, Burges): two zero
bytes, the type of a value (0x08 = unsigned byte), the number of dimensions, then each size as
a big-endian 32-bit number, then the values in C order.
"""

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from spikesweep.data.checks import checked_dataset, checked_part
from spikesweep.data.dataset import Dataset
from spikesweep.errors import UserError

UNSIGNED_BYTE = 0x08
GZIP_MAGIC = b"\x1f\x8b"


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


def read_idx(path: str | Path) -> np.ndarray:
    """Read one IDX file of unsigned bytes, gzipped or not; raises UserError for any other file."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    return decode_idx(data, str(path))


def decode_idx(data: bytes, name: str) -> np.ndarray:
    """Decode IDX bytes, gzipped or not; `name` is the name of the file, for messages."""
    # Decided by content, not by name: servers and browsers unzip files without renaming them.
    if data.startswith(GZIP_MAGIC):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise UserError(f"{name} is a damaged or truncated gzip file: {error}") from error
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != UNSIGNED_BYTE or data[3] == 0:
        raise UserError(
            f"{name} is not an IDX file of unsigned bytes: it starts with 0x{data[:4].hex()}, "
            "expected 0x000008 followed by the number of dimensions"
        )
    dimensions = data[3]
    header = 4 + 4 * dimensions
    if len(data) < header:
        raise UserError(f"{name} is truncated: it is shorter than its header of {header} bytes")
    shape = struct.unpack(f">{dimensions}I", data[4:header])
    expected = header + math.prod(shape)
    if len(data) != expected:
        raise UserError(
            f"{name} is truncated or damaged: {len(data)} bytes, but its header says {expected}"
        )
    return np.frombuffer(data, dtype=np.uint8, offset=header).reshape(shape)
