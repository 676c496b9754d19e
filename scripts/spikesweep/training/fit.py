"""The training loop: deterministic, in memory, on images that stay uint8."""

import itertools
import logging
import math
from collections.abc import Iterator

import numpy as np
import pandas as pd
import tf_keras
from scipy.special import log_softmax

from spikesweep.data.scaling import Numbers, Scaling
from spikesweep.errors import UserError
from spikesweep.training.accuracy import Outputs, outputs_of
from spikesweep.training.batches import augment, mirrored_in_turn, shuffled_batches
from spikesweep.training.checkpoint import Checkpoint
from spikesweep.training.first_weights import trained_variables
from spikesweep.training.image_size import image_size, pixel_shares
from spikesweep.training.learning_rate import learning_rates
from spikesweep.training.optimizers import Optimizer
from spikesweep.training.progress import TrainingProgress
from spikesweep.training.settings import TrainingSettings
from spikesweep.training.state import Changes, TrainingState, seed_random_layers
from spikesweep.training.steps import Steps, compiled_steps

logger = logging.getLogger(__name__)

# So many that a call from Python costs little, and so few that their images need little memory.
_STEPS_AT_ONCE = 50


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
    checkpoint: Checkpoint | None = None,
    name: str = "training",
) -> pd.DataFrame:
    """Train `model` in place with cross-entropy and return its history, one row per epoch.

    The losses of the history are cross-entropies alone, without any penalty.

    Our own loop rather than `Model.fit`, which returns to Python at each step and needs a float32
    copy of the images.

    images: (N, H, W, C) uint8, of which `train` and `validation` are indices.
    labels: (N,) int64.
    test: test images and labels, needed if the settings ask to watch them.
    checkpoint: where a killed training goes on; the result is the same as without.
    name: of the network, for the progress.

    Raises UserError if the loss is no longer finite, or if there is less than one batch.
    """
    _check_batch_size(settings, len(train))
    scaling: Scaling = {"input_scale": input_scale, "input_offset": input_offset}
    seed_random_layers(model, seed)
    optimizer = Optimizer(trained_variables(model, settings), settings)
    take = compiled_steps(
        model, optimizer, settings, **scaling, before_each=changes.hold if changes else None
    )
    outputs = outputs_of(model, **scaling)
    rates = learning_rates(settings, settings.epochs * (len(train) // settings.batch_size))
    state = TrainingState(model, optimizer, np.random.default_rng(seed), changes)
    if checkpoint:
        checkpoint.restore(state)
    # An epoch takes as long as its images have pixels.
    shares = pixel_shares(settings, max(images.shape[1:3]))
    progress = TrainingProgress(name, shares, done=len(state.history))
    for epoch, of_epoch in enumerate(np.split(rates, settings.epochs), start=1):
        if epoch <= len(state.history):
            continue
        row = {
            "epoch": epoch,
            **_take_epoch(take, state, images, labels, train, of_epoch, settings, seed, progress),
            **_validate(outputs, images[validation], labels[validation]),
        }
        if settings.watch_test:
            assert test is not None
            parts = {"train": (images[train], labels[train]), "test": test}
            for part, shown in parts.items():
                row[f"{part}_accuracy"] = _accuracy(outputs, *shown)
        state.end_epoch(row, keep_best=settings.keep_best)
        progress.end_epoch(row)
        if checkpoint and epoch < settings.epochs:
            checkpoint.save(state)
    progress.close()
    if state.best_weights is not None:
        model.set_weights(state.best_weights)
    return pd.DataFrame(state.history)


def _check_batch_size(settings: TrainingSettings, images: int) -> None:
    if images < settings.batch_size:
        raise UserError(
            f"training.batch_size is {settings.batch_size}, but only {images} images are left "
            "for training: reduce it, or training.validation_images"
        )


def _take_epoch(
    take: Steps,
    state: TrainingState,
    images: np.ndarray,
    labels: np.ndarray,
    train: np.ndarray,
    rates: np.ndarray,
    settings: TrainingSettings,
    seed: int,
    progress: TrainingProgress,
) -> dict[str, float]:
    """Train on each image once; returns the mean loss and the share of images that were right.

    rates: (steps,), of the epoch.
    """
    batches = np.stack(list(shuffled_batches(train, settings.batch_size, state.rng)))
    first, changes = len(state.history) * len(batches), state.changes
    size = image_size(settings, len(state.history))
    mirrored = None
    if settings.alternating_flip:
        mirrored = mirrored_in_turn(len(images), len(state.history) + 1, seed)
    losses, hits = [], 0
    for piece in _pieces(first, len(batches), changes):
        if changes and first + piece.start in changes.before:
            changes.change(first + piece.start)
        x = np.stack(
            [
                augment(
                    images[batch],
                    settings,
                    state.rng,
                    mirrored=None if mirrored is None else mirrored[batch],
                )
                for batch in batches[piece]
            ]
        )
        some, right = take(x, labels[batches[piece]], rates[piece], size)
        losses.append(_finite(some, len(state.history) + 1, settings))
        hits += right
        progress.steps(piece.stop, len(batches))
    loss = float(np.concatenate(losses).mean(dtype=np.float64))
    return {"loss": loss, "accuracy": hits / batches.size}


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
