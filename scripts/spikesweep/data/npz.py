"""A user's dataset as a single NumPy archive."""

import zipfile
from pathlib import Path

import numpy as np

from spikesweep.data.bounds import check_room
from spikesweep.data.checks import checked_dataset, checked_part
from spikesweep.data.dataset import Dataset
from spikesweep.data.holdout import train_and_test
from spikesweep.errors import UserError
from spikesweep.files import BROKEN_ZIP, stand_in


def read_npz_dataset(
    *,
    path: str,
    class_names: list[str] | None = None,
    test_share: float | None = None,
    test_seed: int = 0,
) -> Dataset:
    """Read `x_train`, `y_train`, `x_test`, `y_test` from an `.npz` file, never unpickling.

    Without the last two, a share `test_share` of the images, chosen by `test_seed`, becomes the
    test part. `x_val` and `y_val` are a validation part, if there are any.
    Raises UserError if the file or an array cannot be used.
    """
    arrays = _read_arrays(path)
    train = checked_part(arrays["x_train"], arrays["y_train"], f"{path} (x_train, y_train)")
    test, validation = None, None
    if "x_test" in arrays:
        test = checked_part(arrays["x_test"], arrays["y_test"], f"{path} (x_test, y_test)")
    if "x_val" in arrays:
        validation = checked_part(arrays["x_val"], arrays["y_val"], f"{path} (x_val, y_val)")
    parts = train_and_test(train, test, test_share, test_seed, path)
    return checked_dataset(*parts, class_names, path, validation)


def _read_arrays(path: str) -> dict[str, np.ndarray]:
    try:
        archive = np.load(path, allow_pickle=False)
        if not isinstance(archive, np.lib.npyio.NpzFile):
            raise UserError(f"{path} is not an .npz archive: save it with numpy.savez")
        with archive:
            present = set(archive.files)
            wanted = {"x_train", "y_train"}
            if present & {"x_test", "y_test"}:
                wanted |= {"x_test", "y_test"}
            if present & {"x_val", "y_val"}:
                wanted |= {"x_val", "y_val"}
            if missing := sorted(wanted - present):
                raise UserError(
                    f"{path} lacks {', '.join(missing)}: it contains {', '.join(sorted(present))}; "
                    f"rename them: {_renaming(present)}"
                )
            assert archive.zip is not None  # until it is closed
            check_room(sum(member.file_size for member in archive.zip.filelist), path)
            return {name: archive[name] for name in sorted(wanted)}
    except BROKEN_ZIP as error:
        raise UserError(_told_of_unreadable(path, error)) from error


def _told_of_unreadable(path: str, error: BaseException) -> str:
    if Path(path).is_file() and (told := stand_in(path)):
        return f"{path} {told}"
    if Path(path).is_file() and not zipfile.is_zipfile(path):
        return (
            f"{path} cannot be read: it is no .npz archive, or truncated; save it with numpy.savez"
        )
    if "Object arrays" in str(error):
        return (
            f"{path} holds an array of objects, such as images of several sizes, and is not read "
            "without pickles: give all images one size, and save np.stack(images)"
        )
    return f"{path} cannot be read as .npz without pickles: {str(error)[:300]}"


def _renaming(present: set[str]) -> str:
    """The line that saves the arrays under the names that are read, as far as they can be told."""
    wanted = {"x_train": "", "y_train": "", "x_test": "", "y_test": ""}
    for name in sorted(present):
        lower = name.lower()
        part = "test" if "test" in lower else "train" if "train" in lower else ""
        is_label = "label" in lower or lower.startswith("y") or lower.endswith("_y")
        key = f"{'y' if is_label else 'x'}_{part}"
        if key in wanted and not wanted[key]:
            wanted[key] = name
    pairs = ", ".join(f"{key}=z[{found or '…'!r}]" for key, found in wanted.items())
    return f"z = np.load('old.npz'); np.savez('new.npz', {pairs})"
