"""What a file is that a user gives as a network, by its content and not by its ending."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spikesweep.data.bounds import check_room
from spikesweep.errors import UserError
from spikesweep.files import BROKEN_ZIP, stand_in
from spikesweep.networks.hdf5 import description_in, sound_copy

Description = dict[str, Any]

SAVE_AGAIN = "save it again with model.save('name.keras')"
_HDF5 = b"\x89HDF\r\n\x1a\n"
# Descriptions of the largest networks have some megabytes.
_LONGEST_TEXT = 100_000_000
_WEIGHTS = "model.weights.h5"


def describe(path: str | Path) -> tuple[str, Description]:
    """Version of Keras, and the JSON that describes the network inside.

    Raises UserError that says what the file is if it does not hold a whole Keras network.
    """
    path = Path(path)
    if path.is_dir():
        raise UserError(_told_of_folder(path))
    if not path.is_file():
        raise UserError(f"{path} does not exist: check `file` of the network in the config")
    if _is_hdf5(path):
        return _description_of_hdf5(path)
    try:
        with zipfile.ZipFile(path) as archive:
            if "config.json" not in archive.namelist():
                raise UserError(_told_of_other_zip(path, archive.namelist()))
            check_room(sum(member.file_size for member in archive.filelist), str(path))
            metadata = json.loads(_read_text(archive, "metadata.json"))
            config = json.loads(_read_text(archive, "config.json"))
            archive.getinfo(_WEIGHTS)
    except (*BROKEN_ZIP, KeyError) as error:
        raise UserError(_told_of_other_file(path, error)) from error
    return str(_map(path, metadata).get("keras_version", "")), _map(path, config)


@contextmanager
def loadable(path: str | Path, change: Callable[[Description], Description]) -> Iterator[Path]:
    """A copy of the file that Keras, which goes by endings, loads; its HDF5 part is written again.

    change: applied to the description in the copy.

    Raises ValueError if a part of the file cannot be read.
    """
    path = Path(path).resolve()
    with tempfile.TemporaryDirectory() as folder:
        if _is_hdf5(path):
            copy = Path(folder) / "model.h5"
            _copy_hdf5(path, copy, change)
        else:
            copy = Path(folder) / "model.keras"
            _copy_zip(path, copy, change)
        yield copy


def _is_hdf5(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_HDF5)) == _HDF5


def _description_of_hdf5(path: Path) -> tuple[str, Description]:
    try:
        found = description_in(path)
        if "model_config" in found:
            return found["keras_version"], _map(path, json.loads(found["model_config"]))
    except (KeyError, ValueError, RecursionError) as error:
        raise UserError(
            f"{path} does not contain a complete Keras network ({error}): {SAVE_AGAIN}"
        ) from error
    raise UserError(
        f"{path} holds weights alone, without the network that they belong to: save "
        "the whole network with model.save('name.keras')"
    )


def _read_text(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member with JSON, which is refused if it is a bomb."""
    size = archive.getinfo(name).file_size
    if size > _LONGEST_TEXT:
        raise ValueError(f"{name} has {size / 1e6:.0f} MB")
    return archive.read(name)


def _map(path: Path, value: Any) -> Description:
    if isinstance(value, dict):
        return value
    kind = type(value).__name__
    raise UserError(f"{path} describes its network by a {kind}, not a map: {SAVE_AGAIN}")


def _told_of_folder(path: Path) -> str:
    if (path / "saved_model.pb").is_file() or (path / "keras_metadata.pb").is_file():
        return (
            f"{path} is a SavedModel folder, not a file of Keras: load it with "
            "tf.keras.models.load_model in TensorFlow 2.15 or older, and save it with "
            "model.save('name.keras')"
        )
    if (path / "config.json").is_file() and (path / "metadata.json").is_file():
        return f"{path} is an unpacked .keras file: give the packed one (zip the files in it again)"
    return f"{path} is a folder: give the .keras or .h5 file of the network"


def _told_of_other_zip(path: Path, members: list[str]) -> str:
    if any(name.endswith("data.pkl") for name in members):
        return f"{path} is a file of PyTorch: build the network in Keras, and {SAVE_AGAIN}"
    if any(name.endswith(".npy") for name in members):
        return f"{path} is an .npz archive of arrays, not a network: give the .keras file"
    return f"{path} is a zip archive without a Keras network (no config.json): {SAVE_AGAIN}"


def _told_of_other_file(path: Path, error: Exception) -> str:
    if told := stand_in(path):
        return f"{path} {told}"
    with path.open("rb") as file:
        start = file.read(64)
    if start[4:8] == b"TFL3":
        return f"{path} is a TensorFlow Lite file: give the Keras file that it was made from"
    if path.suffix == ".onnx":
        return f"{path} is an ONNX file: build the network in Keras, and {SAVE_AGAIN}"
    if path.suffix in {".h5", ".hdf5"}:
        return (
            f"{path} does not contain a complete Keras network (it is no HDF5 file): {SAVE_AGAIN}"
        )
    return f"{path} is not a Keras file, or is truncated ({error}): {SAVE_AGAIN}"


def _copy_zip(path: Path, copy: Path, change: Callable[[Description], Description]) -> None:
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        # Of two members with one name, Python reads the last.
        for name in dict.fromkeys(old.namelist()):
            if name == _WEIGHTS:
                new.write(_sound_weights(old, copy.parent), name)
            elif name == "config.json":
                new.writestr(name, json.dumps(change(json.loads(old.read(name)))))
            else:
                new.writestr(name, old.read(name))


def _sound_weights(archive: zipfile.ZipFile, folder: Path) -> Path:
    packed, copy = folder / "packed.h5", folder / "weights.h5"
    with archive.open(_WEIGHTS) as source, packed.open("wb") as target:
        shutil.copyfileobj(source, target)
    sound_copy(packed, copy)
    return copy


def _copy_hdf5(path: Path, copy: Path, change: Callable[[Description], Description]) -> None:
    sound_copy(path, copy)
    import h5py

    with h5py.File(copy, "r+") as file:
        changed = change(json.loads(file.attrs["model_config"]))
        file.attrs["model_config"] = json.dumps(changed)
