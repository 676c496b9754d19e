"""What training a network and pruning one have in common: its images, the fit, what is written."""

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tf_keras

from spikesweep.data.dataset import Dataset, load_dataset
from spikesweep.data.scaling import Numbers, Scaling
from spikesweep.data.splits import open_and_vault, subset
from spikesweep.files import atomic_path
from spikesweep.metadata import package_versions, write_metadata
from spikesweep.runtime import make_deterministic, use_threads
from spikesweep.tables import labelled, write_csv
from spikesweep.training.accuracy import accuracy_table, correct_answers, outputs_of
from spikesweep.training.checkpoint import Checkpoint, fingerprint
from spikesweep.training.fit import fit
from spikesweep.training.images import choose_images
from spikesweep.training.precision import precision_here, say_precision
from spikesweep.training.settings import TrainingSettings
from spikesweep.training.state import Changes

logger = logging.getLogger(__name__)

# Test images whose accuracy the history shows, where `watch_test` asks for it: enough for a curve,
# and few enough not to slow small trainings.
WATCHED_TEST_IMAGES = 2000


@dataclass(frozen=True)
class TrainedFiles:
    """Where a trained network is written: the Keras model, two tables, and what made them."""

    model: str | Path
    history: str | Path
    accuracy: str | Path
    metadata: str | Path

    @property
    def checkpoint(self) -> Path:
        """Where the training is kept while it goes on."""
        return Path(self.model).with_name("checkpoint.npz")


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """The training of one network from one seed.

    train, validation: indices into the training part of `data`.
    code: changes when the code that trains does.
    """

    network: str
    seed: int
    settings: TrainingSettings
    data: Dataset
    train: np.ndarray
    validation: np.ndarray
    code: str

    @property
    def steps(self) -> int:
        """Number of batches in the whole training."""
        return self.settings.epochs * (len(self.train) // self.settings.batch_size)

    def fit(
        self,
        model: tf_keras.Model,
        files: TrainedFiles,
        *,
        input_scale: Numbers,
        input_offset: Numbers,
        config: Mapping[str, Any],
        changes: Changes | None = None,
    ) -> tuple[pd.DataFrame, float]:
        """Train `model` in place; if such a training was killed, from its last epoch.

        config: what decided the model, besides the settings of the training.

        Returns its history, see `fit.fit`, and the processor time that it took in s, which other
        work on the machine does not affect.
        """
        scaling: Scaling = {"input_scale": input_scale, "input_offset": input_offset}
        first_weights = model.get_weights()
        checkpoint = Checkpoint(
            files.checkpoint,
            made_of=lambda: self._made_of(first_weights, {**config, **scaling}),
        )
        started = time.process_time()
        history = fit(
            model,
            self.data.x_train,
            self.data.y_train,
            train=self.train,
            validation=self.validation,
            settings=self.settings,
            seed=self.seed,
            **scaling,
            test=_watched(self.data),
            changes=changes,
            checkpoint=checkpoint,
            name=f"{self.network} seed {self.seed}",
        )
        return history, checkpoint.earlier_s + time.process_time() - started

    def _made_of(self, first_weights: list[np.ndarray], config: Mapping[str, Any]) -> str:
        """What decides the trained weights, in one word."""
        values = {
            "seed": self.seed,
            "settings": asdict(self.settings),
            "config": dict(config),
            "precision": precision_here(self.settings.precision),
            "code": self.code,
            "versions": package_versions(),
        }
        data = self.data
        return fingerprint(
            values, [*first_weights, data.x_train, data.y_train, self.train, self.validation]
        )

    def write(
        self,
        files: TrainedFiles,
        model: tf_keras.Model,
        history: pd.DataFrame,
        *,
        input_scale: Numbers,
        input_offset: Numbers,
        config: Mapping[str, Any],
        **facts: Any,
    ) -> dict[str, np.ndarray]:
        """Measure the trained model; write it with its history, its accuracy and its metadata.

        What was kept for the case that the training is killed is removed.

        Returns whether it recognises each image, by split, as `correct_answers` does.

        config: what decided the model, besides the settings of the training.
        facts: what else the metadata should state.
        """
        scaling: Scaling = {"input_scale": input_scale, "input_offset": input_offset}
        outputs = outputs_of(model, **scaling)
        correct = correct_answers(outputs, self.data, self.train, self.validation)
        accuracy = accuracy_table(correct)
        logger.info("test accuracy %.4f", accuracy["accuracy"].iloc[-1])
        with atomic_path(files.model) as temporary:
            model.save(temporary, save_format="keras")
        write_csv(labelled(history, self.network, self.seed), files.history)
        write_csv(labelled(accuracy, self.network, self.seed), files.accuracy)
        write_metadata(
            files.metadata,
            config={**config, "training": asdict(self.settings)},
            network=self.network,
            seed=self.seed,
            weights=model.count_params(),
            images_trained_on=len(self.train),
            trained_in=precision_here(self.settings.precision),
            **facts,
            **scaling,
        )
        files.checkpoint.unlink(missing_ok=True)
        return correct


def begin_training(
    dataset: str | Path, network: str, seed: int, settings: Mapping[str, Any], code: str
) -> TrainingRun:
    """Choose the images of a training, and make all that follows depend only on its seed.

    To be called before anything else that uses TensorFlow, because the number of threads affects
    the weights.

    settings: fields of `TrainingSettings`.
    code: changes when the code that trains does.

    Raises UserError if more images are asked for than there are.
    """
    chosen = TrainingSettings(**settings)
    use_threads(chosen.threads)
    say_precision(chosen.precision)
    data = load_dataset(dataset)
    train, validation = choose_images(data.y_train, chosen, seed)
    make_deterministic(seed)
    return TrainingRun(network, seed, chosen, data, train, validation, code)


def _watched(data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Test images and labels for the history, in proportion to the classes; none of the vault."""
    shown, _ = open_and_vault(data.y_test)
    chosen = shown[subset(data.y_test[shown], min(WATCHED_TEST_IMAGES, len(shown)), seed=0)]
    return data.x_test[chosen], data.y_test[chosen]
