import json
import zipfile

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from spikesweep.errors import UserError
from spikesweep.networks.build_network import build_network
from spikesweep.networks.keras_file import (
    check_shapes,
    load_model,
    peek_shapes,
    read_keras_file,
)
from spikesweep.networks.rebuild import rebuild

SHAPE = (8, 8, 3)


def sequential(library):
    la = library.layers
    return library.Sequential(
        [
            la.Input(SHAPE),
            la.Rescaling(1 / 127.5, offset=-1),
            la.Conv2D(4, 3, use_bias=False),
            la.BatchNormalization(),
            la.ReLU(),
            la.AveragePooling2D(2),
            la.Flatten(),
            la.Dropout(0.5),
            la.Dense(10, activation="softmax"),
        ]
    )


def functional(library):
    la = library.layers
    image = la.Input(SHAPE)
    x = la.Conv2D(4, 3, strides=2, padding="same", activation="relu", name="stem")(image)
    shared = la.Conv2D(4, 3, padding="same", activation="relu", name="shared")
    x = la.Concatenate()([la.Add()([shared(x), x]), shared(shared(x))])
    x = la.ZeroPadding2D(1)(x)
    x = la.GlobalAveragePooling2D()(x)
    x = la.Reshape((2, 4))(x)
    x = la.Dense(10)(la.Flatten()(x))
    return library.Model(image, la.Activation("softmax")(x))


def nested(library):
    la = library.layers
    inner = library.Sequential(
        [la.Input(SHAPE), la.Conv2D(4, 3, activation="relu", name="conv"), la.Flatten()]
    )
    image = la.Input(SHAPE)
    return library.Model(image, la.Dense(10)(inner(image)))


def with_weights(model):
    """Random weights, among them the statistics of batch normalization."""
    rng = np.random.default_rng(1)
    model.set_weights(
        [rng.uniform(0.1, 1.0, w.shape) - 0.3 * (w.ndim > 1) for w in model.get_weights()]
    )
    return model


@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize("make", [sequential, functional, nested])
@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
def test_rebuilt_networks_compute_the_same(library, make, ending, tmp_path):
    path = tmp_path / f"model.{ending}"
    saved = with_weights(make(library))
    saved.save(path)
    images = np.random.default_rng(0).integers(0, 256, (6, *SHAPE)).astype(np.float32)

    rebuilt = rebuild(path)
    scale, offset = rebuilt.rescaling or (1, 0)
    logits = rebuilt.model(images * np.float32(scale) + np.float32(offset)).numpy()

    expected = np.asarray(saved(images, training=False))
    assert np.ptp(expected) > 0.01
    found = tf.nn.softmax(logits) if rebuilt.ended_in_softmax else logits
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    assert isinstance(rebuilt.model, tf_keras.Model)
    assert rebuilt.ended_in_softmax == (make is not nested)
    kinds = {type(layer).__name__ for layer in rebuilt.model.layers}
    assert not kinds & {"Dropout", "Rescaling", "Softmax", "ReLU", "Sequential"}
    assert peek_shapes(path) == (SHAPE, 10)
    assert (read_keras_file(path).rescaling is None) == (make is not sequential)


def test_own_networks_load_back(tmp_path):
    model = build_network("residual", SHAPE, 10, {})
    model.save(tmp_path / "model.keras")
    again = load_model(tmp_path / "model.keras")
    for a, b in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_code_in_a_file_is_never_run(library, ending, tmp_path):
    path, trace = tmp_path / f"model.{ending}", tmp_path / "was_run"
    la = library.layers

    def harmful(x, place=str(tmp_path / "was_run")):
        from pathlib import Path

        Path(place).touch()
        return x

    library.Sequential([la.Input(SHAPE), la.Lambda(harmful), la.Flatten(), la.Dense(3)]).save(path)
    trace.unlink(missing_ok=True)
    with pytest.raises(UserError, match="is of type Lambda, which does not convert"):
        rebuild(path)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("place", "planted"),
    [
        ("layer", {"module": "os", "class_name": "Dense", "registered_name": None}),
        (
            "layer",
            {"module": "keras.layers", "class_name": "Dense", "registered_name": "Mine>Dense"},
        ),
        ("kernel_initializer", {"module": "keras.utils", "class_name": "get_file", "config": {}}),
        ("kernel_initializer", {"module": "builtins", "class_name": "function", "config": "eval"}),
        ("kernel_initializer", {"class_name": "__lambda__", "config": {"value": "x"}}),
    ],
)
def test_objects_from_elsewhere_are_refused(place, planted, tmp_path):
    path = tmp_path / "model.keras"
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]).save(path)

    def plant(config):
        dense = config["config"]["layers"][-1]
        if place == "layer":
            dense.update(planted)
        else:
            dense["config"][place] = planted

    edit_config(path, plant)
    with pytest.raises(UserError, match="which is not allowed"):
        rebuild(path)


