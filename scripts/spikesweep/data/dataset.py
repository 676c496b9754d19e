"""An image dataset in memory, and the one file format that every later stage reads."""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from spikesweep.errors import UserError
from spikesweep.files import BROKEN_ZIP, atomic_path


@dataclass(frozen=True)
class Dataset:
    """Labelled images, split into training and test parts.

    x_train, x_test: uint8 images (N, H, W, C), C = 1 (grey) or 3 (RGB)
    y_train, y_test: int64 labels (N,), 0 .. K-1
    class_names: K names, a unicode array; the name of label k is at index k
    x_validation, y_validation: a validation part of the user's own, or None
    """

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: np.ndarray
    x_validation: np.ndarray | None = None
    y_validation: np.ndarray | None = None


def save_dataset(dataset: Dataset, path: str | Path) -> None:
    """Write a dataset as `.npz`; equal datasets give equal bytes.

    The file is not compressed, so that reading is as fast as the disk, and the bytes do not
    depend on the version of zlib.
    """
    values = {field.name: getattr(dataset, field.name) for field in fields(Dataset)}
    arrays = {name: value for name, value in values.items() if value is not None}
    with atomic_path(path) as temporary:
        np.savez(temporary, **arrays)


def load_dataset(path: str | Path) -> Dataset:
    """Read a dataset written by `save_dataset`.

    Raises UserError if the file is not such a dataset.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            return Dataset(**{name: archive[name] for name in archive.files})
    except (*BROKEN_ZIP, KeyError, TypeError) as error:
        raise UserError(
            f"{path} is not a prepared dataset ({error}): delete it and run the workflow again"
        ) from error
