import json
import logging
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from trained_files import trained_files

from spikesweep.conversion.build_keras import build_keras
from spikesweep.conversion.convert import convert
from spikesweep.data.dataset import save_dataset
from spikesweep.data.inputs import scale_images
from spikesweep.data.splits import open_and_vault, train_validation_split
from spikesweep.errors import UserError
from spikesweep.networks.keras_file import load_model
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.setting import Setting
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.training.accuracy import outputs_of
from spikesweep.training.images import choose_images
from spikesweep.training.network_input import network_input
from spikesweep.training.settings import TrainingSettings
from spikesweep.training.train import train_network

SCRIPTS = str(Path(__file__).parents[3] / "scripts")
TRAINING = {"epochs": 2, "batch_size": 32, "validation_images": 60, "learning_rate": 0.003}
SMALL = {"filters": [4, 4], "strides": [4, 2], "batch_norm": True}


def train(dataset, folder, seed=0, **changes):
    training = {**TRAINING, **changes.pop("training", {})}
    arguments = {"architecture": "cnn", "options": SMALL, "training": training, **changes}
    train_network(
        dataset=dataset,
        files=trained_files(folder),
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


def test_what_a_process_trained_before_changes_nothing(stripes_path, tmp_path):
    changes = {"options": {**SMALL, "dropout": 0.3}, "training": {"shift": 1}}
    alone = train(stripes_path, tmp_path / "a", seed=5, **changes)
    train(stripes_path, tmp_path / "b", seed=4, architecture="dense", options={})
    after = train(stripes_path, tmp_path / "c", seed=5, **changes)
    assert same(alone, after)
    names = [
        [layer.name for layer in load_model(tmp_path / n / "model.keras").layers] for n in "ac"
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize("threads", [1, 2])
def test_cores_change_nothing(threads, stripes_path, tmp_path):
    # With other threads TensorFlow would sum the gradients of convolutions in another order.
    code = (
        f"import sys; from pathlib import Path; sys.path.insert(0, {SCRIPTS!r})\n"
        "from spikesweep.runtime import limit_threads\n"
        "limit_threads(int(sys.argv[1]))\n"
        "from spikesweep.training.run import TrainedFiles\n"
        "from spikesweep.training.train import train_network\n"
        "names = 'model.keras', 'history.csv', 'accuracy.csv', 'metadata.json'\n"
        f"train_network(dataset={str(stripes_path)!r}, network='cnn', seed=0, architecture='cnn',\n"
        "              training=dict(epochs=1, batch_size=100, validation_images=60,\n"
        f"                            threads={threads}),\n"
        "              files=TrainedFiles(*(Path(sys.argv[2]) / name for name in names)))\n"
        "import tensorflow as tf\n"
        f"assert tf.config.threading.get_intra_op_parallelism_threads() == {threads}\n"
    )
    jobs = []
    for cores in ("1", "4"):
        command = [sys.executable, "-c", code, cores, str(tmp_path / cores)]
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
    assert "s left" in caplog.text


def test_a_loss_that_is_no_number_ends_with_a_remedy(stripes_path, tmp_path):
    with pytest.raises(UserError, match=r"diverged in epoch 1 .*training.learning_rate"):
        train(stripes_path, tmp_path, input_scale=1e37)
    assert not list(tmp_path.iterdir())


def test_a_batch_larger_than_the_data_is_refused(stripes_path, tmp_path):
    with pytest.raises(UserError, match="only 300 images are left for training"):
        train(stripes_path, tmp_path, training={"batch_size": 301})


def test_weight_decay_spares_biases(stripes_path, tmp_path):
    # So strong a decay alone moves the kernels far towards zero; biases only follow gradients.
    settings = {"epochs": 3, "optimizer": "sgd", "learning_rate": 0.01}
    free = train(stripes_path, tmp_path / "a", training=settings)
    held = train(stripes_path, tmp_path / "b", training={**settings, "weight_decay": 20.0})
    assert np.abs(held[0]).mean() < np.abs(free[0]).mean() / 2
    gamma = 1
    assert held[gamma].mean() > 0.9


def test_fewer_images_are_some_of_more_and_leave_validation_alone(stripes):
    settings = TrainingSettings(epochs=1, validation_images=60)
    every, validation = choose_images(stripes.y_train, settings, 3)
    more, less = (
        choose_images(stripes.y_train, replace(settings, training_images=count), 3)
        for count in (90, 30)
    )
    assert set(less[0]) < set(more[0]) < set(every)
    assert list(np.bincount(stripes.y_train[less[0]])) == [10, 10, 10]
    for _, kept_apart in (more, less):
        np.testing.assert_array_equal(kept_apart, validation)
    with pytest.raises(UserError, match="training_images is 301, but only 300 images are left"):
        choose_images(stripes.y_train, replace(settings, training_images=301), 3)


def test_watching_the_test_writes_it_down_and_changes_nothing(stripes, stripes_path, tmp_path):
    few = {"training_images": 64, "noise": 0.2}
    options = {**SMALL, "dropout": 0.5}
    plain = train(stripes_path, tmp_path / "a", training=few, options=options)
    watched = train(
        stripes_path, tmp_path / "b", training={**few, "watch_test": True}, options=options
    )
    assert same(plain, watched)
    history = pd.read_csv(tmp_path / "b" / "history.csv")
    assert list(history)[-2:] == ["train_accuracy", "test_accuracy"]
    # As accuracy.csv has it: without dropout, on the images as they are.
    accuracy = pd.read_csv(tmp_path / "b" / "accuracy.csv").set_index("split")
    assert history["train_accuracy"].iloc[-1] == accuracy.loc["train", "accuracy"]
    assert accuracy.loc["train", "images"] == 64
    # The test images without those that only the check of a recommendation sees.
    shown, _ = open_and_vault(stripes.y_test)
    model = load_model(tmp_path / "b" / "model.keras")
    scores = outputs_of(model, 1 / 255, 0)(stripes.x_test[shown])
    correct = scores.argmax(axis=1) == stripes.y_test[shown]
    assert history["test_accuracy"].iloc[-1] == pytest.approx(correct.mean())


def test_the_vault_does_not_show_in_the_history(stripes, stripes_path, tmp_path):
    _, vault = open_and_vault(stripes.y_test)
    x_test = stripes.x_test.copy()
    x_test[vault] = 255 - x_test[vault]
    save_dataset(replace(stripes, x_test=x_test), tmp_path / "changed.npz")
    watching = {"watch_test": True}
    train(stripes_path, tmp_path / "a", training=watching)
    train(tmp_path / "changed.npz", tmp_path / "b", training=watching)
    histories = [(tmp_path / name / "history.csv").read_bytes() for name in "ab"]
    assert histories[0] == histories[1]
    accuracies = [pd.read_csv(tmp_path / n / "accuracy.csv").set_index("split") for n in "ab"]
    assert accuracies[0].loc["test", "accuracy"] != accuracies[1].loc["test", "accuracy"]


def test_the_best_epoch_is_kept_only_if_the_settings_ask_for_it(stripes, tmp_path):
    # What cannot be learned is validated by chance, best at some epoch that is not the last.
    shuffled = np.random.default_rng(0).permutation(stripes.y_train)
    save_dataset(replace(stripes, y_train=shuffled), tmp_path / "shuffled.npz")
    validated = {}
    for keep in (False, True):
        settings = {"epochs": 6, "keep_best": keep}
        train(tmp_path / "shuffled.npz", tmp_path / str(keep), training=settings)
        history = pd.read_csv(tmp_path / str(keep) / "history.csv")["val_accuracy"]
        assert history.iloc[-1] < history.max()
        accuracy = pd.read_csv(tmp_path / str(keep) / "accuracy.csv").set_index("split")
        validated[keep] = accuracy.loc["validation", "accuracy"]
    assert validated == pytest.approx({False: history.iloc[-1], True: history.max()})


def test_l2_shrinks_kernels(stripes_path, tmp_path):
    free = train(stripes_path, tmp_path / "a")
    held = train(stripes_path, tmp_path / "b", training={"l2": 0.1})
    assert sum(np.square(held[k]).sum() for k in (0, 5)) < sum(
        np.square(free[k]).sum() for k in (0, 5)
    )
    # The history tells the cross-entropy, which the penalty has no part in.
    losses = pd.read_csv(tmp_path / "b" / "history.csv")["loss"]
    assert losses.iloc[0] < 2


@pytest.mark.parametrize("kind", ["raw", "standardised", "whitened"])
def test_whoever_reads_the_metadata_sees_what_the_network_saw(
    kind, stripes, stripes_path, tmp_path
):
    training = {"training_images": 200, "epochs": 6, "learning_rate": 0.01}
    train(stripes_path, tmp_path, input_kind=kind, training=training)
    model = load_model(tmp_path / "model.keras")
    metadata = json.loads((tmp_path / "metadata.json").read_text())
    assert metadata["config"]["input"] == kind
    assert metadata["images_trained_on"] == 200
    assert metadata["training_s"] > 0
    scaled = scale_images(stripes.x_test, metadata["input_scale"], metadata["input_offset"])
    accuracy = pd.read_csv(tmp_path / "accuracy.csv").set_index("split")["accuracy"]
    classes = model.predict(scaled, verbose=0).argmax(axis=1)
    assert (classes == stripes.y_test).mean() == pytest.approx(accuracy["test"])
    assert accuracy["test"] > 0.6


def test_training_leaves_the_whitening_as_it_was_computed(stripes, stripes_path, tmp_path):
    train(stripes_path, tmp_path, seed=4, input_kind="whitened")
    settings = TrainingSettings(**TRAINING)
    chosen, _ = choose_images(stripes.y_train, settings, 4)
    expected = network_input("whitened", stripes.x_train[chosen], 4, 1.0, 0.0).whitening
    layer = load_model(tmp_path / "model.keras").get_layer("whitening")
    np.testing.assert_array_equal(layer.kernel.numpy(), expected.kernel)
    np.testing.assert_array_equal(layer.bias.numpy(), expected.bias)


@pytest.mark.equivalence
@pytest.mark.parametrize(
    ("kind", "options", "training"),
    [
        ("whitened", SMALL, {}),
        ("standardised", {**SMALL, "batch_norm": False, "dropout": 0.4}, {"noise": 0.1}),
    ],
)
def test_every_technique_survives_conversion(
    kind, options, training, stripes, stripes_path, tmp_path
):
    train(stripes_path, tmp_path, input_kind=kind, options=options, training=training)
    model = load_model(tmp_path / "model.keras")
    metadata = json.loads((tmp_path / "metadata.json").read_text())
    scaling = {key: metadata[key] for key in ("input_scale", "input_offset")}
    network = convert(model, neuron=SpikingReLU(), seed=0, **scaling)
    images = network.prepare(stripes.x_test[:8])
    rates = build_keras(network.layers)(images).numpy()
    np.testing.assert_allclose(rates, model(images).numpy(), rtol=1e-4, atol=1e-4)
    settings = [Setting(0.005, 50)]
    ours, reference = (
        simulate(network, stripes.x_test[:8], settings, 20, engine=engine_named(name))[0]
        for name in ("fused", "nengo_dl")
    )
    np.testing.assert_array_equal(ours.predictions[:, -1], reference.predictions[:, -1])
    for name, activity in ours.layers.items():
        # Rounding moves a spike by a step now and then, over the end perhaps.
        assert activity.spikes.sum() == pytest.approx(reference.layers[name].spikes.sum(), rel=1e-3)
