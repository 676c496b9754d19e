"""Real bytes in the formats that the data room reads, small enough for quick tests."""

import functools
import gzip
import io
import struct
import sys
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from faulty_server import running_host
from hypothesis import settings

from spikesweep.data.checks import checked_dataset, checked_part
from spikesweep.data.checksums import dataset_sha256
from spikesweep.data.mnist import FILES, MNIST
from spikesweep.data.sources import read_benchmark

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


@pytest.fixture
def benchmark(digits):
    """MNIST as far as files, names and decoding go, but of 60 images."""
    train = checked_part(digits["x_train"], digits["y_train"], "")
    test = checked_part(digits["x_test"], digits["y_test"], "")
    dataset = checked_dataset(train, test, None, "")
    return replace(MNIST, sha256=dataset_sha256(dataset))


@pytest.fixture
def host(gz_files, monkeypatch):
    """A host of that dataset, sound or faulty; see `faulty_server`."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running_host(gz_files) as host:
        yield host


@pytest.fixture
def read(benchmark, tmp_path):
    """`read_benchmark` with folders of this test."""
    return functools.partial(
        read_benchmark, benchmark, tmp_path / "raw", folder=str(tmp_path / "local")
    )


@pytest.fixture
def npm(tmp_path, monkeypatch):
    """Puts an npm client on PATH that runs the given Python code in the folder of `npm pack`."""

    def install(code: str) -> None:
        tools = tmp_path / "tools"
        tools.mkdir(exist_ok=True)
        client = tools / "npm"
        client.write_text(f"#!{sys.executable}\nimport shutil, sys, time\n{code}\n")
        client.chmod(0o755)
        monkeypatch.setenv("PATH", str(tools))

    return install


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
