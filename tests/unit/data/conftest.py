"""Real bytes in the formats that the data room reads, small enough for quick tests."""

import gzip
import io
import struct
import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from spikesweep.data.mnist import FILES

# A busy machine must not fail a property test for being slow.
settings.register_profile("no_deadline", deadline=None)
settings.load_profile("no_deadline")


@pytest.fixture(scope="session")
def idx_bytes() -> Callable[[np.ndarray], bytes]:
    """Writes the IDX file of an array of unsigned bytes."""
    return _idx_bytes


@pytest.fixture(scope="session")
def write_tar() -> Callable[[Path, dict[str, bytes]], Path]:
    """Writes a gzipped tar archive with members of exactly the given names."""
    return _write_tar


@pytest.fixture
def digits() -> dict[str, np.ndarray]:
    """Arrays of a small dataset in the shape of MNIST: 40 training and 20 test images."""
    rng = np.random.default_rng(0)
    return {
        "x_train": rng.integers(0, 256, (40, 28, 28), dtype=np.uint8),
        "y_train": np.arange(40, dtype=np.uint8) % 10,
        "x_test": rng.integers(0, 256, (20, 28, 28), dtype=np.uint8),
        "y_test": np.arange(20, dtype=np.uint8) % 10,
    }


@pytest.fixture
def idx_files(digits) -> dict[str, bytes]:
    """The same dataset as the four files of MNIST."""
    return {name: _idx_bytes(array) for name, array in zip(FILES, digits.values(), strict=True)}


@pytest.fixture
def gz_files(idx_files) -> dict[str, bytes]:
    """The same dataset as the official hosts serve it."""
    return {f"{name}.gz": gzip.compress(content) for name, content in idx_files.items()}


def _idx_bytes(array: np.ndarray) -> bytes:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 0x08, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def _write_tar(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path
