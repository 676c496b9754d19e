"""SHA-256 of decoded arrays: the same data is recognised in whatever files it came."""

import hashlib

import numpy as np

from spikesweep.data.dataset import Dataset
from spikesweep.errors import UserError


def verify(dataset: Dataset, expected: dict[str, str]) -> None:
    """Raise UserError if an array does not have the hash expected for its name."""
    found = dataset_sha256(dataset)
    for name, sha256 in expected.items():
        if found[name] != sha256.lower():
            raise UserError(f"{name} has SHA-256 {found[name]}, expected {sha256}")


def dataset_sha256(dataset: Dataset) -> dict[str, str]:
    """SHA-256 of x_train, y_train, x_test and y_test."""
    return {
        name: array_sha256(getattr(dataset, name))
        for name in ("x_train", "y_train", "x_test", "y_test")
    }


def array_sha256(array: np.ndarray) -> str:
    """SHA-256 of an array's bytes in C order; the shape is not hashed.

    Labels (int64) are hashed in the smallest unsigned type that holds the largest label. Up to
    256 classes this is a byte, as in the files of MNIST and CIFAR-10.
    """
    if array.dtype != np.uint8:
        array = array.astype(np.min_scalar_type(array.max(initial=0)))
    return hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
