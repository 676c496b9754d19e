"""A training that is killed goes on, and ends as if nothing had been."""

import logging
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from trained_files import trained_files

from spikesweep.networks.keras_file import load_model
from spikesweep.training import checkpoint as module
from spikesweep.training.checkpoint import Checkpoint
from spikesweep.training.pruning.prune_network import prune_network
from spikesweep.training.train import train_network

TESTS = Path(__file__).parents[2]
PATHS = [str(TESTS.parent / "scripts"), str(TESTS / "support")]
TRAINING = {"epochs": 5, "batch_size": 50, "validation_images": 60, "learning_rate": 0.01}
RANDOM = {"shift": 2, "noise": 0.1, "flip": True}
OPTIONS = {"filters": [4, 4], "strides": [4, 2], "batch_norm": True, "dropout": 0.3}


@pytest.fixture
def every_epoch(monkeypatch):
    monkeypatch.setattr(module, "INTERVAL", 0.0)


@pytest.fixture
def kill_after(monkeypatch, every_epoch):
    """Lets the next training be killed just after it has kept one of its epochs."""
    save = Checkpoint.save

    def prepare(epoch):
        def save_and_die(self, state):
            save(self, state)
            if len(state.history) == epoch:
                raise KeyboardInterrupt

        monkeypatch.setattr(Checkpoint, "save", save_and_die)

    yield prepare
    monkeypatch.setattr(Checkpoint, "save", save)


def train(dataset, folder, **changes):
    training = {**TRAINING, **changes.pop("training", {})}
    arguments = {"options": OPTIONS, "seed": 3, **changes}
    train_network(
        dataset=dataset,
        files=trained_files(folder),
        network="small",
        architecture="cnn",
        training=training,
        **arguments,
    )


def prune(dataset, folder, method, **training):
    prune_network(
        dataset=dataset,
        trained=None,
        files=trained_files(folder),
        layer_sparsity_path=folder / "layer_sparsity.csv",
        weight_histogram_path=folder / "weight_histogram.csv",
        test_correct_path=folder / "test_correct.npy",
        network="pruned",
        seed=0,
        method=method,
        sparsity=0.6,
        schedule={"begin": 0.1, "end": 0.6, "every_steps": 2},
        start="scratch",
        architecture="cnn",
        options=OPTIONS,
        training={**TRAINING, **RANDOM, **training},
    )


def assert_same(folder, other):
    weights, others = (load_model(f / "model.keras").get_weights() for f in (folder, other))
    assert len(weights) == len(others)
    for one, two in zip(weights, others, strict=True):
        np.testing.assert_array_equal(one, two)
    for table in ("history.csv", "accuracy.csv"):
        assert (folder / table).read_bytes() == (other / table).read_bytes()
    left = {path.name for path in folder.iterdir()}
    assert left == {path.name for path in other.iterdir()}, "the checkpoint was not removed"


@pytest.mark.parametrize(
    ("epoch", "training"),
    [
        (1, RANDOM | {"optimizer": "sgd", "decay": "linear", "warm_up": 0.3, "cut_out": 7}),
        (4, RANDOM | {"keep_best": True, "watch_test": True, "weight_decay": 0.1}),
        (
            2,
            RANDOM
            | {
                "alternating_flip": True,
                "whitened_first_layer": True,
                "identity_convolutions": True,
            },
        ),
    ],
)
def test_a_training_goes_on_where_it_was_killed(
    epoch, training, stripes_path, tmp_path, kill_after, monkeypatch, caplog
):
    train(stripes_path, tmp_path / "whole", training=training)
    kill_after(epoch)
    with pytest.raises(KeyboardInterrupt):
        train(stripes_path, tmp_path / "killed", training=training)
    assert [path.name for path in (tmp_path / "killed").iterdir()] == ["checkpoint.npz"]
    monkeypatch.undo()
    with caplog.at_level(logging.INFO):
        train(stripes_path, tmp_path / "killed", training=training)
    assert f"going on after epoch {epoch}" in caplog.text
    assert_same(tmp_path / "killed", tmp_path / "whole")


