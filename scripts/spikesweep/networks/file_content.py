"""What a file is that a user gives as a network, by its content and not by its ending."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spikesweep.data.bounds import check_room
from spikesweep.errors import UserError
from spikesweep.files import BROKEN_ZIP, stand_in

Description = dict[str, Any]

SAVE_AGAIN = "save it again with model.save('name.keras')"
_HDF5 = b"\x89HDF\r\n\x1a\n"
# Descriptions of the largest networks have some megabytes.
_LONGEST_TEXT = 100_000_000
_ZIP = b"PK\x03\x04"


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
            archive.getinfo("model.weights.h5")
    except (*BROKEN_ZIP, KeyError) as error:
        raise UserError(_told_of_other_file(path, error)) from error
    return str(_map(path, metadata).get("keras_version", "")), _map(path, config)


@contextmanager
def loadable(
    path: str | Path, change: Callable[[Description], Description] | None
) -> Iterator[Path]:
    """A path under which Keras, which goes by endings, loads the file.

    change: applied to the description in a copy of the file; None leaves the file as it is.
    """
    path = Path(path).resolve()
    is_hdf5 = _is_hdf5(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / ("model.h5" if is_hdf5 else "model.keras")
        if change is None:
            copy.symlink_to(path)
        elif is_hdf5:
            _copy_hdf5(path, copy, change)
        else:
            _copy_zip(path, copy, change)
        yield copy


def _is_hdf5(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_HDF5)) == _HDF5


def _description_of_hdf5(path: Path) -> tuple[str, Description]:
    import h5py

    try:
        with h5py.File(path) as file:
            if "model_config" not in file.attrs:
                raise UserError(
                    f"{path} holds weights alone, without the network that they belong to: save "
                    "the whole network with model.save('name.keras')"
                )
            config = json.loads(_text(file.attrs["model_config"]))
            return _text(file.attrs["keras_version"]), _map(path, config)
    except UserError:
        raise
    # The HDF5 library raises whatever it stumbles over.
    except Exception as error:
        raise UserError(
            f"{path} does not contain a complete Keras network ({error}): {SAVE_AGAIN}"
        ) from error


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


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


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
        for name in old.namelist():
            content = old.read(name)
            if name == "config.json":
                content = json.dumps(change(json.loads(content))).encode()
            new.writestr(name, content)


def _copy_hdf5(path: Path, copy: Path, change: Callable[[Description], Description]) -> None:
    import shutil

    import h5py

    shutil.copyfile(path, copy)
    with h5py.File(copy, "r+") as file:
        changed = change(json.loads(_text(file.attrs["model_config"])))
        file.attrs["model_config"] = json.dumps(changed)
