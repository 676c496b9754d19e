"""The training loop: deterministic, in memory, on images that stay uint8."""

import itertools
import logging
import math
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import tf_keras
from scipy.special import log_softmax

from spikesweep.data.scaling import Numbers, Scaling
from spikesweep.errors import UserError
from spikesweep.training.accuracy import Outputs, outputs_of
from spikesweep.training.batches import augment, shuffled_batches
from spikesweep.training.learning_rate import learning_rates
from spikesweep.training.optimizers import Optimizer
from spikesweep.training.settings import TrainingSettings
from spikesweep.training.steps import compiled_steps

logger = logging.getLogger(__name__)

# So many that a call from Python costs little, and so few that their images need little memory.
_STEPS_AT_ONCE = 50


@dataclass(frozen=True)
class Changes:
    """What changes the weights of a network, besides its training.

    before: numbers of the steps, counted from 0, before which `change` is called with the number.
    hold: TensorFlow operations that come before each step.
    """

    before: Collection[int]
    change: Callable[[int], None]
    hold: Callable[[], None]


def fit(
    model: tf_keras.Model,
    images: np.ndarray,
    labels: np.ndarray,
    *,
    train: np.ndarray,
    validation: np.ndarray,
    settings: TrainingSettings,
    seed: int,
    input_scale: Numbers,
    input_offset: Numbers,
    test: tuple[np.ndarray, np.ndarray] | None = None,
    changes: Changes | None = None,
) -> pd.DataFrame:
    """Train `model` in place with cross-entropy and return its history, one row per epoch.

    The losses of the history are cross-entropies alone, without any penalty.

    Our own loop rather than `Model.fit`, which returns to Python at each step and needs a float32
    copy of the images.

    images: (N, H, W, C) uint8, of which `train` and `validation` are indices.
    labels: (N,) int64.
    test: test images and labels, needed if the settings ask to watch them.

    Raises UserError if the loss is no longer finite, or if there is less than one batch.
    """
    _check_batch_size(settings, len(train))
    scaling: Scaling = {"input_scale": input_scale, "input_offset": input_offset}
    take = compiled_steps(
        model,
        Optimizer(model.trainable_variables, settings),
        settings,
        **scaling,
        before_each=changes.hold if changes else None,
    )
    outputs = outputs_of(model, **scaling)
    rates = learning_rates(settings, settings.epochs * (len(train) // settings.batch_size))
    rng = np.random.default_rng(seed)
    started = time.monotonic()
    history: list[dict[str, float]] = []
    best_weights, best_accuracy = None, -1.0
    for epoch, of_epoch in enumerate(np.split(rates, settings.epochs), start=1):
        batches = np.stack(list(shuffled_batches(train, settings.batch_size, rng)))
        first = (epoch - 1) * len(batches)
        losses, hits = [], 0
        for piece in _pieces(first, len(batches), changes):
            if changes and first + piece.start in changes.before:
                changes.change(first + piece.start)
            x = np.stack([augment(images[batch], settings, rng) for batch in batches[piece]])
            some, right = take(x, labels[batches[piece]], of_epoch[piece])
            losses.append(_finite(some, epoch, settings))
            hits += right
        row = {
            "epoch": epoch,
            "loss": float(np.concatenate(losses).mean(dtype=np.float64)),
            "accuracy": hits / batches.size,
            **_validate(outputs, images[validation], labels[validation]),
        }
        if settings.watch_test:
            assert test is not None
            parts = {"train": (images[train], labels[train]), "test": test}
            for part, shown in parts.items():
                row[f"{part}_accuracy"] = _accuracy(outputs, *shown)
        if settings.keep_best and row["val_accuracy"] > best_accuracy:
            best_weights, best_accuracy = model.get_weights(), row["val_accuracy"]
        history.append(row)
        _log_progress(row, settings.epochs, time.monotonic() - started)
    if best_weights is not None:
        model.set_weights(best_weights)
    return pd.DataFrame(history)


def _check_batch_size(settings: TrainingSettings, images: int) -> None:
    if images < settings.batch_size:
        raise UserError(
            f"training.batch_size is {settings.batch_size}, but only {images} images are left "
            "for training: reduce it, or training.validation_images"
        )


def _pieces(first: int, steps: int, changes: Changes | None) -> Iterator[slice]:
    """The steps of an epoch, a few at a time; each change of the weights is between two pieces.

    first: number of the epoch's first step in the whole training.
    """
    starts = {step for step in range(steps) if step % _STEPS_AT_ONCE == 0}
    if changes:
        starts |= {step - first for step in changes.before if first < step < first + steps}
    yield from (slice(*ends) for ends in itertools.pairwise([*sorted(starts), steps]))


def _finite(losses: np.ndarray, epoch: int, settings: TrainingSettings) -> np.ndarray:
    if not np.isfinite(losses).all():
        raise UserError(
            f"training diverged in epoch {epoch} (loss {losses[~np.isfinite(losses)][0]}): reduce "
            f"training.learning_rate, which is {settings.learning_rate:g}, or check input_scale"
        )
    return losses


def _validate(outputs: Outputs, images: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    if len(labels) == 0:
        return {"val_loss": math.nan, "val_accuracy": math.nan}
    logits = outputs(images).astype(np.float64)
    log_likelihood = log_softmax(logits, axis=1)[np.arange(len(labels)), labels]
    return {
        "val_loss": float(-log_likelihood.mean()),
        "val_accuracy": float((logits.argmax(axis=1) == labels).mean()),
    }


def _accuracy(outputs: Outputs, images: np.ndarray, labels: np.ndarray) -> float:
    return float((outputs(images).argmax(axis=1) == labels).mean())


def _log_progress(row: dict[str, float], epochs: int, elapsed: float) -> None:
    logger.info(
        "epoch %d/%d: loss %.4f, accuracy %.4f, val_loss %.4f, val_accuracy %.4f; about %.0f "
        "s left",
        row["epoch"],
        epochs,
        row["loss"],
        row["accuracy"],
        row["val_loss"],
        row["val_accuracy"],
        elapsed / row["epoch"] * (epochs - row["epoch"]),
    )
