import json
import zipfile

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras
from small_networks import NETWORKS, SHAPE, functional, nested, sequential, with_weights

from spikesweep.errors import UserError
from spikesweep.networks.build_network import build_network
from spikesweep.networks.input_fit import does_fit
from spikesweep.networks.keras_file import (
    check_fit,
    load_model,
    read_keras_file,
)
from spikesweep.networks.rebuild import rebuild


@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize("make", NETWORKS)
@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
def test_rebuilt_networks_compute_the_same(library, make, ending, tmp_path):
    path = tmp_path / f"model.{ending}"
    saved = with_weights(make(library))
    saved.save(path)
    images = np.random.default_rng(0).integers(0, 256, (6, *SHAPE)).astype(np.float32)

    rebuilt = rebuild(path, SHAPE)
    scale, offset = rebuilt.rescaling or (1, 0)
    logits = rebuilt.model(images * np.float32(scale) + np.float32(offset)).numpy()

    expected = np.asarray(saved(images, training=False))
    assert np.ptp(expected) > 0.01
    np.testing.assert_allclose(rebuilt.as_saved(logits), expected, rtol=1e-4, atol=1e-6)
    assert isinstance(rebuilt.model, tf_keras.Model)
    assert rebuilt.end == (() if make is nested else ("softmax",))
    kinds = {type(layer).__name__ for layer in rebuilt.model.layers}
    assert not kinds & {"Dropout", "Rescaling", "Softmax", "ReLU", "Sequential"}
    file = read_keras_file(path)
    assert (file.input_shape, file.classes) == (SHAPE, 10)
    assert (rebuilt.rescaling is None) == (make is not sequential)


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
    with pytest.raises(UserError, match=r"\(Lambda\): its code is never run"):
        rebuild(path, SHAPE)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("place", "planted"),
    [
        ("layer", {"module": "os", "class_name": "Dense", "registered_name": None}),
        (
            "layer",
            {"module": "keras.layers", "class_name": "Dense", "registered_name": "Mine>Dense"},
        ),
        ("activation", {"module": "keras.utils", "class_name": "get_file", "config": {}}),
        ("activation", {"module": "builtins", "class_name": "function", "config": "eval"}),
        ("activation", {"class_name": "__lambda__", "config": {"value": "x"}}),
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
    with pytest.raises(UserError, match=r"which is not allowed|does not convert"):
        rebuild(path, (4, 1, 1))


@pytest.mark.parametrize(
    "planted",
    [
        {"module": "keras.utils", "class_name": "get_file", "config": {}},
        {"module": "builtins", "class_name": "function", "config": "eval"},
        {"class_name": "__lambda__", "config": {"value": "x"}},
    ],
)
def test_initializers_from_elsewhere_are_left_out_or_refused(planted, tmp_path):
    path = tmp_path / "model.keras"
    tf_keras.Sequential([tf_keras.Input((4,)), tf_keras.layers.Dense(3)]).save(path)

    def plant(config):
        config["config"]["layers"][-1]["config"]["kernel_initializer"] = planted

    edit_config(path, plant)
    assert type(rebuild(path, (4, 1, 1)).original.layers[-1].kernel_initializer).__name__ == (
        "GlorotUniform"
    )
    # A network of the study's own is loaded as it is.
    with pytest.raises(UserError, match="which is not allowed"):
        load_model(path)


def test_all_layers_in_the_way_are_listed_at_once_with_a_remedy(tmp_path):
    la = keras.layers
    layers = [
        la.Conv2D(4, 3, activation="gelu", name="curved"),
        la.MaxPooling2D(2, name="pool1"),
        la.ReLU(max_value=6, name="limited"),
        la.MaxPooling2D(1, name="pool2"),
        la.Softmax(name="inside"),
        la.UpSampling2D(name="larger"),
        la.LayerNormalization(name="norm"),
    ]
    path = tmp_path / "model.keras"
    keras.Sequential([la.Input(SHAPE), *layers, la.Flatten(), la.Dense(3)]).save(path)
    with pytest.raises(UserError) as refusal:
        read_keras_file(path)
    first, *lines = str(refusal.value).splitlines()
    assert first == f"{path}: 7 layers do not convert:"
    assert [line.strip() for line in lines] == [
        "'curved' (Conv2D, activation gelu): train with relu; at the end, log_softmax, sigmoid, "
        "softmax are taken, too",
        "'pool1', 'pool2' (MaxPooling2D): train with AveragePooling2D or with strides instead",
        "'limited' (ReLU with a limit or a slope): train with a plain ReLU",
        "'inside' (Softmax, softmax inside the network): train with ReLU there",
        "'larger' (UpSampling2D): resize the images of the dataset instead",
        "'norm' (LayerNormalization): train with BatchNormalization instead",
        "or let the study replace all but 'inside', 'larger' and fine-tune the network on its "
        "training images: add `adapt: {epochs: 5}` to this network in the config",
    ]


def test_a_layer_that_is_not_known_is_refused_with_those_that_are(tmp_path):
    la = keras.layers
    path = tmp_path / "model.keras"
    unknown = la.EinsumDense("bhwc,cd->bhwd", (None, None, 2))
    keras.Sequential([la.Input(SHAPE), la.UpSampling2D(name="a"), unknown]).save(path)
    with pytest.raises(UserError, match=r"\(EinsumDense\): these layers convert: Activation, Add"):
        read_keras_file(path)


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
@pytest.mark.parametrize("end", ["option", "layer", "operation"])
def test_scores_that_are_cut_off_are_refused_before_the_file_is_loaded(library, end, tmp_path):
    la = library.layers
    image = la.Input(SHAPE)
    x = la.Flatten()(la.Conv2D(4, 3, activation="relu")(image))
    x = la.Dense(10, activation="relu" if end == "option" else None, name="last")(x)
    if end != "option":
        x = la.ReLU()(x) if end == "layer" else library.activations.relu(x)
    library.Model(image, x).save(tmp_path / "model.keras")
    with pytest.raises(UserError, match=r"at the end\): end in Dense\(classes\)[\s\S]*adapt"):
        read_keras_file(tmp_path / "model.keras")


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
def test_a_normalisation_of_rows_is_refused_before_the_file_is_loaded(library, tmp_path):
    la = library.layers
    for axis in (3, 1):
        layers = [la.Conv2D(4, 3), la.BatchNormalization(axis=axis), la.ReLU()]
        ends = [la.Flatten(), la.Dense(8), la.BatchNormalization(axis=1), la.ReLU(), la.Dense(10)]
        library.Sequential([la.Input(SHAPE), *layers, *ends]).save(tmp_path / f"{axis}.keras")
    read_keras_file(tmp_path / "3.keras")
    with pytest.raises(UserError, match=r"a layer does not convert: .*BatchNormalization of axis"):
        read_keras_file(tmp_path / "1.keras")


def test_operations_in_hdf5_files_of_keras_3_are_named_with_the_remedy(tmp_path):
    image = keras.Input(SHAPE)
    x = keras.layers.Conv2D(4, 3, activation="relu")(image * 2)
    model = keras.Model(image, keras.layers.Dense(10)(keras.ops.mean(x, axis=(1, 2))))
    model.save(tmp_path / "model.h5")
    with pytest.raises(UserError, match=r"\(Multiply, Mean\) .*save\('name\.keras'\)"):
        read_keras_file(tmp_path / "model.h5")
    model.save(tmp_path / "model.keras")
    read_keras_file(tmp_path / "model.keras")


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
def test_operations_that_do_not_convert_are_told_from_layers(library, tmp_path):
    la = library.layers
    image = la.Input((4,))
    x = la.Dense(4)(image)
    library.Model(image, la.Dense(2)(x * image)).save(tmp_path / "model.keras")
    with pytest.raises(UserError, match=r"the operation .*[mM]ultiply on two layers\): products"):
        read_keras_file(tmp_path / "model.keras")
    library.Model(image, la.Dense(2)(abs(x))).save(tmp_path / "model.keras")
    with pytest.raises(UserError, match=r"the operation .*[aA]bs.*\): use layers in its place"):
        read_keras_file(tmp_path / "model.keras")


def test_several_outputs_are_refused_before_the_file_is_loaded(tmp_path):
    image = keras.Input((4,))
    both = [keras.layers.Dense(2)(image), keras.layers.Dense(3)(image)]
    keras.Model(image, both).save(tmp_path / "model.keras")
    with pytest.raises(UserError, match="has 2 outputs; a network of the study needs one"):
        read_keras_file(tmp_path / "model.keras")


def test_shapes_of_another_dataset_are_refused(tmp_path):
    path = tmp_path / "model.keras"
    functional(keras).save(path)
    file = read_keras_file(path)
    check_fit(path, file, SHAPE, 10)
    with pytest.raises(UserError, match=r"\(8, 8, 3\), but .* \(28, 28, 1\)"):
        check_fit(path, file, (28, 28, 1), 10)
    with pytest.raises(UserError, match="has 10 outputs, but its dataset has 7 classes"):
        check_fit(path, file, SHAPE, 7)


def test_what_fits_up_to_axes_of_one_is_taken():
    for wanted, image in (
        ((28, 28), (28, 28, 1)),
        ((784,), (28, 28, 1)),
        ((None,), (28, 28, 1)),
        ((64, 3), (64, 3, 1)),
        ((None, 1), (64, 1, 1)),
        ((1, 28, 28), (28, 28, 1)),
    ):
        assert does_fit(wanted, image)
    for wanted, image in (((27, 28), (28, 28, 1)), ((28,), (28, 28, 1)), ((28, 28), (28, 28, 3))):
        assert not does_fit(wanted, image)


@pytest.mark.parametrize(
    ("units", "image", "classes", "told"),
    [
        (10, (8, 8, 1), 10, r"trained on rgb images \(color: rgb"),
        (10, (9, 8, 3), 10, r"for folders of images set resize: \[8, 8\]$"),
        (1, SHAPE, 3, r"has one output, .* end the network in Dense\(3\)"),
        (3, SHAPE, 3, "has no ReLU, so nothing would spike"),
        (3, None, None, "has no ReLU, so nothing would spike"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_remedy(units, image, classes, told, tmp_path):
    path = tmp_path / "model.keras"
    la = keras.layers
    keras.Sequential([la.Input(SHAPE), la.Flatten(), la.Dense(units)]).save(path)
    with pytest.raises(UserError, match=told):
        check_fit(path, read_keras_file(path), image, classes)


def test_an_open_size_fits_every_image(tmp_path):
    path = tmp_path / "model.keras"
    la = keras.layers
    keras.Sequential(
        [
            la.Input((None, None, 3)),
            la.Conv2D(4, 3, activation="relu"),
            la.GlobalAveragePooling2D(),
            la.Dense(3),
        ]
    ).save(path)
    assert read_keras_file(path).input_shape == (None, None, 3)
    check_fit(path, read_keras_file(path), (12, 9, 3), 3)
    with pytest.raises(UserError):
        check_fit(path, read_keras_file(path), (12, 9, 1), 3)


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


def test_the_content_decides_and_not_the_ending(tmp_path):
    model = with_weights(sequential(keras))
    model.save(tmp_path / "a.h5")
    model.save(tmp_path / "b.keras")
    images = np.random.default_rng(0).random((3, *SHAPE), np.float32)
    for file, misnamed in (("a.h5", "c.keras"), ("b.keras", "d.h5"), ("b.keras", "model")):
        (tmp_path / misnamed).write_bytes((tmp_path / file).read_bytes())
        original = rebuild(tmp_path / misnamed, SHAPE).original
        np.testing.assert_allclose(original(images), model(images), rtol=1e-5)


def test_what_is_no_whole_network_is_named_with_what_to_save(tmp_path):
    dense = tf_keras.Sequential([tf_keras.layers.Input((4,)), tf_keras.layers.Dense(3)])
    dense.save_weights(tmp_path / "alone.weights.h5")
    tf.saved_model.save(dense, tmp_path / "folder")
    (tmp_path / "empty").mkdir()
    np.savez(tmp_path / "arrays.npz", a=1)
    with zipfile.ZipFile(tmp_path / "net.pt", "w") as archive:
        archive.writestr("net/data.pkl", b"")
    (tmp_path / "net.tflite").write_bytes(b"\x1c\0\0\0TFL3\0")
    for file in ("lfs.keras", "lfs.h5"):
        (tmp_path / file).write_text("version https://git-lfs.github.com/spec/v1\n")
    (tmp_path / "page.h5").write_text("\n<!DOCTYPE html>\n<html>")
    for file, told in (
        ("alone.weights.h5", "holds weights alone.*: save the whole network"),
        ("folder", "is a SavedModel folder.*TensorFlow 2.15"),
        ("empty", "is a folder: give the .keras"),
        ("arrays.npz", "archive of arrays, not a network"),
        ("net.pt", "file of PyTorch"),
        ("net.tflite", "TensorFlow Lite file: give the Keras file"),
        ("lfs.keras", "only a pointer of Git LFS"),
        ("lfs.h5", "only a pointer of Git LFS"),
        ("page.h5", "is a web page: download the file itself"),
    ):
        with pytest.raises(UserError, match=told):
            read_keras_file(tmp_path / file)


def test_wrapped_networks_are_named_with_the_remedy(tmp_path):
    tfmot = pytest.importorskip("tensorflow_model_optimization")
    la = tf_keras.layers
    plain = tf_keras.Sequential([la.Input(SHAPE), la.Conv2D(4, 3), la.Flatten(), la.Dense(3)])
    pruned = tfmot.sparsity.keras.prune_low_magnitude(plain)
    for name, model, told in (
        ("pruned", pruned, r"\(PruneLowMagnitude\): wrapped for pruning: .*strip_pruning"),
        ("quantised", tfmot.quantization.keras.quantize_model(plain), "quantised: save the float"),
    ):
        for ending in ("h5", "keras"):
            model.save(tmp_path / f"{name}.{ending}")
            with pytest.raises(UserError, match=told):
                read_keras_file(tmp_path / f"{name}.{ending}")
    stripped = tfmot.sparsity.keras.strip_pruning(pruned)
    stripped.save(tmp_path / "stripped.keras")
    rebuild(tmp_path / "stripped.keras", SHAPE)


def test_a_network_in_whole_numbers_is_named_with_the_remedy(tmp_path):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.quantize("int8")
    model.save(tmp_path / "model.keras")
    with pytest.raises(UserError, match="quantised: save the float network"):
        read_keras_file(tmp_path / "model.keras")


def test_a_network_that_was_never_built_is_refused(tmp_path):
    keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3)]).save(tmp_path / "model.keras")
    with pytest.raises(UserError, match="before it was built"):
        rebuild(tmp_path / "model.keras", SHAPE)


def test_broken_weights_are_refused(tmp_path):
    path = tmp_path / "model.keras"
    sequential(keras).save(path)
    rewrite(path, "model.weights.h5", lambda content: content[:1000])
    assert read_keras_file(path).classes == 10
    with pytest.raises(UserError, match="cannot be loaded"):
        rebuild(path, SHAPE)


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


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
def test_a_model_of_a_class_of_its_own_is_named_with_the_remedy(library, tmp_path):
    class Mine(library.Model):
        def __init__(self):
            super().__init__()
            self.flat, self.end = library.layers.Flatten(), library.layers.Dense(3)

        def call(self, x):
            return self.end(self.flat(x))

    model = Mine()
    model(np.zeros((1, *SHAPE), np.float32))
    model.save(tmp_path / "net.keras")
    with pytest.raises(
        UserError, match=r"'Mine', a model of a class of its own, .*: build the same"
    ):
        read_keras_file(tmp_path / "net.keras")


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
def test_one_input_and_one_output_may_have_names(library, tmp_path):
    la = library.layers
    image = library.Input(SHAPE, name="image")
    scores = la.Dense(3, name="scores")(la.Flatten()(la.Conv2D(4, 3, activation="relu")(image)))
    model = with_weights(library.Model({"image": image}, {"scores": scores}))
    model.save(tmp_path / "net.keras")
    read_keras_file(tmp_path / "net.keras")
    images = np.random.default_rng(0).random((2, *SHAPE), np.float32)
    rebuilt = rebuild(tmp_path / "net.keras", SHAPE)
    expected = model({"image": images})["scores"]
    np.testing.assert_allclose(rebuilt.model(images), np.asarray(expected), rtol=1e-4)


@pytest.mark.parametrize("ending", ["keras", "h5"])
@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
def test_what_acts_in_training_only_may_be_of_a_users_own(library, ending, tmp_path):
    class Mine(library.regularizers.Regularizer):
        def __call__(self, x):
            return 0.0 * x

        def get_config(self):
            return {}

    la = library.layers
    hidden = la.Conv2D(4, 3, activation="relu", kernel_regularizer=Mine())
    model = with_weights(library.Sequential([la.Input(SHAPE), hidden, la.Flatten(), la.Dense(3)]))
    model.save(tmp_path / f"net.{ending}")
    images = np.random.default_rng(0).random((2, *SHAPE), np.float32)
    found = rebuild(tmp_path / f"net.{ending}", SHAPE).model(images)
    np.testing.assert_allclose(found, np.asarray(model(images)), rtol=1e-4)


def test_a_lambda_as_activation_is_named(tmp_path):
    la = keras.layers
    hidden = la.Dense(4, activation=lambda x: x, name="mine")
    keras.Sequential([la.Input((4,)), hidden, la.Dense(3)]).save(tmp_path / "net.keras")
    with pytest.raises(UserError, match=r"'mine' \(Dense, activation written as a lambda\): train"):
        read_keras_file(tmp_path / "net.keras")


def test_layers_that_go_on_training_are_named(tmp_path):
    la = tf_keras.layers
    image = tf_keras.Input(SHAPE)
    x = la.Dropout(0.5, name="drop")(la.Conv2D(4, 3, activation="relu")(image), training=True)
    tf_keras.Model(image, la.Dense(3)(la.Flatten()(x))).save(tmp_path / "net.keras")
    with pytest.raises(UserError, match=r"'drop' \(Dropout, called with training=True\): call it"):
        read_keras_file(tmp_path / "net.keras")


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"stem", 0, 0', '"gone", 0, 0', "'shared' is fed by 'gone', which is not there"),
        (
            '"shared", 0, 0',
            '"shared", 7, 0',
            "is fed by 'shared', which is not there or not",
        ),
        ('"shared", 1, 0', '"shared", 2, 0', r"feed each other in a circle \(shared"),
    ],
    ids=["gone", "not called", "circle"],
)
def test_layers_that_wait_for_each_other_are_refused(library, old, new, said, tmp_path):
    """Keras would look for ever for what feeds them."""
    path = changed_file(functional(library), tmp_path, old, new)
    with pytest.raises(UserError, match=said):
        read_keras_file(path)


def test_a_file_that_keras_does_not_come_to_an_end_with_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("spikesweep.networks.rebuild.LOAD_LIMIT_S", 1.0)
    path = changed_file(functional(tf_keras), tmp_path, '"stem", 0, 0', '"stem", "0", 0')
    with pytest.raises(UserError, match=r"was not loaded within 1 s: .*; save it again"):
        rebuild(path, SHAPE)


def changed_file(model, folder, old, new):
    """A `.keras` file with a change in its description."""
    path = folder / "model.keras"
    model.save(path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = members["config.json"].decode()
    assert old in config
    members["config.json"] = config.replace(old, new, 1).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
