"""HDF5 files that the HDF5 library does not survive are refused; of others, a copy holds all."""

import time
import zipfile

import h5py
import keras
import numpy as np
import pytest
from small_networks import SHAPE, sequential, with_weights

from spikesweep.errors import UserError
from spikesweep.networks import hdf5
from spikesweep.networks.hdf5 import description_in, sound_copy
from spikesweep.networks.keras_file import read_keras_file
from spikesweep.networks.rebuild import rebuild


@pytest.fixture
def limit_s(monkeypatch):
    monkeypatch.setattr(hdf5, "LIMIT_S", 1)


def endless(path):
    """Damage a file so that the HDF5 library looks for its texts for ever, and cannot be stopped.

    The heap's first text becomes free space of no length.
    """
    content = bytearray(path.read_bytes())
    first = content.index(b"GCOL") + 16
    content[first : first + 16] = bytes(16)
    path.write_bytes(content)
    return path


def test_a_network_that_cannot_be_read_to_an_end_is_refused(tmp_path, limit_s):
    path = tmp_path / "net.h5"
    sequential(keras).save(path)
    endless(path)
    begun = time.monotonic()
    with pytest.raises(UserError, match=r"net.h5 does not .* was not read within 1 s\): save it"):
        read_keras_file(path)
    assert time.monotonic() - begun < 30


def test_weights_that_cannot_be_read_to_an_end_are_refused(tmp_path, limit_s):
    path, weights = tmp_path / "net.keras", tmp_path / "weights.h5"
    with_weights(sequential(keras)).save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    weights.write_bytes(members["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        file.attrs["text"] = "of any length"
    members["model.weights.h5"] = endless(weights).read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert read_keras_file(path).classes == 10
    with pytest.raises(UserError, match=r"cannot be loaded: it is damaged: .*within 1 s; save it"):
        rebuild(path, SHAPE)


def test_a_crash_of_the_library_is_told(tmp_path, monkeypatch):
    reader = tmp_path / "reader.py"
    reader.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr("spikesweep.networks.hdf5_reader.__file__", str(reader))
    with pytest.raises(ValueError, match=r"damaged: the HDF5 library crashed on it, SIGSEGV"):
        description_in(tmp_path / "net.h5")


def test_a_copy_holds_all_values_and_names(tmp_path):
    path, copy = tmp_path / "from.h5", tmp_path / "to.h5"
    arrays = {
        "chunked": np.arange(600, dtype=np.float32).reshape(20, 30),
        "half": np.arange(4, dtype=np.float16),
        # So Keras stores numbers that NumPy does not know.
        "opaque": np.array([b"ab", b"cd"], "V2"),
        "scalar": np.int64(7),
        "nothing": np.zeros((0, 3)),
    }
    texts = {"fixed": np.array([b"one", b"three"]), "any length": "é" * 70_000, "bytes": b"x"}
    with h5py.File(path, "w") as file:
        layer = file.create_group("layers/dense/vars")
        for name, values in arrays.items():
            packing = {"compression": "gzip"} if name == "chunked" else {}
            layer.create_dataset(name, data=values, **packing)
        file.create_dataset("empty", data=h5py.Empty("f"))
        for name, text in texts.items():
            file.attrs[name] = layer["half"].attrs[name] = text
        file.attrs["texts"] = np.array(["a", "bc"], dtype=h5py.string_dtype())
    sound_copy(path, copy)
    with h5py.File(path) as file, h5py.File(copy) as copied:
        assert everything(copied) == everything(file)


def everything(file):
    """By its name, each value of a file with its type."""
    found = {}

    def look(name, item):
        found[name] = sorted((key, repr(value)) for key, value in item.attrs.items())
        if isinstance(item, h5py.Dataset):
            found[name] += [item.dtype, item.shape, repr(item[()])]

    look("/", file)
    file.visititems(look)
    return found


REFUSED = {
    "another file": (
        lambda file: file.__setitem__("a", h5py.ExternalLink("/etc/passwd", "/")),
        "'a' is a link to something else",
    ),
    "values elsewhere": (
        lambda file: file.create_dataset(
            "a", (4,), "u1", external=[("/etc/passwd", 0, h5py.h5f.UNLIMITED)]
        ),
        "'a' is kept in another file",
    ),
    "a circle": (lambda file: file.create_group("a").__setitem__("b", file["a"]), "is in it twice"),
    "no room": (
        lambda file: file.create_dataset("a", (10**13,), "f4", chunks=(1000,)),
        "'a' needs more memory than there is",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_keras_never_writes_is_not_followed(what, tmp_path):
    write, said = REFUSED[what]
    path = tmp_path / "net.h5"
    with h5py.File(path, "w") as file:
        write(file)
    with pytest.raises(ValueError, match=said):
        sound_copy(path, tmp_path / "copy.h5")
