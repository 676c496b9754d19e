"""Images of the training part that a network was not trained on, to choose its setting by.

Test images would do too, but what was chosen by them cannot be tested on them any more.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from spikesweep.conversion.spiking_network import SpikingNetwork
from spikesweep.data.dataset import Dataset
from spikesweep.data.splits import stratified_order
from spikesweep.study.sample import Sample

# Settings are searched on the first, the best are compared on the second, judged on the third.
PARTS = ("search", "compare", "confirm")


def validation_table(
    data: Dataset,
    networks: Mapping[int, SpikingNetwork],
    kept_apart: int | None,
    images: Sequence[int],
) -> pd.DataFrame:
    """One row an image that is chosen, with the class that the trained network gives it.

    networks: the spiking network of each seed; simulated as rates, it is the trained one.
    kept_apart: see `choose_validation_images`.
    images: how many for each of `PARTS`.
    """
    # Only jobs that choose images need TensorFlow.
    from spikesweep.conversion.build_keras import build_keras

    tables = []
    for seed, network in networks.items():
        model = build_keras(network.layers)
        chosen = choose_validation_images(data.y_train, seed, kept_apart, images)
        for part, indices in zip(PARTS, chosen, strict=True):
            prepared = network.prepare(data.x_train[indices])
            scores = model.predict(prepared, batch_size=500, verbose=0)
            columns = {
                "seed": seed,
                "part": part,
                "training_image": indices,
                "label": data.y_train[indices],
                "ann_class": scores.argmax(axis=1),
            }
            tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def choose_validation_images(
    labels: np.ndarray, seed: int, kept_apart: int | None, images: Sequence[int]
) -> list[np.ndarray]:
    """Indices into the training part, one array for each number in `images`; none in two.

    labels: of the training part, (N,).
    kept_apart: how many images the network's training kept apart by `seed`, as
        `train_validation_split` does. If it kept none, or nobody knows, all images of the
        training part may be chosen.
    images: how many each array has. Each class has its share in each; where there are not
        enough images, all arrays have fewer, in proportion.
    """
    order = stratified_order(labels, seed)[: kept_apart or None]
    share = min(1.0, len(order) / sum(images))
    ends = np.cumsum([int(share * many) for many in images])
    return [np.sort(part) for part in np.split(order[: ends[-1]], ends[:-1])]


def validation_sample(data: Dataset, table: pd.DataFrame, seed: int, part: str) -> Sample:
    """The images of one seed and part that `validation_table` lists."""
    rows = table[(table["seed"] == seed) & (table["part"] == part)]
    return Sample(
        images=data.x_train[rows["training_image"]],
        labels=rows["label"].to_numpy(),
        ann_classes=rows["ann_class"].to_numpy(),
    )
