"""Turn a dataset's config entry into the one verified file that all later stages read."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.data.checksums import dataset_sha256, verify
from spikesweep.data.cifar10 import CIFAR10
from spikesweep.data.dataset import Dataset, save_dataset
from spikesweep.data.idx import read_idx_dataset
from spikesweep.data.image_folders import read_image_folders
from spikesweep.data.mnist import MNIST
from spikesweep.data.npz import read_npz_dataset
from spikesweep.data.sources import read_benchmark
from spikesweep.errors import UserError
from spikesweep.metadata import write_metadata
from spikesweep.tables import write_csv

BENCHMARKS = {"mnist": MNIST, "cifar10": CIFAR10}
USER_FORMATS: dict[str, Callable[..., Dataset]] = {
    "idx": read_idx_dataset,
    "npz": read_npz_dataset,
    "image_folders": read_image_folders,
}

logger = logging.getLogger(__name__)


def prepare_dataset(
    config: dict[str, Any],
    *,
    raw_folder: str | Path,
    dataset_path: str | Path,
    summary_path: str | Path,
    metadata_path: str | Path,
) -> None:
    """Read, verify and save one dataset, with a summary table and its metadata.

    config: `format` and the keys of that format (see `read_dataset`)
    raw_folder: where verified downloads are kept
    """
    dataset, source = read_dataset(config, Path(raw_folder))
    save_dataset(dataset, dataset_path)
    write_csv(summarise(dataset), summary_path)
    write_metadata(
        metadata_path,
        config=config,
        source=source,
        sha256=dataset_sha256(dataset),
        image_shape=list(dataset.x_train.shape[1:]),
        classes=len(dataset.class_names),
        images={part: len(labels) for part, labels in _labels(dataset).items()},
    )


def read_dataset(config: dict[str, Any], raw_folder: Path) -> tuple[Dataset, str]:
    """Return the dataset of a config entry, and which source served it.

    `format` is one of BENCHMARKS (further keys: those of `read_benchmark`) or USER_FORMATS
    (those of its reader, and `sha256`, hashes of the arrays, if the user knows them).
    Raises UserError for whatever a user can fix.
    """
    settings = dict(config)
    name = settings.pop("format")
    if name in BENCHMARKS:
        return read_benchmark(BENCHMARKS[name], raw_folder, **settings)
    if name not in USER_FORMATS:
        allowed = ", ".join([*BENCHMARKS, *USER_FORMATS])
        raise UserError(f"unknown dataset format {name!r}: allowed are {allowed}")
    expected = settings.pop("sha256", {})
    dataset = USER_FORMATS[name](**settings)
    try:
        verify(dataset, expected)
    except UserError as error:
        raise UserError(
            f"{error}: the files differ from those for which sha256 in the config was recorded"
        ) from error
    return dataset, f"user's files ({name})"


def summarise(dataset: Dataset) -> pd.DataFrame:
    """Images per class: split, class, class_name, images."""
    rows = []
    for split, labels in _labels(dataset).items():
        counts = np.bincount(labels, minlength=len(dataset.class_names))
        for label, (name, images) in enumerate(zip(dataset.class_names, counts, strict=True)):
            rows.append((split, label, str(name), int(images)))
    return pd.DataFrame(rows, columns=["split", "class", "class_name", "images"])


def _labels(dataset: Dataset) -> dict[str, np.ndarray]:
    """Labels by part; a validation part only if there is one."""
    parts = {"train": dataset.y_train, "test": dataset.y_test}
    if dataset.y_validation is not None:
        parts["validation"] = dataset.y_validation
    return parts
