"""A user's network is adapted: replaced, fine-tuned, measured, and refused if it loses too much."""

import json

import keras
import numpy as np
import pandas as pd
import pytest

from spikesweep.errors import UserError
from spikesweep.networks.keras_file import load_model
from spikesweep.training.adapt_network import AdaptedFiles, adapt_network

la = keras.layers


@pytest.fixture(scope="module")
def vgg(stripes, tmp_path_factory):
    """Convolutions and max pooling, trained."""
    keras.utils.set_random_seed(0)
    layers = [la.Conv2D(4, 3, strides=2, padding="same", activation="relu"), la.MaxPooling2D(2)]
    layers += [la.Conv2D(6, 3, padding="same", activation="tanh"), la.MaxPooling2D(2)]
    end = [la.Flatten(), la.Dense(16, activation="relu"), la.Dropout(0.2), la.Dense(3, "softmax")]
    return trained(keras.Sequential([la.Rescaling(1 / 255), *layers, *end]), stripes,
                   tmp_path_factory.mktemp("vgg") / "net.keras")  # fmt: skip


@pytest.fixture(scope="module")
def mobile(stripes, tmp_path_factory):
    """Depthwise convolutions, ReLU6 and batch normalisation, trained."""
    keras.utils.set_random_seed(0)
    image = keras.Input((28, 28, 1))

    def normalised(x):
        return la.ReLU(6.0)(la.BatchNormalization(momentum=0.8)(x))

    x = la.Conv2D(6, 5, strides=4, use_bias=False)(la.Rescaling(1 / 20)(image))
    x = la.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise")(normalised(x))
    x = la.Conv2D(8, 1, use_bias=False)(normalised(x))
    x = la.Dense(3, activation="softmax")(la.Flatten()(normalised(x)))
    path = tmp_path_factory.mktemp("mobile") / "net.keras"
    return trained(keras.Model(image, x), stripes, path)


def trained(model, stripes, path):
    model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy")
    model.fit(stripes.x_train.astype("float32"), stripes.y_train, epochs=6, verbose=0)
    model.save(path)
    return path


def adapt(file, dataset, folder, **settings):
    folder.mkdir(exist_ok=True)
    files = AdaptedFiles(
        model=folder / "model.keras",
        history=folder / "history.csv",
        accuracy=folder / "accuracy.csv",
        replaced=folder / "replaced_layers.csv",
        metadata=folder / "metadata.json",
    )
    adapt_network(
        file=file, dataset=dataset, files=files, network="mine", seed=0,
        adapt={"epochs": 2, **settings}, code="now",
    )  # fmt: skip
    return files


@pytest.mark.parametrize("name", ["vgg", "mobile"])
def test_an_adapted_network_is_as_accurate_as_it_says(
    name, request, stripes, stripes_path, tmp_path, caplog
):
    caplog.set_level("INFO")
    files = adapt(request.getfixturevalue(name), stripes_path, tmp_path)
    metadata = json.loads(files.metadata.read_text())
    accuracy = pd.read_csv(files.accuracy).set_index("split")["accuracy"]
    # Anybody who scales pixels as the metadata says gets this accuracy.
    images = stripes.x_test * np.float32(metadata["input_scale"]) + metadata["input_offset"]
    model = load_model(files.model)
    right = model.predict(images, verbose=0).argmax(axis=1) == stripes.y_test
    assert right.mean() == accuracy["test"] >= accuracy["test_as_saved"] - 0.1
    assert accuracy["test_as_saved"] > 0.9
    assert metadata["lost"] == pytest.approx(
        metadata["accuracy_as_saved"] - metadata["accuracy_fine_tuned"]
    )
    assert metadata["lost_low"] < metadata["lost"] < metadata["lost_high"]
    assert metadata["judged_on"] == "63 test images"
    replaced = pd.read_csv(files.replaced)
    expected = {
        "vgg": ["AveragePooling2D", "Conv2D (relu)", "AveragePooling2D"],
        "mobile": ["ReLU"] * 3,
    }
    assert replaced["becomes"].tolist() == expected[name]
    assert all(f"layer {layer!r}" in caplog.text for layer in replaced["layer"])
    assert "epoch 2/2" in caplog.text
    assert "nan" not in caplog.text
    assert len(pd.read_csv(files.history)) == 2


def test_what_is_not_connected_stays_so(mobile, stripes_path, tmp_path):
    model = load_model(adapt(mobile, stripes_path, tmp_path, margin=1).model)
    (depthwise,) = (layer for layer in model.layers if layer.name == "depthwise")
    kernel = depthwise.get_weights()[0]
    assert kernel.shape == (3, 3, 6, 6)
    off_diagonal = kernel[:, :, ~np.eye(6, dtype=bool)]
    assert not off_diagonal.any()
    before = keras.models.load_model(mobile).get_layer("depthwise").get_weights()[0]
    assert not np.array_equal(np.einsum("xycc->xyc", kernel), before[..., 0])


def test_statistics_are_those_of_the_training_images(mobile, stripes, stripes_path, tmp_path):
    files = adapt(mobile, stripes_path, tmp_path, margin=1)
    metadata, model = json.loads(files.metadata.read_text()), load_model(files.model)
    images = stripes.x_train * np.float32(metadata["input_scale"]) + metadata["input_offset"]
    norm = next(layer for layer in model.layers if "batch_normalization" in layer.name)
    inputs = np.asarray(model.layers[1](images))
    mean, variance = norm.get_weights()[2:]
    np.testing.assert_allclose(mean, inputs.mean(axis=(0, 1, 2)), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(variance, inputs.var(axis=(0, 1, 2)), rtol=0.02)


def test_the_same_seed_gives_the_same_files(vgg, stripes_path, tmp_path):
    first, second = (adapt(vgg, stripes_path, tmp_path / name) for name in ("a", "b"))
    for key in ("history", "accuracy", "replaced"):
        assert getattr(first, key).read_bytes() == getattr(second, key).read_bytes()
    weights = [load_model(files.model).get_weights() for files in (first, second)]
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)


def test_too_much_loss_is_refused_with_what_helps(vgg, stripes_path, tmp_path):
    with pytest.raises(UserError) as refusal:
        # Steps so large that nothing is left of what the network had learned.
        adapt(vgg, stripes_path, tmp_path, learning_rate=3.0, optimizer="adam")
    (line,) = str(refusal.value).splitlines()
    assert "points of accuracy by adaptation" in line
    assert "more than the margin of 2: give more epochs" in line
    assert not (tmp_path / "model.keras").exists()
