"""Network files as people have them: taken in exactly, or refused with a remedy that works."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras
from toy import NPZ, fit, write_npz

pytestmark = [pytest.mark.cases, pytest.mark.timeout(900)]

LIBRARIES = pytest.mark.parametrize("k", [keras, tf_keras], ids=["keras3", "keras2"])


def test_inputs_without_a_channel_axis(case):
    """forum.nengo.ai/t/a-simple-ann-snn-conversion-attemp/1780: the beginner's MNIST network."""
    la = keras.layers
    train, _ = write_npz(case.brought / "d.npz", shape=(28, 28, 1), classes=10)
    tail = [[la.Dense(64, "relu"), la.Dense(10)] for _ in range(2)]
    plane = keras.Sequential([keras.Input((28, 28)), la.Flatten(), *tail[0]])
    flat = keras.Sequential([keras.Input((784,)), *tail[1]])
    fit(plane, (train[0][..., 0], train[1])).save(case.brought / "plane.keras")
    fit(flat, (train[0].reshape(-1, 784), train[1])).save(case.brought / "flat.keras")
    for name in ("plane", "flat"):
        case.study(name, f"{name}.keras", NPZ)
        accuracy, _ = case.import_network(name)
        assert accuracy["test"] == accuracy["test_as_saved"] > 0.9


@LIBRARIES
def test_activations_and_sums_as_operations(case, k):
    """github.com/Dengyu-Wu/spkeras/issues/4: a relu called as a function."""
    write_npz(case.brought / "d.npz")

    def net(kind):
        la, image = k.layers, k.Input((12, 12, 1))
        x = image / 255.0 if kind == "scale" else image
        x = la.Conv2D(8, 3, padding="same")(x)
        x = k.activations.relu(x) if kind == "relu" else la.ReLU()(x)
        y = la.Conv2D(8, 3, padding="same", activation="relu")(x)
        x = x + y if kind == "sum" else la.Add()([x, y])
        return k.Model(image, la.Dense(4)(la.GlobalAveragePooling2D()(x)))

    for kind in ("relu", "sum", "scale"):
        net(kind).save(case.brought / f"{kind}.keras")
        case.study(kind, f"{kind}.keras", NPZ)
        accuracy, metadata = case.import_network(kind)
        assert accuracy["test"] == accuracy["test_as_saved"]
        assert metadata["largest_output_difference"] < 1e-5


def test_files_that_are_no_finished_network(case):
    """github.com/keras-team/keras/issues/16873: wrapped for pruning, quantised, weights alone."""
    import tensorflow_model_optimization as tfmot

    la = tf_keras.layers
    train, _ = write_npz(case.brought / "d.npz")

    def plain():
        hidden = [la.Conv2D(8, 3, activation="relu"), la.Flatten(), la.Dense(32, activation="relu")]
        return tf_keras.Sequential([la.Input((12, 12, 1)), *hidden, la.Dense(4)])

    sparse = tfmot.sparsity.keras
    pruned = sparse.prune_low_magnitude(plain(), sparse.ConstantSparsity(0.8, 0, frequency=5))
    loss = tf_keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    pruned.compile("adam", loss)
    callbacks = [sparse.UpdatePruningStep()]
    pruned.fit(train[0] / 255, train[1], epochs=3, verbose=0, callbacks=callbacks)
    pruned.save(case.brought / "wrapped.h5")
    stripped = sparse.strip_pruning(pruned)
    stripped.save(case.brought / "stripped.keras")
    tfmot.quantization.keras.quantize_model(plain()).save(case.brought / "quantised.h5")
    fit(plain(), train).save_weights(case.brought / "alone.weights.h5")
    tf.saved_model.save(plain(), str(case.brought / "folder"))
    plain().save(case.brought / "tmp.h5")
    (case.brought / "tmp.h5").rename(case.brought / "misnamed.keras")
    remedies = {
        "wrapped.h5": "strip_pruning(model)",
        "quantised.h5": "save the float network",
        "alone.weights.h5": "save the whole network",
        "folder": "is a SavedModel folder",
    }
    for file, remedy in remedies.items():
        name = file.split(".")[0]
        case.study(name, file, NPZ)
        assert remedy in case.refusal(name)
    case.study("misnamed", "misnamed.keras", NPZ)
    case.import_network("misnamed")
    case.study("stripped", "stripped.keras", NPZ)
    accuracy, _ = case.import_network("stripped")
    assert accuracy["test"] == accuracy["test_as_saved"]
    taken = tf_keras.models.load_model(
        case.folder / "results/stripped/networks/net/seed0/model.keras", compile=False
    )
    nonzero = [sum(np.count_nonzero(w) for w in m.get_weights()) for m in (stripped, taken)]
    assert nonzero[0] == nonzero[1]


@LIBRARIES
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_sequential_without_an_input_layer(case, k, ending):
    """github.com/tensorflow/tensorflow/issues/28668: trained, saved, "has never been called"."""
    la = k.layers
    train, _ = write_npz(case.brought / "d.npz")
    first = [la.Conv2D(8, 3, activation="relu"), la.AveragePooling2D(2), la.Flatten()]
    model = k.Sequential([*first, la.Dropout(0.2), la.Dense(4, activation="softmax")])
    fit(model, train, logits=False).save(case.brought / f"net.{ending}")
    case.study("net", f"net.{ending}", NPZ)
    accuracy, metadata = case.import_network("net")
    assert accuracy["test"] == accuracy["test_as_saved"]
    assert metadata["largest_output_difference"] <= 1e-5


@pytest.mark.parametrize("last", ["sigmoid", None])
def test_two_classes_and_one_unit(case, last):
    """github.com/vlfeat/matconvnet/issues/274: one unit or two?"""
    la = keras.layers
    train, _ = write_npz(case.brought / "d.npz", classes=2)
    first = [la.Conv2D(8, 3, activation="relu"), la.Flatten(), la.Dense(1, last)]
    model = keras.Sequential([keras.Input((12, 12, 1)), *first])
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=last is None))
    model.fit(train[0] / 255, train[1], epochs=3, verbose=0)
    model.save(case.brought / "net.keras")
    case.study("net", "net.keras", NPZ)
    sweep = "sweeps/synapse_and_scaling/net/seed0"
    accuracy, _ = case.import_network("net")
    assert accuracy["test"] == accuracy["test_as_saved"] > 0.9
    case.run("net", f"{sweep}.csv")
    table = case.table("net", f"{sweep}.csv").set_index(["synapse_s", "scale_firing_rates"])
    assert table.loc[(0.005, 1000), "accuracy"] >= accuracy["test_as_saved"] - 0.01
