"""The images of a study, with the classes that the trained network gives them.

Test images for what is reported; for what is chosen, such as a setting, images of the training
part that the network was not trained on: what was chosen on test images cannot be tested on them.
A part of the test images, the vault, is kept for testing what was chosen.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from spikesweep.data.dataset import Dataset, load_dataset
from spikesweep.data.splits import open_and_vault, stratified_order, subset
from spikesweep.errors import UserError
from spikesweep.snn.network import SpikingNetwork

logger = logging.getLogger(__name__)

# Settings are searched on the first, the best are judged on the second.
PARTS = ("search", "confirm")


@dataclass(frozen=True, eq=False)
class Sample:
    """Test images chosen by a seed.

    images: (N, H, W, C) uint8; labels, ann_classes: (N,) int64, the true class and the class
    that the trained network, simulated as rates, gives.
    indices: (N,) int64, where each image stands in its part of the dataset.
    """

    images: np.ndarray
    labels: np.ndarray
    ann_classes: np.ndarray
    indices: np.ndarray

    def chance(self) -> float:
        """The accuracy of a network that gives every image the class of most of them."""
        return float(np.unique(self.labels, return_counts=True)[1].max() / len(self.labels))

    def grouped(self, draws: int) -> "Sample":
        """The same images, those that see the same draw of initial voltages side by side."""
        return self.only(np.argsort(self.draws(draws), kind="stable"))

    def only(self, which: np.ndarray) -> "Sample":
        """The images at these positions, in this order."""
        return Sample(*(getattr(self, field.name)[which] for field in fields(self)))

    def draws(self, draws: int) -> np.ndarray:
        """(N,) int64, which of so many draws of the initial voltages each image sees.

        It depends on the image alone, so that all studies and settings show an image to the same
        neurons, and differences between settings are paired.
        """
        return self.indices % draws


def load_sample(
    dataset: str | Path,
    ann_classes: str | Path,
    images: int,
    images_seed: int,
    part: str = "open",
) -> Sample:
    """Choose test images in proportion to the classes; a larger sample includes a smaller one.

    images: how many; if there are fewer in this part, all of them are taken.
    ann_classes: .npy with the trained network's class of each test image.
    part: `open`, or `vault` for the last check of a choice; see `open_and_vault`.
    """
    data = load_dataset(dataset)
    available = _part_of_test(data.y_test, part)
    if len(available) < images:
        logger.info("%d test images instead of %d: there are no more", len(available), images)
    within = subset(data.y_test[available], min(images, len(available)), images_seed)
    chosen = np.sort(available[within])
    return Sample(
        images=data.x_test[chosen],
        labels=data.y_test[chosen],
        ann_classes=np.load(ann_classes, allow_pickle=False)[chosen],
        indices=chosen,
    )


def _part_of_test(labels: np.ndarray, part: str) -> np.ndarray:
    """Indices of the open test images or of those in the vault."""
    shown, vault = open_and_vault(labels)
    if part == "open":
        return shown
    if len(vault) == 0:
        logger.warning(
            "%d test images are too few to keep some apart: what is checked on them was seen "
            "before by other studies",
            len(labels),
        )
        return shown
    return vault


def validation_table(
    data: Dataset,
    networks: Mapping[int, SpikingNetwork],
    kept_apart: int | Literal["own"] | None,
    images: Sequence[int],
) -> pd.DataFrame:
    """One row per chosen image, with the class that the trained network gives it.

    networks: the spiking network of each seed; simulated as rates, it is equivalent to the trained
    one.
    kept_apart: see `choose_validation_images`; "own": the dataset's own validation part is taken.
    images: how many for each of `PARTS`.
    """
    # Only jobs that choose images need TensorFlow.
    from spikesweep.conversion.build_keras import build_keras

    split = "validation" if kept_apart == "own" else "train"
    available, labels = _split(data, split)
    kept = None if kept_apart == "own" else kept_apart
    tables = []
    for number, (seed, network) in enumerate(networks.items()):
        model = build_keras(network.layers)
        # Seeds that share their images share them out: on what one searches, none confirms.
        order_of, turns = (
            (seed, (0, 1)) if kept else (next(iter(networks)), (number, len(networks)))
        )
        chosen = choose_validation_images(labels, order_of, kept, images, turns)
        for part, indices in zip(PARTS, chosen, strict=True):
            prepared = network.prepare(available[indices])
            scores = model.predict(prepared, batch_size=500, verbose=0)
            columns = {
                "seed": seed,
                "part": part,
                "split": split,
                "image": indices,
                "label": labels[indices],
                "ann_class": scores.argmax(axis=1),
            }
            tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def choose_validation_images(
    labels: np.ndarray,
    seed: int,
    kept_apart: int | None,
    images: Sequence[int],
    turns: tuple[int, int] = (0, 1),
) -> list[np.ndarray]:
    """Indices into the training part, one array for each number in `images`; no image is in two.

    labels: (N,), of the training part.
    kept_apart: how many images the network's training kept apart by `seed`, as
        `train_validation_split` does. If it kept none, or this is not known, all images of the
        training part may be chosen.
    turns: (number, of how many) that take turns to choose from the same images; none is chosen by
        two of them.
    images: how many each array has, in proportion to the classes; if there are not enough images,
        all arrays are shortened in proportion.

    Raises UserError if there are fewer images than arrays.
    """
    number, of = turns
    order = stratified_order(labels, seed)[: kept_apart or None][number::of]
    if len(order) < len(images):
        raise UserError(
            f"{len(order)} images are too few to search a setting on some and to confirm it on "
            "others; give more validation images, or fewer seeds"
        )
    share = min(1.0, len(order) / sum(images))
    ends = np.cumsum([max(1, int(share * many)) for many in images])
    return [np.sort(part) for part in np.split(order[: ends[-1]], ends[:-1])]


def calibration_images(
    data: Dataset,
    table: pd.DataFrame,
    seed: int,
    kept_apart: int | Literal["own"] | None,
    many: int,
) -> np.ndarray:
    """Images that the network of a seed was trained on, (images, H, W, C) uint8, as many per class.

    table, kept_apart: as in `validation_table`; no image that the table lists is among them.

    Raises UserError if none is left.
    """
    order = stratified_order(data.y_train, seed)
    if isinstance(kept_apart, int):
        order = order[kept_apart:]
    elif kept_apart is None:
        order = order[~np.isin(order, table["image"])]
    if len(order) == 0:
        raise UserError(
            "published thresholds are computed from training images, but settings are searched on "
            "all of them; reduce recommendation.images or confirm_images"
        )
    return data.x_train[np.sort(order[:many])]


def validation_sample(data: Dataset, table: pd.DataFrame, seed: int, part: str) -> Sample:
    """The images of one seed and part that `validation_table` lists."""
    rows = table[(table["seed"] == seed) & (table["part"] == part)]
    available, _ = _split(data, table["split"].iloc[0])
    return Sample(
        images=available[rows["image"]],
        labels=rows["label"].to_numpy(),
        ann_classes=rows["ann_class"].to_numpy(),
        indices=rows["image"].to_numpy(),
    )


def _split(data: Dataset, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels of the training part, or of the dataset's own validation part."""
    if split == "train":
        return data.x_train, data.y_train
    if data.x_validation is None or data.y_validation is None:
        raise UserError("the dataset has no validation part: run the workflow again")
    return data.x_validation, data.y_validation
