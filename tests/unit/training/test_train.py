import json
import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spikesweep.data.dataset import save_dataset
from spikesweep.data.splits import train_validation_split
from spikesweep.errors import UserError
from spikesweep.networks.keras_file import load_model
from spikesweep.training.train import train_network

SCRIPTS = str(Path(__file__).parents[3] / "scripts")
TRAINING = {"epochs": 2, "batch_size": 32, "validation_images": 60, "learning_rate": 0.003}
SMALL = {"filters": [4, 4], "strides": [4, 2], "batch_norm": True}


def train(dataset, folder, seed=0, **changes):
    training = {**TRAINING, **changes.pop("training", {})}
    arguments = {"architecture": "cnn", "options": SMALL, "training": training, **changes}
    train_network(
        dataset=dataset,
        model_path=folder / "model.keras",
        history_path=folder / "history.csv",
        accuracy_path=folder / "accuracy.csv",
        metadata_path=folder / "metadata.json",
        network="small",
        seed=seed,
        **arguments,
    )
    return load_model(folder / "model.keras").get_weights()


def same(weights, others):
    return all(np.array_equal(a, b) for a, b in zip(weights, others, strict=True))


def test_a_seed_decides_every_weight_and_every_byte_of_the_tables(stripes_path, tmp_path):
    everything = {"shift": 2, "flip": True, "weight_decay": 0.01}
    first = train(stripes_path, tmp_path / "a", seed=5, training=everything)
    again = train(stripes_path, tmp_path / "b", seed=5, training=everything)
    other = train(stripes_path, tmp_path / "c", seed=6, training=everything)
    assert same(first, again)
    assert not same(first, other)
    for table in ("history.csv", "accuracy.csv"):
        assert (tmp_path / "a" / table).read_bytes() == (tmp_path / "b" / table).read_bytes()


def test_threads_change_nothing(stripes_path, tmp_path):
    # With more threads TensorFlow would sum the gradients of convolutions in another order.
    code = (
        f"import sys; from pathlib import Path; sys.path.insert(0, {SCRIPTS!r})\n"
        "from spikesweep.runtime import limit_threads\n"
        "limit_threads(int(sys.argv[1]))\n"
        "from spikesweep.training.train import train_network\n"
        "names = dict(model_path='model.keras', history_path='history.csv',\n"
        "             accuracy_path='accuracy.csv', metadata_path='metadata.json')\n"
        f"train_network(dataset={str(stripes_path)!r}, network='cnn', seed=0, architecture='cnn',\n"
        "              training=dict(epochs=1, batch_size=100, validation_images=60),\n"
        "              **{key: Path(sys.argv[2]) / name for key, name in names.items()})\n"
    )
    jobs = []
    for threads in ("1", "4"):
        command = [sys.executable, "-c", code, threads, str(tmp_path / threads)]
        jobs.append(subprocess.Popen(command, stderr=subprocess.PIPE))
    for job in jobs:
        assert job.wait() == 0, job.stderr.read().decode()[-2000:]
    one, four = (load_model(tmp_path / n / "model.keras").get_weights() for n in ("1", "4"))
    assert same(one, four)


def test_only_training_images_are_trained_on(stripes, stripes_path, tmp_path):
    _, validation = train_validation_split(stripes.y_train, TRAINING["validation_images"], 0)
    x_train = stripes.x_train.copy()
    x_train[validation] = 255 - x_train[validation]
    changed = replace(stripes, x_train=x_train, x_test=255 - stripes.x_test)
    save_dataset(changed, tmp_path / "changed.npz")
    assert same(
        train(stripes_path, tmp_path / "a"), train(tmp_path / "changed.npz", tmp_path / "b")
    )
    accuracies = [pd.read_csv(tmp_path / n / "accuracy.csv").set_index("split") for n in "ab"]
    assert accuracies[0].loc["train", "accuracy"] == accuracies[1].loc["train", "accuracy"]


def test_it_learns_and_writes_down_what_it_did(stripes_path, tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        train(stripes_path, tmp_path, training={"epochs": 6, "learning_rate": 0.01})
    history = pd.read_csv(tmp_path / "history.csv")
    assert list(history) == [
        "network", "seed", "epoch", "loss", "accuracy", "val_loss", "val_accuracy",
    ]  # fmt: skip
    assert list(history["epoch"]) == [1, 2, 3, 4, 5, 6]
    assert history["loss"].iloc[-1] < history["loss"].iloc[0] / 2
    accuracy = pd.read_csv(tmp_path / "accuracy.csv").set_index("split")
    assert dict(accuracy["images"]) == {"train": 300, "validation": 60, "test": 90}
    assert accuracy.loc["test", "accuracy"] > 0.9
    assert (accuracy["accuracy_low"] <= accuracy["accuracy"]).all()
    assert history["val_accuracy"].iloc[-1] == accuracy.loc["validation", "accuracy"]
    metadata = json.loads((tmp_path / "metadata.json").read_text())
    assert metadata["config"]["training"]["epochs"] == 6
    assert metadata["config"]["training"]["optimizer"] == "adam"
    assert (metadata["input_scale"], metadata["input_offset"]) == (1 / 255, 0)
    assert "epoch 3/6: loss" in caplog.text
    assert "s to go" in caplog.text


def test_a_loss_that_is_no_number_ends_with_a_remedy(stripes_path, tmp_path):
    with pytest.raises(UserError, match=r"diverged in epoch 1 .*training.learning_rate"):
        train(stripes_path, tmp_path, input_scale=1e37)
    assert not list(tmp_path.iterdir())


def test_a_batch_larger_than_the_data_is_refused(stripes_path, tmp_path):
    with pytest.raises(UserError, match="only 300 images are left to train on"):
        train(stripes_path, tmp_path, training={"batch_size": 301})


def test_weight_decay_spares_biases(stripes_path, tmp_path):
    # So strong a decay alone moves the kernels far towards zero; biases only follow gradients.
    settings = {"epochs": 3, "optimizer": "sgd", "learning_rate": 0.01}
    free = train(stripes_path, tmp_path / "a", training=settings)
    held = train(stripes_path, tmp_path / "b", training={**settings, "weight_decay": 20.0})
    assert np.abs(held[0]).mean() < np.abs(free[0]).mean() / 2
    gamma = 1
    assert held[gamma].mean() > 0.9