@pytest.mark.parametrize("whitened", [False, True])
@pytest.mark.parametrize("method", ["magnitude", "structured"])
def test_pruning_goes_on_where_it_was_killed(
    method, whitened, stripes_path, tmp_path, kill_after, monkeypatch
):
    prune(stripes_path, tmp_path / "whole", method, whitened_first_layer=whitened)
    # Half of the weights are removed by then, and half are not.
    kill_after(2)
    with pytest.raises(KeyboardInterrupt):
        prune(stripes_path, tmp_path / "killed", method, whitened_first_layer=whitened)
    monkeypatch.undo()
    prune(stripes_path, tmp_path / "killed", method, whitened_first_layer=whitened)
    assert_same(tmp_path / "killed", tmp_path / "whole")


@pytest.mark.parametrize(
    "change",
    [
        {"training": {"learning_rate": 0.02}},
        {"seed": 4},
        {"options": OPTIONS | {"dropout": 0.4}},
        {"input_scale": 0.01},
        {"code": "other"},
    ],
)
def test_what_another_training_left_is_not_used(
    change, stripes_path, tmp_path, kill_after, monkeypatch, caplog
):
    kill_after(3)
    with pytest.raises(KeyboardInterrupt):
        train(stripes_path, tmp_path / "killed")
    monkeypatch.undo()
    with caplog.at_level(logging.INFO):
        train(stripes_path, tmp_path / "killed", **change)
    assert "is of other settings, data or code: left aside" in caplog.text
    assert "epoch 1/5" in caplog.text
    assert not (tmp_path / "killed" / "checkpoint.npz").exists()


def test_a_damaged_file_is_not_used(stripes_path, tmp_path, kill_after, monkeypatch, caplog):
    kill_after(2)
    with pytest.raises(KeyboardInterrupt):
        train(stripes_path, tmp_path / "killed")
    monkeypatch.undo()
    kept = tmp_path / "killed" / "checkpoint.npz"
    kept.write_bytes(kept.read_bytes()[:-200])
    with caplog.at_level(logging.INFO):
        train(stripes_path, tmp_path / "killed")
    assert "checkpoint.npz cannot be read" in caplog.text
    assert "epoch 1/5" in caplog.text


def test_a_short_training_writes_nothing_on_the_way(stripes_path, tmp_path, monkeypatch):
    def refuse(*_):
        raise AssertionError("a short training was written down, or its images were read again")

    monkeypatch.setattr(module, "_write", refuse)
    monkeypatch.setattr("spikesweep.training.run.fingerprint", refuse)
    train(stripes_path, tmp_path)
    assert len(pd.read_csv(tmp_path / "history.csv")) == TRAINING["epochs"]


def test_sigkills_at_random_moments_change_nothing(stripes_path, tmp_path):
    kill_at_random(stripes_path, tmp_path, kills=2)


def kill_at_random(dataset, folder, kills):
    """Each process is killed somewhere in the epoch after the one that it has kept."""
    code = (
        f"import sys; sys.path[:0] = {PATHS!r}\n"
        "from pathlib import Path\n"
        "from spikesweep.runtime import limit_threads\n"
        "limit_threads(1)\n"
        "from trained_files import trained_files\n"
        "from spikesweep.training import checkpoint\n"
        "from spikesweep.training.train import train_network\n"
        "checkpoint.INTERVAL = 0\n"
        f"train_network(dataset={str(dataset)!r}, files=trained_files(Path(sys.argv[1])),\n"
        f"  network='small', seed=1, architecture='cnn', options={OPTIONS!r},\n"
        f"  training={ {**TRAINING, **RANDOM, 'epochs': 60}!r})\n"
    )

    def process(name):
        command = [sys.executable, "-c", code, str(folder / name)]
        return subprocess.Popen(command, stderr=subprocess.PIPE)

    whole, rng = process("whole"), random.Random(0)
    kept = folder / "killed" / "checkpoint.npz"
    for _ in range(kills):
        before = kept.stat().st_mtime_ns if kept.exists() else 0
        job = process("killed")
        while not kept.exists() or kept.stat().st_mtime_ns == before:
            assert job.poll() is None, job.stderr.read().decode()[-2000:]
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.1))
        job.kill()
        assert job.wait() == -9, "it had ended before it was killed"
    last = process("killed")
    for job in (whole, last):
        assert job.wait() == 0, job.stderr.read().decode()[-2000:]
    assert_same(folder / "killed", folder / "whole")
