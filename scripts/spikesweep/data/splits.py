"""Stratified choices of images: validation sets, test subsets, the vault, a missing test part."""

import numpy as np

from spikesweep.data.vault import vault_size
from spikesweep.errors import UserError

# Which test images are in the vault must never depend on a config, or a change of it would let
# them out.
_VAULT_SEED = 0


def train_validation_split(
    labels: np.ndarray, validation_images: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Split the training part into (train_indices, validation_indices), both ascending.

    labels: those of the training part only, (N,); the test part is never split.
    Each class has the same share in both. Raises UserError unless 0 <= validation_images < N.
    """
    if not 0 <= validation_images < len(labels):
        raise UserError(
            f"validation_images is {validation_images}, but there are {len(labels)} training "
            "images: it must be at least 0 and leave some images for training"
        )
    order = stratified_order(labels, seed)
    return np.sort(order[validation_images:]), np.sort(order[:validation_images])


def open_and_vault(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split the test part into (open_indices, vault_indices), both ascending.

    labels: those of the test part, (N,).

    Whatever shows test images to a spiking network, or watches them in training, takes open ones.
    Those in the vault are for the last check of what was chosen, so that it is made on images that
    no choice can have seen, not even one that a person made after reading a report. The split is
    the same in every run. Each class has the same share in both. The vault is empty if there are
    fewer than 4 images.
    """
    order = stratified_order(labels, _VAULT_SEED)
    size = vault_size(len(labels))
    return np.sort(order[size:]), np.sort(order[:size])


def subset(labels: np.ndarray, images: int, seed: int) -> np.ndarray:
    """Indices of `images` images, chosen by seed, with the share of each class kept.

    Prefix-stable: the first n indices of a larger choice are the choice of n, so a study that
    takes more images keeps those that it already had. Raises UserError unless 1 <= images <= N.
    """
    if not 1 <= images <= len(labels):
        raise UserError(
            f"{images} images were requested, but this part of the dataset has {len(labels)}: "
            f"allowed are 1 to {len(labels)}"
        )
    return stratified_order(labels, seed)[:images]


def stratified_order(labels: np.ndarray, seed: int) -> np.ndarray:
    """A random order of all images in which every prefix keeps the share of each class.

    Within a class the order is random. The classes are interleaved by the method of
    Sainte-Laguë (by which parties are given seats): the image of rank r in a class of n images
    is placed at (r + 1/2) / n. With classes of equal size, their counts in a prefix never differ
    by more than one.
    """
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(labels))
    _, classes, sizes = np.unique(labels[shuffled], return_inverse=True, return_counts=True)
    by_class = np.argsort(classes, kind="stable")
    first_of_class = np.cumsum(sizes) - sizes
    rank = np.empty(len(labels), dtype=np.int64)
    rank[by_class] = np.arange(len(labels)) - np.repeat(first_of_class, sizes)
    position = (rank + 0.5) / sizes[classes]
    # A stable sort: equal positions keep the random order of the shuffle.
    return shuffled[np.argsort(position, kind="stable")]
