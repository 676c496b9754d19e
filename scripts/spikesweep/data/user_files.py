"""The user's files that a dataset's config entry names; light enough for the Snakefile."""

import os
from typing import Any

IDX_KEYS = ("train_images", "train_labels", "test_images", "test_labels")
_OPTIONAL_IDX_KEYS = ("validation_images", "validation_labels")


def user_files(dataset_config: dict[str, Any]) -> list[str]:
    """Files and folders that the entry reads, in a fixed order; none for mnist and cifar10."""
    keys = {
        "idx": IDX_KEYS + _OPTIONAL_IDX_KEYS,
        "npz": ("path",),
        "image_folders": ("train", "test", "validation"),
    }
    return [
        dataset_config[key]
        for key in keys.get(dataset_config["format"], ())
        if key in dataset_config
    ]


def missing_files(dataset_config: dict[str, Any]) -> list[str]:
    """The named files and folders that do not exist, or are a folder or file instead."""
    folders = dataset_config["format"] == "image_folders"
    exists = os.path.isdir if folders else os.path.isfile
    return [path for path in user_files(dataset_config) if not exists(path)]
