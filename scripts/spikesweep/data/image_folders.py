"""A user's dataset as folders of image files, one folder per class."""

import logging
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from spikesweep.data.checks import checked_dataset
from spikesweep.data.class_folders import class_names as names_of_classes
from spikesweep.data.class_folders import folder_names, image_files, passed_over
from spikesweep.data.dataset import Dataset
from spikesweep.data.holdout import Part, train_and_test
from spikesweep.data.image_files import Look, Picture, read_image
from spikesweep.data.progress import Progress
from spikesweep.errors import UserError

logger = logging.getLogger(__name__)


def read_image_folders(
    *,
    train: str,
    color: str,
    test: str | None = None,
    validation: str | None = None,
    test_share: float | None = None,
    test_seed: int = 0,
    class_names: Sequence[str] | None = None,
    resize: Sequence[int] | None = None,
    interpolation: str = "bilinear",
) -> Dataset:
    """Read `<train>/<class>/<image>` and `<test>/<class>/<image>`, in any format that Pillow reads.

    Classes are numbered by their names (as numbers, if they are), or as `class_names` lists them;
    images are read in the order of their names, those in folders inside a class included. How an
    image is taken in says `image_files`. A class may have no folder among those of test and
    validation. `resize`: (height, width). Without `test`, a share
    `test_share` of the images, chosen by `test_seed`, becomes the test part. `validation` is a
    folder like `train`.
    Raises UserError for an unreadable image, unequal sizes, an empty or unknown class.
    """
    if (test is None) == (test_share is None):
        raise UserError(f"{train}: give either test (a folder) or test_share in the config")
    names = names_of_classes(train, class_names)
    logger.info("%s: the classes in their order are %s", train, ", ".join(names))
    look = Look(color, None if resize is None else (resize[0], resize[1]), interpolation)
    train_part = _read_part(Path(train), names, look)
    others = []
    for folder in (test, validation):
        if folder is not None:
            unknown = [name for name in folder_names(folder) if name not in names]
            if unknown:
                listed = ", ".join(unknown)
                raise UserError(f"{folder} has class folders that {train} lacks: {listed}")
        others.append(None if folder is None else _read_part(Path(folder), names, look))
    test_part, validation_part = others
    parts = train_and_test(train_part, test_part, test_share, test_seed, train)
    return checked_dataset(*parts, names, train, validation_part)


def _read_part(folder: Path, names: list[str], look: Look) -> Part:
    if left := passed_over(folder):
        logger.warning("%s: passed over, since they are no classes: %s", folder, ", ".join(left))
    absent = [name for name in names if not os.path.lexists(folder / name)]
    if absent:
        logger.warning("%s: no images of %s, which have no folder there", folder, ", ".join(absent))
    by_class = [[] if name in absent else image_files(folder / name) for name in names]
    files = [file for found in by_class for file in found]
    labels = np.repeat(np.arange(len(names), dtype=np.int64), [len(found) for found in by_class])
    inside = [
        file
        for name, found in zip(names, by_class, strict=True)
        for file in found
        if file.parent != folder / name
    ]
    if inside:
        logger.info("%s: %d of %d images lie in folders inside a class; they are of that class",
                    folder, len(inside), len(files))  # fmt: skip
    return _read_images(folder, files, look), labels


def _read_images(folder: Path, files: list[Path], look: Look) -> np.ndarray:
    first = read_image(files[0], look).pixels
    images = np.empty((len(files), *first.shape), dtype=np.uint8)
    changes: Counter[str] = Counter()
    progress = Progress(logger, f"reading {folder}", len(files), "images")
    for index, path in enumerate(files):
        picture = read_image(path, look)
        _check_size(path, picture, files[0], first)
        images[index] = picture.pixels
        changes.update(picture.changes)
        progress.update(index + 1)
    for change, many in sorted(changes.items()):
        logger.warning("%s: %d of %d images were %s", folder, many, len(files), change)
    return images


def _check_size(path: Path, picture: Picture, first_path: Path, first: np.ndarray) -> None:
    if picture.pixels.shape != first.shape:
        size = _size(first)
        raise UserError(
            f"{path} is {_size(picture.pixels)} pixels, but {first_path} is {size}: all images "
            f"must have the same size; resize: [{first.shape[0]}, {first.shape[1]}] of the dataset "
            f"makes all of them {size}"
        )


def _size(image: np.ndarray) -> str:
    return f"{image.shape[1]} x {image.shape[0]}"
