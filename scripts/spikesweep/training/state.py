"""All that changes during a training, as arrays and plain values, so that it can be put back."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf
import tf_keras

from spikesweep.training.optimizers import Optimizer

# By what they are of: weights, optimizer, random, changes, best.
Arrays = dict[str, list[np.ndarray]]


@dataclass(frozen=True)
class Changes:
    """What changes the weights of a network, besides its training.

    before: numbers of the steps, counted from 0, before which `change` is called with the number.
    hold: TensorFlow operations that come before each step.
    state, restore: what it remembers from one step to the next, unless the weights say it; and how
        it is told.
    """

    before: Collection[int]
    change: Callable[[int], None]
    hold: Callable[[], None]
    state: Callable[[], list[np.ndarray]] = list
    restore: Callable[[Sequence[np.ndarray]], None] = lambda _arrays: None


@dataclass(eq=False)
class TrainingState:
    """A training between two of its epochs.

    rng: chooses the order of the images and their changes.
    history: one row for each epoch so far.
    best_weights: those of the epoch with the highest validation accuracy, where the settings ask
        to keep them.
    """

    model: tf_keras.Model
    optimizer: Optimizer
    rng: np.random.Generator
    changes: Changes | None
    history: list[dict[str, float]] = field(default_factory=list)
    best_weights: list[np.ndarray] | None = None

    def end_epoch(self, row: dict[str, float], *, keep_best: bool) -> None:
        """Add a row to the history, and keep the weights if they are the best so far."""
        accuracies = [earlier["val_accuracy"] for earlier in self.history]
        if keep_best and row["val_accuracy"] > max(accuracies, default=-1.0):
            self.best_weights = self.model.get_weights()
        self.history.append(row)

    def arrays(self) -> Arrays:
        """Copies of all numbers that decide the rest of the training."""
        return {
            "weights": self.model.get_weights(),
            "optimizer": [variable.numpy() for variable in self.optimizer.state],
            "random": [variable.numpy() for variable in _random_states(self.model)],
            "changes": self.changes.state() if self.changes else [],
            "best": self.best_weights or [],
        }

    def plain(self) -> dict[str, Any]:
        """The rest of it, as values that JSON has."""
        return {"history": self.history, "rng": self.rng.bit_generator.state}

    def restore(self, arrays: Arrays, plain: dict[str, Any]) -> None:
        """Put back what `arrays` and `plain` gave."""
        self.model.set_weights(arrays["weights"])
        for group, variables in (
            ("optimizer", self.optimizer.state),
            ("random", _random_states(self.model)),
        ):
            for variable, value in zip(variables, arrays[group], strict=True):
                variable.assign(value)
        if self.changes:
            self.changes.restore(arrays["changes"])
        self.best_weights = arrays["best"] or None
        self.history = plain["history"]
        self.rng.bit_generator.state = plain["rng"]

    @property
    def can_be_restored(self) -> bool:
        """Whether all that decides the rest of the training can be read."""
        return all(_generator(layer) is not None for layer in _random_layers(self.model))


def seed_random_layers(model: tf_keras.Model, seed: int) -> None:
    """Let the layers that draw at random, as dropout does, draw what follows from this seed."""
    states = np.random.SeedSequence(seed).spawn(len(_random_layers(model)))
    for layer, state in zip(_random_layers(model), states, strict=True):
        generator = _generator(layer)
        if generator is not None:
            generator.reset_from_seed(int(state.generate_state(1, np.uint64)[0] >> np.uint64(1)))


def _random_states(model: tf_keras.Model) -> list[tf.Variable]:
    generators = (_generator(layer) for layer in _random_layers(model))
    return [generator.state for generator in generators if generator is not None]


def _random_layers(model: tf_keras.Model) -> list[tf_keras.layers.Layer]:
    return [layer for layer in model.layers if hasattr(layer, "_random_generator")]


def _generator(layer: tf_keras.layers.Layer) -> tf.random.Generator | None:
    """Where a layer draws from; None if it is hidden in TensorFlow's kernels."""
    return layer._random_generator._generator
