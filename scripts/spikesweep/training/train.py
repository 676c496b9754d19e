"""Train one named network from one seed."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf

from spikesweep.data.dataset import load_dataset
from spikesweep.data.splits import train_validation_split
from spikesweep.files import atomic_path, write_csv
from spikesweep.metadata import write_metadata
from spikesweep.networks.architectures import build_network
from spikesweep.networks.scaling import PIXEL_SCALE, Numbers
from spikesweep.runtime import make_deterministic
from spikesweep.training.accuracy import accuracy_row, predict
from spikesweep.training.fit import fit
from spikesweep.training.settings import TrainingSettings

logger = logging.getLogger(__name__)


def train_network(
    *,
    dataset: str | Path,
    model_path: str | Path,
    history_path: str | Path,
    accuracy_path: str | Path,
    metadata_path: str | Path,
    network: str,
    seed: int,
    architecture: str,
    training: Mapping[str, Any],
    options: Mapping[str, Any] | None = None,
    input_scale: Numbers = PIXEL_SCALE,
    input_offset: Numbers = 0.0,
) -> None:
    """Build, train, measure and save a network.

    The seed decides the validation split, the first weights and the order of the images. The
    same seed gives the same weights to the last bit, however many cores the run has, since it
    uses one. The test images are looked at once, after the training.

    Raises:
        UserError: options that the architecture does not take, or a training that diverges.
    """
    _use_one_thread()
    settings = TrainingSettings(**training)
    options = dict(options or {})
    data = load_dataset(dataset)
    train, validation = train_validation_split(data.y_train, settings.validation_images, seed)
    make_deterministic(seed)
    model = build_network(architecture, data.x_train.shape[1:], len(data.class_names), options)
    logger.info(
        "%s, seed %d: %s weights; training on %d images, validating on %d",
        network,
        seed,
        f"{model.count_params():,}",
        len(train),
        len(validation),
    )
    scaling = {"input_scale": input_scale, "input_offset": input_offset}
    history = fit(
        model,
        data.x_train,
        data.y_train,
        train=train,
        validation=validation,
        settings=settings,
        seed=seed,
        **scaling,
    )
    parts = {
        "train": (data.x_train[train], data.y_train[train]),
        "validation": (data.x_train[validation], data.y_train[validation]),
        "test": (data.x_test, data.y_test),
    }
    accuracy = pd.DataFrame(
        accuracy_row(split, _hits(model, images, labels, **scaling))
        for split, (images, labels) in parts.items()
    )
    logger.info("test accuracy %.4f", accuracy["accuracy"].iloc[-1])

    with atomic_path(model_path) as temporary:
        model.save(temporary, save_format="keras")
    write_csv(_labelled(history, network, seed), history_path)
    write_csv(_labelled(accuracy, network, seed), accuracy_path)
    write_metadata(
        metadata_path,
        config={"architecture": architecture, "options": options, "training": asdict(settings)},
        network=network,
        seed=seed,
        weights=model.count_params(),
        **scaling,
    )


def _use_one_thread() -> None:
    # TensorFlow sums the gradients of a convolution in an order that depends on the number of
    # threads: 1, 2 and 4 threads gave three different networks.
    try:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        logger.warning("TensorFlow runs already, with threads of its own: other weights may result")


def _hits(
    model: Any,
    images: np.ndarray,
    labels: np.ndarray,
    input_scale: Numbers,
    input_offset: Numbers,
) -> np.ndarray:
    if len(labels) == 0:
        return np.zeros(0, bool)
    return predict(model, images, input_scale, input_offset).argmax(axis=1) == labels


def _labelled(table: pd.DataFrame, network: str, seed: int) -> pd.DataFrame:
    table.insert(0, "network", network)
    table.insert(1, "seed", seed)
    return table
