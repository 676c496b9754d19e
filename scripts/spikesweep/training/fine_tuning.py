"""Fine-tuning a network whose layers were replaced, on the training images of its dataset."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf
import tf_keras

from spikesweep.data.scaling import Numbers, Scaling
from spikesweep.data.splits import subset
from spikesweep.training.optimizers import is_kernel
from spikesweep.training.run import TrainedFiles, TrainingRun
from spikesweep.training.state import Changes

# Statistics of fewer images are noisy; more images change them little.
_IMAGES_OF_STATISTICS = 2000
_BATCH_OF_STATISTICS = 100


@dataclass(frozen=True)
class AdaptationSettings:
    """The keys under `adapt` of a user's network in the config.

    epochs: passes over the training images
    margin: accuracy that may be lost, from 0 to 1
    batch_size, learning_rate, optimizer, weight_decay, flip, shift: as of `TrainingSettings`; the
        learning rate is lower than that of a training from nothing
    """

    epochs: int
    margin: float = 0.02
    batch_size: int = 32
    learning_rate: float = 5e-4
    optimizer: str = "adam"
    weight_decay: float = 0.0
    flip: bool = False
    shift: int = 0

    def training(self) -> dict[str, Any]:
        """Fields of `TrainingSettings`; all training images are used, as most likely before."""
        chosen = asdict(self)
        del chosen["margin"]
        return {**chosen, "validation_images": 0}


def fine_tune(
    model: tf_keras.Model,
    run: TrainingRun,
    files: TrainedFiles,
    *,
    input_scale: Numbers,
    input_offset: Numbers,
) -> pd.DataFrame:
    """Train `model` in place, weights that are zero kept at zero, and return its history.

    A training that was killed goes on, see `TrainingRun.fit`.

    Zeros are where nothing connects (groups, depthwise convolutions, pruned weights). There are no
    validation images, so their columns are NaN.
    """
    masks = [
        (weight, tf.constant(weight.numpy() != 0, tf.float32))
        for weight in model.trainable_variables
        if is_kernel(weight) and (weight.numpy() == 0).any()
    ]

    def hold_at_zero() -> None:
        for weight, mask in masks:
            weight.assign(weight * mask)

    scaling: Scaling = {"input_scale": input_scale, "input_offset": input_offset}
    changes = Changes((), lambda _: None, hold_at_zero)
    history, _ = run.fit(model, files, **scaling, config={}, changes=changes)
    # The last step of the optimizer moved them, too.
    hold_at_zero()
    measure_statistics(model, run, **scaling)
    return history


def measure_statistics(
    model: tf_keras.Model, run: TrainingRun, *, input_scale: Numbers, input_offset: Numbers
) -> None:
    """Set the statistics of all trainable batch normalisations to their means over batches.

    Moving averages need hundreds of steps to forget what they were. Source: Wu and Johnson (2021),
    "Rethinking 'Batch' in BatchNorm", section 3.
    """
    layers = [
        layer
        for layer in model.layers
        if isinstance(layer, tf_keras.layers.BatchNormalization) and layer.trainable
    ]
    if not layers:
        return
    statistics = [(layer.moving_mean, layer.moving_variance) for layer in layers]
    sums = [[np.zeros(weight.shape) for weight in of_layer] for of_layer in statistics]
    momenta = [layer.momentum for layer in layers]
    for layer in layers:
        # The statistics after a batch are then those of this batch.
        layer.momentum = 0.0
    scale, offset = (np.asarray(numbers, np.float32) for numbers in (input_scale, input_offset))
    batches = _sample(run)
    for batch in batches:
        model(batch.astype(np.float32) * scale + offset, training=True)
        for totals, of_layer in zip(sums, statistics, strict=True):
            for total, weight in zip(totals, of_layer, strict=True):
                total += weight.numpy()
    for layer, momentum, totals, of_layer in zip(layers, momenta, sums, statistics, strict=True):
        layer.momentum = momentum
        for total, weight in zip(totals, of_layer, strict=True):
            weight.assign(total / len(batches))


def _sample(run: TrainingRun) -> list[np.ndarray]:
    """Batches of training images, classes in proportion."""
    count = min(len(run.train), _IMAGES_OF_STATISTICS)
    chosen = run.train[subset(run.data.y_train[run.train], count, run.seed)]
    parts = np.array_split(chosen, max(count // _BATCH_OF_STATISTICS, 1))
    return [run.data.x_train[part] for part in parts]
