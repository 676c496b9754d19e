"""Pruning on networks small enough to train in a second."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tf_keras
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trained_files import trained_files

from spikesweep.conversion.convert import convert
from spikesweep.errors import UserError
from spikesweep.networks.build_network import build_network
from spikesweep.networks.keras_file import load_model
from spikesweep.snn.fan_out import fan_out, multiply_adds
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.training import run
from spikesweep.training.fit import fit
from spikesweep.training.pruning.magnitude import MagnitudePruning
from spikesweep.training.pruning.prune_network import prune_network
from spikesweep.training.pruning.schedule import pruning_schedule
from spikesweep.training.pruning.structured import (
    StructuredPruning,
    units_left,
    weights_left,
    without_units,
)
from spikesweep.training.pruning.tables import BIN_WIDTH, check_target, layer_sparsity
from spikesweep.training.settings import TrainingSettings
from spikesweep.training.state import Changes
from spikesweep.training.train import train_network

TRAINING = {"epochs": 3, "batch_size": 60, "validation_images": 60, "learning_rate": 0.003}
SCHEDULE = {"begin": 0.1, "end": 0.6, "every_steps": 2}
SMALL = {"filters": [4, 4], "strides": [4, 2], "batch_norm": True}
TABLES = ("history", "accuracy", "layer_sparsity", "weight_histogram")
few = settings(max_examples=3, deadline=None, derandomize=True)


def prune(dataset, folder, method="magnitude", sparsity=0.8, seed=0, **changes):
    prune_network(
        dataset=dataset,
        files=trained_files(folder),
        layer_sparsity_path=folder / "layer_sparsity.csv",
        weight_histogram_path=folder / "weight_histogram.csv",
        test_correct_path=folder / "test_correct.npy",
        network=f"pruning/net/{method}_{100 * sparsity:g}",
        seed=seed,
        method=method,
        sparsity=sparsity,
        **{
            "trained": None,
            "schedule": SCHEDULE,
            "start": "scratch",
            "architecture": "cnn",
            "options": SMALL,
            "training": TRAINING,
            **changes,
        },
    )
    return load_model(folder / "model.keras")


def fitted(pruning, stripes, changes=None):
    """Train for 15 steps under pruning."""
    fit(
        pruning.model,
        stripes.x_train,
        stripes.y_train,
        train=np.arange(300),
        validation=np.arange(300, 360),
        settings=TrainingSettings(**TRAINING),
        seed=0,
        input_scale=1 / 255,
        input_offset=0.0,
        changes=changes or pruning.changes,
    )
    return pruning.finish()


def dense_network(units=(12, 9)):
    return build_network("dense", (28, 28, 1), 3, {"units": list(units)})


def kernels(model):
    return {layer.name: layer.kernel.numpy() for layer in model.layers if hasattr(layer, "kernel")}


@few
@given(st.floats(0.01, 0.99))
def test_magnitude_pruning_reaches_the_target_in_every_layer(stripes, sparsity):
    model = dense_network()
    shapes = {name: kernel.shape for name, kernel in kernels(model).items()}
    pruned = fitted(MagnitudePruning(model, pruning_schedule(sparsity, 15, **SCHEDULE)), stripes)
    layers = layer_sparsity(pruned, shapes, {})
    assert layers["layer"].tolist() == ["dense1", "dense2", "output"]
    assert layers["weights"].tolist() == [784 * 12, 12 * 9, 9 * 3]
    for _, row in layers.iterrows():
        assert abs(row["nonzero"] - max(1, row["weights"] * (1 - sparsity))) <= 1
    check_target(layers, sparsity)


def test_a_layer_that_misses_its_target_is_noticed():
    layers = pd.DataFrame({"layer": ["a", "b"], "weights": [100, 100], "nonzero": [20, 22]})
    check_target(layers[:1], 0.8)
    with pytest.raises(RuntimeError, match=r"b +100 +22"):
        check_target(layers, 0.8)


def test_pruned_weights_stay_zero_to_the_end_of_fine_tuning(stripes):
    schedule = pruning_schedule(0.7, 15, **SCHEDULE)
    pruning = MagnitudePruning(dense_network(), schedule)
    wrapped = [layer for layer in pruning.model.layers if hasattr(layer, "pruning_vars")]
    then = {}

    def remember(_step):
        for layer in wrapped:
            ((kernel, mask, _),) = layer.pruning_vars
            then[layer.layer.name] = (kernel.numpy(), mask.numpy())

    # Steps are counted from 0 here and from 1 by the schedule.
    watch = Changes({schedule.end_step}, change=remember, hold=lambda: None)
    now = kernels(fitted(pruning, stripes, watch))
    assert len(then) == 3
    for name, (kernel, mask) in then.items():
        assert (now[name][mask == 0] == 0).all()
        assert (now[name][mask == 1] != 0).all()
        assert not np.array_equal(now[name][mask == 1], kernel[mask == 1]), "nothing was tuned"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=3),
    st.integers(1, 50),
    st.integers(2, 10),
    st.floats(0, 0.999),
)
def test_units_left_leave_the_weights_that_are_wanted(units, inputs, classes, sparsity):
    widths = [inputs, *units, classes]
    sizes = [a * b for a, b in pairwise(widths)]
    left = units_left(sizes, units, sparsity)
    assert all(1 <= count <= n for count, n in zip(left, units, strict=True))
    narrow = [inputs, *left, classes]
    weights = sum(a * b for a, b in pairwise(narrow))
    assert weights == weights_left(sizes, units, left)
    # No other width of one layer alone comes closer, unless this is close enough.
    target = (1 - sparsity) * sum(sizes)
    if abs(weights - target) > 0.01 * target:
        for layer, n in enumerate(units):
            for count in range(1, n + 1):
                even = [max(1, round(count / n * other)) for other in units]
                even[layer] = count
                assert abs(weights_left(sizes, units, even) - target) >= abs(weights - target)


def test_units_left_are_spread_evenly_where_there_is_room():
    units = [256, 128, 64]
    sizes = [784 * 256, 256 * 128, 128 * 64, 64 * 10]
    for sparsity in (0, 0.5, 0.9):
        left = units_left(sizes, units, sparsity)
        shares = [count / n for count, n in zip(left, units, strict=True)]
        assert max(shares) / min(shares) < 1.1
        assert weights_left(sizes, units, left) == pytest.approx(
            (1 - sparsity) * sum(sizes), rel=0.01
        )


def some_network():
    """Every kind of layer that structured pruning knows, random weights."""
    la = tf_keras.layers
    image = la.Input((10, 8, 2), name="image")
    x = la.Conv2D(5, 3, padding="same", use_bias=False, name="conv1")(image)
    x = la.BatchNormalization(name="norm1")(x)
    x = la.Activation("relu", name="relu1")(x)
    x = la.AveragePooling2D(2, name="pool")(x)
    x = la.Conv2D(6, 2, strides=2, activation="relu", name="conv2")(x)
    x = la.Dropout(0.3, name="dropout")(x)
    x = la.Flatten(name="flatten")(x)
    x = la.Dense(7, activation="relu", name="dense1")(x)
    model = tf_keras.Model(image, la.Dense(3, name="output")(x))
    rng = np.random.default_rng(0)
    for weight in model.weights:
        low, high = (0.5, 2.0) if "variance" in weight.name else (-1.0, 1.0)
        weight.assign(rng.uniform(low, high, weight.shape))
    return model


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_network_without_silent_units_computes_the_same(data):
    model = some_network()
    kept = {
        name: np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n).filter(any)))
        for name, n in (("conv1", 5), ("conv2", 6), ("dense1", 7))
    }
    silenced = {"conv1": ["conv1", "norm1"], "conv2": ["conv2"], "dense1": ["dense1"]}
    for unit, layers in silenced.items():
        for name in layers:
            for weight in model.get_layer(name).trainable_weights:
                weight.assign(weight * kept[unit].astype(np.float32))
    smaller = without_units(model, kept)
    for name, stay in kept.items():
        assert smaller.get_layer(name).kernel.shape[-1] == stay.sum()
    images = np.random.default_rng(1).uniform(0, 1, (4, 10, 8, 2)).astype(np.float32)
    np.testing.assert_allclose(smaller(images), model(images), rtol=1e-4, atol=1e-5)


def test_structured_pruning_silences_what_it_removes_from_the_moment_it_does(stripes):
    model = build_network("cnn", (28, 28, 1), 3, SMALL)
    schedule = pruning_schedule(0.6, 15, **SCHEDULE)
    pruning = StructuredPruning(model, schedule)
    widths = []

    def watch(step):
        if step in pruning.changes.before:
            pruning.changes.change(step)
        # What the step that follows begins with.
        pruning.changes.hold()
        filters = kernels(model)["conv2"].reshape(-1, 4)
        widths.append(int((filters != 0).any(axis=0).sum()))

    smaller = fitted(pruning, stripes, replace(pruning.changes, before=range(15), change=watch))
    assert widths[0] == 4
    assert widths == sorted(widths, reverse=True)
    assert widths[schedule.end_step - 1] == widths[-1] == smaller.get_layer("conv2").filters < 4
    images = stripes.x_test[:5] / np.float32(255)
    np.testing.assert_allclose(smaller(images), model(images), rtol=1e-4, atol=1e-4)


def test_networks_that_are_no_chain_are_refused():
    options = {"filters": [4, 4], "blocks": [1, 1], "strides": [1, 2]}
    residual = build_network("residual", (28, 28, 1), 3, options)
    with pytest.raises(UserError, match=r"block1_.*prune this network by magnitude"):
        StructuredPruning(residual, pruning_schedule(0.5, 10, **SCHEDULE))
    with pytest.raises(UserError, match="has none"):
        StructuredPruning(linear_network(), pruning_schedule(0.5, 10, **SCHEDULE))


def linear_network():
    image = tf_keras.layers.Input((28, 28, 1))
    flat = tf_keras.layers.Flatten()(image)
    return tf_keras.Model(image, tf_keras.layers.Dense(3)(flat))


@pytest.mark.parametrize("method", ["magnitude", "structured"])
def test_a_seed_decides_every_byte(stripes_path, tmp_path, method):
    first = prune(stripes_path, tmp_path / "a", method, 0.6, seed=5)
    again = prune(stripes_path, tmp_path / "b", method, 0.6, seed=5)
    for name, kernel in kernels(first).items():
        assert np.array_equal(kernel, kernels(again)[name])
    for table in TABLES:
        one, other = ((tmp_path / f / f"{table}.csv").read_bytes() for f in "ab")
        assert one == other


def test_what_is_written_is_what_is_saved(stripes_path, tmp_path):
    model = prune(stripes_path, tmp_path, "structured", 0.6)
    layers = pd.read_csv(tmp_path / "layer_sparsity.csv").set_index("layer")
    histogram = pd.read_csv(tmp_path / "weight_histogram.csv").groupby("layer")["weights"].sum()
    for name, kernel in kernels(model).items():
        assert layers.loc[name, "nonzero"] == np.count_nonzero(kernel)
        assert layers.loc[name, "units_left"] == kernel.shape[-1]
        assert histogram[name] == kernel.size
    assert layers["weights"].tolist() == [3 * 3 * 4, 3 * 3 * 4 * 4, 4 * 4 * 4 * 3]
    metadata = json.loads((tmp_path / "metadata.json").read_text())
    assert (metadata["input_scale"], metadata["input_offset"]) == (1 / 255, 0)
    assert metadata["config"]["sparsity"] == 0.6
    accuracy = pd.read_csv(tmp_path / "accuracy.csv")
    answers = np.load(tmp_path / "test_correct.npy")
    assert answers.dtype == bool
    assert answers.mean() == pytest.approx(accuracy["accuracy"].iloc[-1], abs=1e-6)
    assert accuracy["split"].tolist() == ["train", "validation", "test"]
    assert set(accuracy["network"]) == {"pruning/net/structured_60"}


def test_captions_repeat_the_numbers_of_the_code():
    captions = Path(__file__).parents[3] / "reports" / "captions"
    of_curves, of_weights = (
        " ".join((captions / f"{name}.rst").read_text().split())
        for name in ("preprocessing_gap", "pruning_weights")
    )
    assert f"on {run.WATCHED_TEST_IMAGES:,} test images" in of_curves
    assert f"in bins {BIN_WIDTH} wide" in of_weights


def test_sparsity_zero_is_the_training_of_the_unpruned_network(stripes_path, tmp_path, monkeypatch):
    # Fewer than there are, so that it shows which test images are watched.
    monkeypatch.setattr(run, "WATCHED_TEST_IMAGES", 7)
    training = {**TRAINING, "watch_test": True}
    (tmp_path / "trained").mkdir()
    train_network(
        dataset=stripes_path,
        files=trained_files(tmp_path / "trained"),
        network="small",
        seed=3,
        architecture="cnn",
        options=SMALL,
        training=training,
    )
    unpruned = prune(stripes_path, tmp_path, sparsity=0, seed=3, training=training).get_weights()
    trained = load_model(tmp_path / "trained" / "model.keras").get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(unpruned, trained, strict=True))
    for table in ("history.csv", "accuracy.csv"):
        one, other = (pd.read_csv(f / table) for f in (tmp_path, tmp_path / "trained"))
        pd.testing.assert_frame_equal(one.drop(columns="network"), other.drop(columns="network"))
    # Of seven images.
    seventh = pd.read_csv(tmp_path / "history.csv")["test_accuracy"] * 7
    np.testing.assert_allclose(seventh, seventh.round(), atol=1e-9)


def test_a_trained_network_is_what_pruning_starts_from(stripes_path, tmp_path):
    trained = prune(stripes_path, tmp_path / "a", sparsity=0)
    still = {**TRAINING, "learning_rate": 1e-9}
    arguments = {"training": still, "start": "trained", "trained": tmp_path / "a" / "model.keras"}
    pruned = kernels(prune(stripes_path, tmp_path / "b", sparsity=0.5, **arguments))
    for name, kernel in kernels(trained).items():
        largest = np.abs(kernel) >= np.median(np.abs(kernel))
        np.testing.assert_allclose(pruned[name], kernel * largest, atol=1e-6)


@pytest.mark.parametrize("sparsity", [1, 1.5, -0.1, float("nan")])
def test_sparsities_out_of_range_are_refused_before_anything_is_read(tmp_path, sparsity):
    with pytest.raises(UserError, match="at least 0 and less than 1"):
        prune(tmp_path / "missing.npz", tmp_path, sparsity=sparsity)


def test_other_mistakes_are_refused_before_anything_is_read(tmp_path):
    with pytest.raises(UserError, match="'random'; allowed: magnitude, structured"):
        prune(tmp_path / "missing.npz", tmp_path, method="random")
    for begin, end in ((0.5, 0.5), (0.5, 1.1), (-0.1, 0.5)):
        with pytest.raises(UserError, match="0 <= begin < end <= 1"):
            pruning_schedule(0.5, 100, begin=begin, end=end, every_steps=10)


@given(st.floats(0, 0.98), st.floats(0.01, 1), st.integers(1, 300), st.integers(2, 2000))
@settings(max_examples=25, deadline=None)
def test_the_last_removal_is_within_the_training_and_reaches_the_target(
    begin, length, every, steps
):
    end = min(1.0, begin + length)
    schedule = pruning_schedule(0.9, steps, begin=begin, end=end, every_steps=every)
    assert 0 <= schedule.begin_step < schedule.end_step <= steps
    removes, sparsity = schedule(schedule.end_step)
    assert bool(removes)
    assert float(sparsity) == pytest.approx(0.9)


@pytest.mark.parametrize("method", ["magnitude", "structured"])
def test_a_pruned_network_spikes_and_zero_weights_cost_nothing(stripes_path, tmp_path, method):
    options = {"filters": [6, 4], "strides": [4, 2]}
    model = prune(stripes_path, tmp_path, method, 0.7, options=options)
    network = convert(model, neuron=SpikingReLU(), seed=0, input_scale=1 / 255, input_offset=0.0)
    readout = kernels(model)["output"]
    assert np.array_equal(fan_out(network)["conv2"], np.count_nonzero(readout, axis=1))
    assert multiply_adds(network)["output"] == np.count_nonzero(readout)
    if method == "structured":
        assert sum(layer.neurons for layer in network.spiking_layers) < 7 * 7 * 6 + 4 * 4 * 4
    else:
        # A padded 4 x 4 output: every weight is used at most 16 times.
        assert multiply_adds(network)["conv2.current"] <= 16 * np.count_nonzero(
            kernels(model)["conv2"]
        )
