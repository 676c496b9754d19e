"""Checks that arrays are labelled images that the study can use."""

import numpy as np

from spikesweep.data.dataset import Dataset
from spikesweep.errors import UserError


def checked_part(
    images: np.ndarray, labels: np.ndarray, where: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return images as uint8 (N, H, W, C) and labels as int64 (N,).

    Grey images may come without a channel axis, labels as a column. `where` names the file in
    messages. Raises UserError for anything whose meaning would have to be guessed.
    """
    if images.dtype != np.uint8:
        raise UserError(
            f"{where}: images are {images.dtype}, but must be uint8 (0 to 255); "
            f"convert them before saving, and scale them by input_scale of the network"
        )
    if images.ndim == 3:
        images = images[..., np.newaxis]
    if images.ndim != 4 or images.shape[-1] not in (1, 2, 3, 4):
        raise UserError(
            f"{where}: images have shape {images.shape}, but must be (N, H, W) or "
            f"(N, H, W, C) with 1 to 4 channels last"
        )
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise UserError(
            f"{where}: labels are {labels.dtype} of shape {labels.shape}, but must be whole "
            "numbers of shape (N,), one per image"
        )
    if len(images) != len(labels):
        raise UserError(f"{where}: {len(images)} images, but {len(labels)} labels")
    if images.size == 0:
        raise UserError(f"{where}: no images in an array of shape {images.shape}")
    return images, labels.astype(np.int64)


def checked_dataset(
    train: tuple[np.ndarray, np.ndarray],
    test: tuple[np.ndarray, np.ndarray],
    class_names: list[str] | None,
    where: str,
) -> Dataset:
    """Join two checked parts; without names, classes are named by their labels.

    Raises UserError if the parts differ in image shape, or labels are not 0 .. K-1.
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
            f"found {found}"
        )
    if y_test.min() < 0 or y_test.max() >= classes:
        raise UserError(
            f"{where}: test labels are {y_test.min()} to {y_test.max()}, but training labels "
            f"0 to {classes - 1}"
        )
    names = class_names or [str(label) for label in range(classes)]
    return Dataset(x_train, y_train, x_test, y_test, np.array(names, dtype=np.str_))
