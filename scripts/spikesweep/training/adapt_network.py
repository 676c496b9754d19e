"""Adapt a user's network: replace the layers that do not convert, then fine-tune it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.data.dataset import Dataset
from spikesweep.data.scaling import Numbers, Scaling, check_channels
from spikesweep.data.splits import open_and_vault
from spikesweep.errors import UserError
from spikesweep.files import atomic_path
from spikesweep.metadata import write_metadata
from spikesweep.networks.adaptation import Replacement
from spikesweep.networks.keras_file import check_fit, read_keras_file
from spikesweep.networks.rebuild import Rebuilt, load, rebuilt_from
from spikesweep.networks.swap import swapped
from spikesweep.statistics.intervals import CONFIDENCE_OF_ACCURACIES
from spikesweep.statistics.paired_loss import Loss, paired_loss
from spikesweep.tables import labelled, write_csv
from spikesweep.training.accuracy import Outputs, accuracy_row, outputs_of
from spikesweep.training.doubts import doubts
from spikesweep.training.fine_tuning import AdaptationSettings, fine_tune, measure_statistics
from spikesweep.training.run import TrainedFiles, begin_training
from spikesweep.training.same_outputs import (
    check_classes,
    checked_difference,
    outputs_as_saved,
    usual_scale,
    without_rescaling,
)

logger = logging.getLogger(__name__)

# Enough to tell a layer that was rebuilt wrongly.
_COMPARED_IMAGES = 200


@dataclass(frozen=True)
class AdaptedFiles(TrainedFiles):
    """Where an adapted network is written: as a trained one, and what was replaced in it."""

    replaced: str | Path


def adapt_network(
    *,
    file: str | Path,
    dataset: str | Path,
    files: AdaptedFiles,
    network: str,
    seed: int,
    adapt: Mapping[str, Any],
    code: str,
    input_scale: Numbers | None = None,
    input_offset: Numbers = 0.0,
    test_accuracy: float | None = None,
) -> None:
    """Replace what does not convert in a user's Keras file, fine-tune it, measure and save it.

    All other layers are rewritten exactly, which is proved as for a network that is imported.
    accuracy.csv gets the rows `test_as_saved`, `test_after_replacement` and `test`, the last of
    the fine-tuned network. The images that decide whether too much was lost are the dataset's
    validation part, or else the test images that are not kept for the last check.

    adapt: fields of `AdaptationSettings`. seed: decides the order of the images.
    input_scale, input_offset, test_accuracy: as of `import_network`.
    code: changes when the code that trains does.

    Raises UserError as `import_network`, if training diverges, or if more is lost than the margin.
    """
    settings = AdaptationSettings(**adapt)
    run = begin_training(dataset, network, seed, settings.training(), code)
    described = read_keras_file(file, adapt=True)
    check_fit(file, described, run.data.x_test.shape[1:], len(run.data.class_names))
    check_channels(run.data.x_test.shape[-1], input_scale=input_scale, input_offset=input_offset)
    original = load(file, described)
    changed, replaced = swapped(original)
    for one in replaced:
        logger.info("%s: layer %r, %s, becomes %s", file, one.layer, one.was, one.becomes)
    rebuilt = rebuilt_from(file, changed, run.data.x_test.shape[1:])
    config_scale = input_scale
    if input_scale is None:
        input_scale = usual_scale(file, rebuilt)
    as_saved = outputs_as_saved(original, rebuilt.input_shape, input_scale, input_offset)
    scale, offset = without_rescaling(rebuilt, input_scale, input_offset)
    scaling: Scaling = {"input_scale": scale, "input_offset": offset}
    swapped_outputs = outputs_as_saved(changed, rebuilt.input_shape, input_scale, input_offset)
    difference = _check(file, run.data, swapped_outputs, rebuilt, scaling)

    outputs = outputs_of(rebuilt.model, **scaling)
    before = _Answers.of(run.data, lambda images: rebuilt.classes_as_saved(as_saved(images)))
    measure_statistics(rebuilt.model, run, **scaling)
    after = _Answers.of(run.data, lambda images: outputs(images).argmax(axis=1))
    logger.info("accuracy on %s: %.4f as saved, %.4f after replacement; fine-tuning for %d epochs "
                "on %d images", before.told, before.accuracy, after.accuracy, settings.epochs,
                len(run.train))  # fmt: skip
    history = fine_tune(rebuilt.model, run, files, **scaling)
    tuned = _Answers.of(run.data, lambda images: outputs(images).argmax(axis=1))
    loss = paired_loss(before.judged, tuned.judged, CONFIDENCE_OF_ACCURACIES)
    logger.info("accuracy on %s: %.4f after fine-tuning; lost %.4f (%.4f to %.4f)",
                tuned.told, tuned.accuracy, loss.loss, loss.low, loss.high)  # fmt: skip
    _check_margin(file, before, tuned, loss, settings)

    rows = _rows(before, after, tuned)
    doubted = doubts(
        rows[1], len(run.data.class_names), test_accuracy, config_scale, rebuilt.pixel_scale
    )
    for doubt in doubted:
        logger.warning("%s is %s", file, doubt)
    with atomic_path(files.model) as temporary:
        rebuilt.model.save(temporary, save_format="keras")
    write_csv(labelled(history, network, seed), files.history)
    write_csv(labelled(pd.DataFrame(rows), network, seed), files.accuracy)
    write_csv(labelled(_table(replaced), network, seed), files.replaced)
    write_metadata(
        files.metadata,
        config={"file": str(file), "adapt": dict(adapt)},
        network=network,
        seed=seed,
        weights=rebuilt.model.count_params(),
        saved_by_keras=described.version,
        largest_output_difference=difference,
        images_trained_on=len(run.train),
        epochs=settings.epochs,
        margin=settings.margin,
        judged_on=before.told,
        accuracy_as_saved=before.accuracy,
        accuracy_after_replacement=after.accuracy,
        accuracy_fine_tuned=tuned.accuracy,
        lost=loss.loss,
        lost_low=loss.low,
        lost_high=loss.high,
        doubts=doubted,
        **scaling,
    )
    files.checkpoint.unlink(missing_ok=True)


@dataclass(frozen=True, eq=False)
class _Answers:
    """Whether a network is right on each test image, and on those that decide.

    test, judged: (images,) bool.
    told: which images decide, in words.
    """

    test: np.ndarray
    judged: np.ndarray
    told: str
    own_part: bool

    @classmethod
    def of(cls, data: Dataset, classes: Outputs) -> "_Answers":
        test = classes(data.x_test) == data.y_test
        if data.x_validation is not None:
            right = classes(data.x_validation) == data.y_validation
            return cls(test, right, f"{len(right)} validation images", True)
        shown, _ = open_and_vault(data.y_test)
        return cls(test, test[shown], f"{len(shown)} test images", False)

    @property
    def accuracy(self) -> float:
        return float(self.judged.mean())


def _check(
    file: str | Path, data: Dataset, changed: Outputs, rebuilt: Rebuilt, scaling: Scaling
) -> float:
    """Largest difference between the network with its layers replaced, and the same rebuilt."""
    images = data.x_test[:_COMPARED_IMAGES]
    scores = outputs_of(rebuilt.model, **scaling)(images)
    check_classes(file, scores, len(data.class_names))
    return checked_difference(file, changed(images), scores, rebuilt)


def _check_margin(
    file: str | Path, before: _Answers, tuned: _Answers, loss: Loss, settings: AdaptationSettings
) -> None:
    if loss.loss > settings.margin:
        raise UserError(
            f"{file} loses {100 * loss.loss:.1f} points of accuracy by adaptation "
            f"({before.accuracy:.1%} as saved, {tuned.accuracy:.1%} after {settings.epochs} "
            f"epochs, on {before.told}), more than the margin of {100 * settings.margin:g}: give "
            "more epochs or another learning_rate below adapt, or accept more with margin"
        )


def _rows(before: _Answers, after: _Answers, tuned: _Answers) -> list[dict[str, object]]:
    rows = [
        accuracy_row("test", tuned.test),
        accuracy_row("test_as_saved", before.test),
        accuracy_row("test_after_replacement", after.test),
    ]
    return [*rows, accuracy_row("validation", tuned.judged)] if tuned.own_part else rows


def _table(replaced: Sequence[Replacement]) -> pd.DataFrame:
    return pd.DataFrame([vars(one) for one in replaced])
