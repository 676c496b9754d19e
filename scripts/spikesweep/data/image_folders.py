"""A user's dataset as folders of image files, one folder per class."""

import logging
from pathlib import Path

import numpy as np
from PIL import Image

from spikesweep.data.checks import checked_dataset
from spikesweep.data.dataset import Dataset
from spikesweep.data.holdout import Part, train_and_test
from spikesweep.data.progress import Progress
from spikesweep.errors import UserError

# Pillow's names for the two kinds of images.
MODES = {"gray": "L", "rgb": "RGB"}

logger = logging.getLogger(__name__)


def read_image_folders(
    *,
    train: str,
    color: str,
    test: str | None = None,
    test_share: float | None = None,
    test_seed: int = 0,
) -> Dataset:
    """Read `<train>/<class>/<image>` and `<test>/<class>/<image>`, in any format that Pillow reads.

    Classes are numbered, and images read, in the order of their names; hidden files are
    skipped. Images of the other colour mode are converted, and transparency is dropped. Without
    `test`, a share `test_share` of the images, chosen by `test_seed`, becomes the test part.
    Raises UserError for an unreadable image, unequal sizes, an empty or unknown class.
    """
    if (test is None) == (test_share is None):
        raise UserError(f"{train}: give either test (a folder) or test_share in the config")
    class_names = [folder.name for folder in _visible(Path(train)) if folder.is_dir()]
    if not class_names:
        raise UserError(f"{train} contains no folders: expected one folder of images per class")
    train_part = _read_part(Path(train), class_names, color)
    test_part = None
    if test is not None:
        unknown = [f.name for f in _visible(Path(test)) if f.is_dir() and f.name not in class_names]
        if unknown:
            raise UserError(f"{test} has class folders that {train} lacks: {', '.join(unknown)}")
        test_part = _read_part(Path(test), class_names, color)
    parts = train_and_test(train_part, test_part, test_share, test_seed, train)
    return checked_dataset(*parts, class_names, train)


def _read_part(folder: Path, class_names: list[str], color: str) -> Part:
    files, labels = [], []
    for label, name in enumerate(class_names):
        found = [path for path in _visible(folder / name) if path.is_file()]
        if not found:
            raise UserError(f"{folder / name} contains no images: each class needs at least one")
        files += found
        labels += [label] * len(found)
    first = _read_image(files[0], color)
    images = np.empty((len(files), *first.shape), dtype=np.uint8)
    progress = Progress(logger, f"reading {folder}", len(files), "images")
    for index, path in enumerate(files):
        image = _read_image(path, color)
        if image.shape != first.shape:
            raise UserError(
                f"{path} is {_size(image)} pixels, but {files[0]} is {_size(first)}: "
                f"all images must have the same size"
            )
        images[index] = image
        progress.update(index + 1)
    return images, np.array(labels, dtype=np.int64)


def _visible(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise UserError(f"{folder} cannot be read: {error.strerror}") from error


def _read_image(path: Path, color: str) -> np.ndarray:
    try:
        with Image.open(path) as image:
            # Pillow would silently clip larger values to 255.
            if image.mode.startswith(("I", "F")):
                raise UserError(
                    f"{path} has more than 8 bits per channel (mode {image.mode}): convert it "
                    "to an 8-bit image"
                )
            converted = np.asarray(image.convert(MODES[color]))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UserError(f"{path} cannot be read as an image: {error}") from error
    return converted.reshape(*converted.shape[:2], -1)


def _size(image: np.ndarray) -> str:
    return f"{image.shape[1]} x {image.shape[0]}"
