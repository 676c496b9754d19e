"""The user's files that a dataset's config entry names; light enough for the Snakefile."""

import os
from typing import Any

IDX_KEYS = ("train_images", "train_labels", "test_images", "test_labels")


def user_files(dataset_config: dict[str, Any]) -> list[str]:
    """Files and folders that the entry reads, in a fixed order; none for mnist and cifar10.

    For folders of images this includes the folders inside, whose modification time changes when an
    image is added or removed.
    """
    if dataset_config["format"] == "image_folders":
        return [path for folder in _named(dataset_config) for path in (folder, *_inside(folder))]
    return _named(dataset_config)


def missing_files(dataset_config: dict[str, Any]) -> list[str]:
    """The named files and folders that do not exist, or are a folder or file instead."""
    folders = dataset_config["format"] == "image_folders"
    exists = os.path.isdir if folders else os.path.isfile
    return [path for path in _named(dataset_config) if not exists(path)]


def _named(dataset_config: dict[str, Any]) -> list[str]:
    keys = {"idx": IDX_KEYS, "npz": ("path",), "image_folders": ("train", "test")}
    return [
        dataset_config[key]
        for key in keys.get(dataset_config["format"], ())
        if key in dataset_config
    ]


def _inside(folder: str) -> list[str]:
    """Folders inside a folder, at any depth; those of links, too."""
    found = []
    for path, folders, _ in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [f"{path}/{name}" for name in folders]
    return found
