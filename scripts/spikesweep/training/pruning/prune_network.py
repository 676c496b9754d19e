"""Train one network from one seed while pruning it."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import tf_keras
from tensorflow_model_optimization.sparsity.keras import PolynomialDecay

from spikesweep.data.scaling import PIXEL_SCALE, Numbers, Scaling
from spikesweep.errors import UserError
from spikesweep.files import atomic_path
from spikesweep.networks.build_network import build_network
from spikesweep.networks.keras_file import load_model
from spikesweep.tables import write_csv
from spikesweep.training.first_weights import set_first_weights
from spikesweep.training.pruning.magnitude import MagnitudePruning
from spikesweep.training.pruning.schedule import pruning_schedule
from spikesweep.training.pruning.structured import StructuredPruning
from spikesweep.training.pruning.tables import check_target, layer_sparsity, weight_histogram
from spikesweep.training.run import TrainedFiles, begin_training
from spikesweep.training.state import Changes

logger = logging.getLogger(__name__)


class Pruning(Protocol):
    """A way of pruning: the network to train, how it changes meanwhile, what is left."""

    model: tf_keras.Model

    @property
    def changes(self) -> Changes | None: ...

    def finish(self) -> tf_keras.Model: ...


_METHODS: dict[str, Callable[[tf_keras.Model, PolynomialDecay], Pruning]] = {
    "magnitude": MagnitudePruning,
    "structured": StructuredPruning,
}


def prune_network(
    *,
    dataset: str | Path,
    trained: str | Path | None,
    files: TrainedFiles,
    layer_sparsity_path: str | Path,
    weight_histogram_path: str | Path,
    test_correct_path: str | Path,
    network: str,
    seed: int,
    method: str,
    sparsity: float,
    schedule: Mapping[str, Any],
    start: str,
    architecture: str,
    training: Mapping[str, Any],
    options: Mapping[str, Any] | None = None,
    input_scale: Numbers = PIXEL_SCALE,
    input_offset: Numbers = 0.0,
    code: str = "",
) -> None:
    """Train under pruning, measure and save; sparsity 0 is the same training without pruning.

    The seed decides the split, the first weights and the order of the images as it does in
    `train_network`, so that networks of one seed differ only in sparsity.

    trained: network to start from if `start` is `trained`; if it is `scratch`, the seed gives the
        first weights.
    test_correct_path: whether each test image is recognised, (images,) bool, is written here.
    method: `magnitude` or `structured`.
    sparsity: share of the weights to remove, 0 <= sparsity < 1.
    schedule: begin, end, every_steps; see `pruning_schedule`.
    code: changes when the code that prunes does: a killed training of other code does not go on.

    Raises UserError for an unknown method, a sparsity out of range, a network that the method
    cannot prune, or a training that diverges.
    """
    check_pruning(method, sparsity)
    options = dict(options or {})
    run = begin_training(dataset, network, seed, training, code)
    scaling: Scaling = {"input_scale": input_scale, "input_offset": input_offset}
    if start == "trained":
        assert trained is not None
        model = load_model(trained)
    else:
        shape, classes = run.data.x_train.shape[1:], len(run.data.class_names)
        model = build_network(architecture, shape, classes, options)
        images = run.data.x_train[run.train]
        set_first_weights(model, images, run.settings, scaling, seed)
    dense = _kernel_shapes(model)
    pruning = _pruning(model, method, sparsity, run.steps, schedule)
    built = {"architecture": architecture, "options": options}
    pruned = {"method": method, "sparsity": sparsity, "schedule": dict(schedule), "start": start}
    config = {**built, **pruned}
    history, _ = run.fit(pruning.model, files, **scaling, config=config, changes=pruning.changes)
    model = pruning.finish()

    key = {"network": network, "seed": seed, "method": method, "target_sparsity": sparsity}
    layers = layer_sparsity(model, dense, key)
    if method == "magnitude":
        check_target(layers, sparsity)
    logger.info("left after pruning:\n%s", layers.to_string(index=False))
    correct = run.write(files, model, history, **scaling, config=config)
    write_csv(layers, layer_sparsity_path)
    write_csv(weight_histogram(model, key), weight_histogram_path)
    # Networks are compared image by image.
    with atomic_path(test_correct_path) as temporary, temporary.open("wb") as file:
        np.save(file, correct["test"])


def check_pruning(method: str, sparsity: float) -> None:
    """Refuse targets that no pruning can reach.

    Raises UserError for an unknown method, or a sparsity that is not a share below 1.
    """
    if method not in _METHODS:
        raise UserError(f"there is no pruning method {method!r}; allowed: {', '.join(_METHODS)}")
    if not 0 <= sparsity < 1:
        raise UserError(
            f"pruning to a sparsity of {sparsity:g}: the share of the weights to remove must "
            "be at least 0 and less than 1"
        )


def _kernel_shapes(model: tf_keras.Model) -> dict[str, tuple[int, ...]]:
    return {
        layer.name: tuple(layer.kernel.shape) for layer in model.layers if hasattr(layer, "kernel")
    }


class _Unpruned:
    changes = None

    def __init__(self, model: tf_keras.Model) -> None:
        self.model = model

    def finish(self) -> tf_keras.Model:
        return self.model


def _pruning(
    model: tf_keras.Model, method: str, sparsity: float, steps: int, schedule: Mapping[str, Any]
) -> Pruning:
    if sparsity == 0:
        return _Unpruned(model)
    return _METHODS[method](model, pruning_schedule(sparsity, steps, **schedule))
