"""Train one named network from one seed."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tf_keras

from spikesweep.data.scaling import PIXEL_SCALE, Numbers, Scaling
from spikesweep.networks.build_network import build_network
from spikesweep.training.first_weights import set_first_weights
from spikesweep.training.network_input import network_input
from spikesweep.training.run import TrainedFiles, begin_training
from spikesweep.training.whitening import Whitening

logger = logging.getLogger(__name__)


def train_network(
    *,
    dataset: str | Path,
    files: TrainedFiles,
    network: str,
    seed: int,
    architecture: str,
    training: Mapping[str, Any],
    options: Mapping[str, Any] | None = None,
    input_scale: Numbers = PIXEL_SCALE,
    input_offset: Numbers = 0.0,
    input_kind: str = "rescaled",
    code: str = "",
) -> None:
    """Build, train, measure and save a network.

    The seed decides the validation split, the first weights and the order of the images. The
    same seed gives the same weights to the last bit, however many cores the run has, since
    the settings say how many threads it uses. The test images decide nothing.

    input_kind: what the network sees, one of `network_input.INPUTS`; unless it is `rescaled`, it
        replaces input_scale and input_offset.
    code: changes when the code that trains does: a killed training of other code does not go on.

    Raises UserError for options that the architecture does not take, more images than there are, or
    a training that diverges.
    """
    options = dict(options or {})
    run = begin_training(dataset, network, seed, training, code)
    images = run.data.x_train[run.train]
    seen = network_input(input_kind, images, seed, input_scale, input_offset)
    model = build_network(
        architecture,
        images.shape[1:],
        len(run.data.class_names),
        options,
        first_layer=_layer(seen.whitening) if seen.whitening else None,
    )
    logger.info(
        "%s, seed %d: %s weights; training on %d images, validating on %d",
        network,
        seed,
        f"{model.count_params():,}",
        len(run.train),
        len(run.validation),
    )
    scaling: Scaling = {"input_scale": seen.input_scale, "input_offset": seen.input_offset}
    config = {"architecture": architecture, "options": options, "input": input_kind}
    set_first_weights(model, images, run.settings, scaling, seed)
    history, training_s = run.fit(model, files, **scaling, config=config)
    run.write(files, model, history, **scaling, config=config, training_s=round(training_s, 2))


def _layer(whitening: Whitening) -> tf_keras.layers.Layer:
    *size, _, channels = whitening.kernel.shape
    return tf_keras.layers.Conv2D(
        channels,
        size,
        padding="same",
        trainable=False,
        # Random ones would be replaced anyway, and would change all weights drawn after them.
        kernel_initializer="zeros",
        weights=[whitening.kernel, whitening.bias],
        name="whitening",
    )
