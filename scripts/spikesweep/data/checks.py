"""Checks that arrays are labelled images that the study can use."""

import numpy as np

from spikesweep.data.dataset import Dataset
from spikesweep.errors import UserError


def checked_part(
    images: np.ndarray, labels: np.ndarray, where: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return images as uint8 (N, H, W, C) and labels as int64 (N,).

    Grey images may come without a channel axis, signals as (N, T) or (N, T, C), which become images
    of one column or one channel; labels may have axes of one, or be one row of zeros and a one per
    image.
    `where` names the file in messages. Raises UserError for anything whose meaning would have to be
    guessed, with the line of NumPy that repairs it.
    """
    if images.dtype != np.uint8:
        raise UserError(
            f"{where}: images are {images.dtype}, but must be uint8 (0 to 255): convert them with "
            f"{_to_bytes(images)}, and scale them by input_scale of the network"
        )
    shape = images.shape
    if images.ndim in (2, 3):
        images = images.reshape(*shape, *[1] * (4 - images.ndim))
    if images.ndim != 4 or images.shape[-1] not in (1, 2, 3, 4):
        raise UserError(
            f"{where}: images have shape {shape}, but must be (N, H, W) or (N, H, W, C) with 1 to "
            f"4 channels last, or signals (N, T) or (N, T, C){_moved(images, labels)}"
        )
    labels = _checked_labels(labels, where)
    if len(images) != len(labels):
        raise UserError(f"{where}: {len(images)} images, but {len(labels)} labels")
    if images.size == 0:
        raise UserError(f"{where}: no images in an array of shape {images.shape}")
    return images, labels


def _moved(images: np.ndarray, labels: np.ndarray) -> str:
    """The line that moves axes to where they belong, if it can be told."""
    if images.ndim == 4 and images.shape[1] in (1, 2, 3, 4):
        return "; move the channels to the end with x = np.moveaxis(x, 1, -1)"
    if images.ndim == 4 and images.shape[2] in (1, 2, 3, 4) and images.shape[3] == labels.size:
        return "; move the images to the first axis with x = np.moveaxis(x, -1, 0)"
    return ""


def _to_bytes(images: np.ndarray) -> str:
    """The line that turns images of another type into bytes."""
    if images.dtype == bool:
        return "x = x.astype('uint8') * 255"
    if images.dtype.kind not in "iuf" or images.size == 0:
        return "x = x.astype('uint8')"
    if not np.isfinite(images).all():
        line = _to_bytes(np.where(np.isfinite(images), images, 0))
        return f"x = np.where(np.isfinite(x), x, 0), as some are NaN or infinite; {line}"
    low, high = float(images.min()), float(images.max())
    if -1 <= low < 0 and high <= 1:
        return "x = ((x + 1) * 127.5).round().astype('uint8')"
    if low >= 0 and high <= 1:
        return "x = (x * 255).round().astype('uint8')"
    if low >= 0 and high <= 255:
        return "x = x.round().astype('uint8')"
    return f"x = ((x - {low:g}) / {high - low:g} * 255).round().astype('uint8')"


def _checked_labels(labels: np.ndarray, where: str) -> np.ndarray:
    if labels.dtype.kind == "f" and not np.isfinite(labels).all():
        raise UserError(
            f"{where}: {np.sum(~np.isfinite(labels))} of {labels.size} labels are not finite (NaN "
            "or infinity): leave out the images without a label"
        )
    if labels.ndim > 1 and labels.size == max(labels.shape) > 0:
        labels = labels.reshape(-1)
    if labels.ndim == 2 and labels.size and labels.dtype.kind in "biuf":
        one_each = np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all()
        # A column without any image is a sign of labels that may be given together.
        if not (one_each and labels.any(axis=0).all()):
            raise UserError(
                f"{where}: labels of shape {labels.shape} look like several labels per image, but "
                "a network of the study gives each image one class; if each row is one class, take "
                "y = y.argmax(axis=1)"
            )
        labels = labels.argmax(axis=1)
    if labels.ndim == 1 and not np.issubdtype(labels.dtype, np.integer):
        repair = (
            "names, y = np.unique(y, return_inverse=True)"
            if labels.dtype.kind in "US"
            else "y = y.astype(int)"
        )
        if labels.dtype.kind == "f" and (labels % 1).any():
            raise UserError(
                f"{where}: labels are numbers such as {labels[labels % 1 != 0][0]:g}, but a "
                "network of the study tells classes apart: number the classes 0, 1, 2, …"
            )
        raise UserError(
            f"{where}: labels are {labels.dtype}, but must be whole numbers: convert them with "
            f"{repair}"
        )
    if labels.ndim != 1:
        raise UserError(
            f"{where}: labels are {labels.dtype} of shape {labels.shape}, but must be whole "
            "numbers of shape (N,), one per image"
        )
    return labels.astype(np.int64)


def checked_dataset(
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
    class_names: list[str] | None,
    where: str,
    validation: tuple[np.ndarray, np.ndarray] | None = None,
) -> Dataset:
    """Join checked parts; without names, classes are named by their labels.

    Raises UserError if the parts differ in image shape, labels are not 0 .. K-1, or all images are
    black.
    """
    (x_train, y_train), (x_test, y_test) = train, test
    if x_train.shape[1:] != x_test.shape[1:]:
        raise UserError(
            f"{where}: training images have shape {x_train.shape[1:]}, but test images "
            f"{x_test.shape[1:]}; both must have the same shape"
        )
    classes = len(class_names) if class_names else int(y_train.max()) + 1
    present = np.unique(y_train)
    if len(present) != classes or present[0] != 0 or present[-1] != classes - 1:
        found = ", ".join(map(str, present[:20])) + (", …" if len(present) > 20 else "")
        raise UserError(
            f"{where}: training labels must be 0 to {classes - 1}, each at least once; "
            f"found {found}{_repair(present, classes)}"
        )
    if y_test.min() < 0 or y_test.max() >= classes:
        raise UserError(
            f"{where}: test labels are {y_test.min()} to {y_test.max()}, but training labels "
            f"0 to {classes - 1}: leave out the others with known = np.isin(y_test, y_train); "
            "x_test, y_test = x_test[known], y_test[known]"
        )
    if x_train.max() <= 1:
        raise UserError(
            f"{where}: the brightest pixel of all training images is {x_train.max()} of 255, so "
            "they are black: they were scaled to 0 to 1 before; save (x * 255).round() as uint8, "
            "and leave the scaling to input_scale of the network"
        )
    if classes == 1:
        raise UserError(
            f"{where}: all training images are of one class, but a network is to tell two or more "
            "apart"
        )
    x_validation, y_validation = validation or (None, None)
    if x_validation is not None and x_validation.shape[1:] != x_train.shape[1:]:
        raise UserError(
            f"{where}: training images have shape {x_train.shape[1:]}, but validation images "
            f"{x_validation.shape[1:]}; both must have the same shape"
        )
    if y_validation is not None and (y_validation.min() < 0 or y_validation.max() >= classes):
        raise UserError(
            f"{where}: validation labels are {y_validation.min()} to {y_validation.max()}, but "
            f"training labels 0 to {classes - 1}"
        )
    names = class_names or [str(label) for label in range(classes)]
    named = np.array(names, dtype=np.str_)
    return Dataset(x_train, y_train, x_test, y_test, named, x_validation, y_validation)


def _repair(present: np.ndarray, classes: int) -> str:
    """The line that makes labels out of these, if their order is that of the classes."""
    if np.array_equal(present, np.arange(1, len(present) + 1)):
        return "; make them start at 0 with y = y - 1, in the test part, too"
    if len(present) < classes or present[0] < 0:
        return (
            "; number those that there are with y = np.searchsorted(np.unique(y_train), y), in "
            "both parts"
        )
    return ""
