"""Train one named network from one seed."""

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import tf_keras

from spikesweep.data.dataset import load_dataset
from spikesweep.data.splits import subset
from spikesweep.files import atomic_path, write_csv
from spikesweep.metadata import write_metadata
from spikesweep.networks.build_network import build_network
from spikesweep.networks.scaling import PIXEL_SCALE, Numbers
from spikesweep.runtime import make_deterministic, use_one_thread
from spikesweep.tables import labelled
from spikesweep.training.accuracy import accuracy_table
from spikesweep.training.fit import fit
from spikesweep.training.images import choose_images
from spikesweep.training.network_input import network_input
from spikesweep.training.settings import TrainingSettings
from spikesweep.training.whitening import Whitening

logger = logging.getLogger(__name__)

_WATCHED_IMAGES = 2000


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
    input: str = "rescaled",
) -> None:
    """Build, train, measure and save a network.

    The seed decides the validation split, the first weights and the order of the images. The
    same seed gives the same weights to the last bit, however many cores the run has, since it
    uses one. The test images decide nothing.

    Args:
        input: what the network sees, one of `network_input.INPUTS`; unless it is `rescaled`, it
            takes the place of input_scale and input_offset.

    Raises:
        UserError: options that the architecture does not take, more images than there are, or
            a training that diverges.
    """
    use_one_thread()
    settings = TrainingSettings(**training)
    options = dict(options or {})
    data = load_dataset(dataset)
    train, validation = choose_images(data.y_train, settings, seed)
    seen = network_input(input, data.x_train[train], seed, input_scale, input_offset)
    make_deterministic(seed)
    model = build_network(
        architecture,
        data.x_train.shape[1:],
        len(data.class_names),
        options,
        first_layer=_layer(seen.whitening) if seen.whitening else None,
    )
    logger.info(
        "%s, seed %d: %s weights; training on %d images, validating on %d",
        network,
        seed,
        f"{model.count_params():,}",
        len(train),
        len(validation),
    )
    scaling = {"input_scale": seen.input_scale, "input_offset": seen.input_offset}
    started = time.process_time()
    history = fit(
        model,
        data.x_train,
        data.y_train,
        train=train,
        validation=validation,
        settings=settings,
        seed=seed,
        test=_watched(data.x_test, data.y_test),
        **scaling,
    )
    training_s = time.process_time() - started
    accuracy = accuracy_table(model, data, train, validation, **scaling)
    logger.info("test accuracy %.4f", accuracy["accuracy"].iloc[-1])

    with atomic_path(model_path) as temporary:
        model.save(temporary, save_format="keras")
    write_csv(labelled(history, network, seed), history_path)
    write_csv(labelled(accuracy, network, seed), accuracy_path)
    write_metadata(
        metadata_path,
        config={
            "architecture": architecture,
            "options": options,
            "training": asdict(settings),
            "input": input,
        },
        network=network,
        seed=seed,
        weights=model.count_params(),
        images_trained_on=len(train),
        # Of the processor: what else the machine does takes no part in it.
        training_s=round(training_s, 2),
        **scaling,
    )


def _layer(whitening: Whitening) -> tf_keras.layers.Layer:
    *size, _, channels = whitening.kernel.shape
    return tf_keras.layers.Conv2D(
        channels,
        size,
        padding="same",
        trainable=False,
        # Random ones would be drawn for nothing, and change all weights drawn after them.
        kernel_initializer="zeros",
        weights=[whitening.kernel, whitening.bias],
        name="whitening",
    )


def _watched(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Test images for the history: enough for a curve, fewer than would slow small trainings."""
    chosen = subset(labels, min(_WATCHED_IMAGES, len(labels)), seed=0)
    return images[chosen], labels[chosen]
