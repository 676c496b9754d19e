"""A user's dataset as a single NumPy archive."""

import zipfile
from pathlib import Path

import numpy as np

from spikesweep.data.array_names import told_lacking, wanted_arrays
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
            if told := told_lacking(path, present):
                raise UserError(told)
            assert archive.zip is not None  # until it is closed
            check_room(sum(member.file_size for member in archive.zip.filelist), path)
            return {name: archive[name] for name in sorted(wanted_arrays(present))}
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