@pytest.mark.parametrize(
    ("layers", "told"),
    [
        (["MaxPooling2D"], "MaxPooling2D, which does not convert: train with AveragePooling2D"),
        (["LayerNormalization"], "train with BatchNormalization"),
        (["UpSampling2D"], "does not convert: these layers convert: Activation, Add, Average"),
        (["Rescaling", "Rescaling"], "is not the first layer"),
        (["Softmax"], "softmax inside the network"),
        (["GELU"], "activation 'gelu'; allowed are relu, linear"),
    ],
)
def test_what_does_not_convert_is_named_with_a_remedy(layers, told, tmp_path):
    la = keras.layers
    made = {
        "GELU": lambda: la.Activation("gelu"),
        "Rescaling": lambda: la.Rescaling(2.0),
    }
    inner = [made.get(name, getattr(la, name, None))() for name in layers]
    keras.Sequential([la.Input(SHAPE), *inner, la.Flatten(), la.Dense(3)]).save(
        tmp_path / "model.keras"
    )
    with pytest.raises(UserError) as refusal:
        rebuild(tmp_path / "model.keras")
    assert told in str(refusal.value)


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
@pytest.mark.parametrize(
    "operation", [lambda a, b: a + b, lambda a, b: a * 2], ids=["add", "times"]
)
def test_an_operation_on_layers_is_told_from_a_layer(operation, library, tmp_path):
    la = library.layers
    image = la.Input((4,))
    combined = operation(la.Dense(3)(image), la.Dense(3)(image))
    library.Model(image, la.Dense(2)(combined)).save(tmp_path / "model.keras")
    with pytest.raises(
        UserError, match="use a layer: ReLU, Add, Concatenate or Reshape, or Rescaling"
    ):
        read_keras_file(tmp_path / "model.keras")


def test_shapes_of_another_dataset_are_refused(tmp_path):
    path = tmp_path / "model.keras"
    functional(keras).save(path)
    file = read_keras_file(path)
    check_shapes(path, file, SHAPE, 10)
    with pytest.raises(UserError, match=r"\(8, 8, 3\), but .* \(28, 28, 1\)"):
        check_shapes(path, file, (28, 28, 1), 10)
    with pytest.raises(UserError, match="has 10 outputs, but its dataset has 7 classes"):
        check_shapes(path, file, SHAPE, 7)


def test_an_open_size_fits_every_image(tmp_path):
    path = tmp_path / "model.keras"
    la = keras.layers
    keras.Sequential(
        [la.Input((None, None, 3)), la.Conv2D(4, 3), la.GlobalAveragePooling2D(), la.Dense(3)]
    ).save(path)
    assert peek_shapes(path) == (None, 3)
    check_shapes(path, read_keras_file(path), (12, 9, 3), 3)
    with pytest.raises(UserError):
        check_shapes(path, read_keras_file(path), (12, 9, 1), 3)


def test_broken_files_are_refused(tmp_path):
    path = tmp_path / "model.keras"
    with pytest.raises(UserError, match="does not exist"):
        read_keras_file(path)
    sequential(keras).save(path)
    whole = path.read_bytes()
    for broken in (b"", b"no archive at all", whole[:500], whole[: len(whole) // 2]):
        path.write_bytes(broken)
        with pytest.raises(UserError, match="not a Keras file, or is truncated"):
            read_keras_file(path)
    (tmp_path / "model.h5").write_bytes(b"not HDF5")
    with pytest.raises(UserError, match="does not contain a complete Keras network"):
        read_keras_file(tmp_path / "model.h5")


def test_broken_weights_are_refused(tmp_path):
    path = tmp_path / "model.keras"
    sequential(keras).save(path)
    rewrite(path, "model.weights.h5", lambda content: content[:1000])
    assert peek_shapes(path) == (SHAPE, 10)
    with pytest.raises(UserError, match="cannot be loaded"):
        rebuild(path)


def edit_config(path, change):
    def edited(content):
        config = json.loads(content)
        change(config)
        return json.dumps(config).encode()

    rewrite(path, "config.json", edited)


def rewrite(path, member, change):
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents[member] = change(contents[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def test_a_relu_that_is_called_as_a_function_is_refused_with_the_layer_to_use(tmp_path):
    import keras

    image = keras.Input((4,))
    hidden = keras.activations.relu(keras.layers.Dense(3)(image))
    keras.Model(image, keras.layers.Dense(2)(hidden)).save(tmp_path / "model.keras")
    with pytest.raises(UserError, match=r"model\.keras uses 'ReLU' .*; use a layer: ReLU, "):
        read_keras_file(tmp_path / "model.keras")
