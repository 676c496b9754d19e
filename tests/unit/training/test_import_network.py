import json

import keras
import numpy as np
import pandas as pd
import pytest

from spikesweep.errors import UserError
from spikesweep.networks.keras_file import load_model
from spikesweep.training.import_network import import_network

la = keras.layers


@pytest.fixture
def user_file(stripes, tmp_path):
    """A network of Keras 3 that a user trained on raw pixels, with its own Rescaling."""
    la = keras.layers
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            la.Input((28, 28, 1)),
            la.Rescaling(1 / 255),
            la.Flatten(),
            la.Dense(16, activation="relu"),
            la.Dropout(0.1),
            la.Dense(3, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.003), "sparse_categorical_crossentropy")
    model.fit(stripes.x_train.astype("float32"), stripes.y_train, epochs=4, verbose=0)
    model.save(tmp_path / "user.keras")
    return tmp_path / "user.keras"


def take_in(file, dataset, folder, **scaling):
    import_network(
        file=file,
        dataset=dataset,
        model_path=folder / "model.keras",
        accuracy_path=folder / "accuracy.csv",
        metadata_path=folder / "metadata.json",
        network="mine",
        seed=0,
        **scaling,
    )


def test_accuracy_is_the_same_before_and_after(user_file, stripes, stripes_path, tmp_path):
    take_in(user_file, stripes_path, tmp_path)
    accuracy = pd.read_csv(tmp_path / "accuracy.csv").set_index("split")["accuracy"]
    assert accuracy["test"] == accuracy["test_as_saved"] > 0.8
    metadata = json.loads((tmp_path / "metadata.json").read_text())
    assert metadata["largest_output_difference"] < 1e-5
    assert metadata["saved_by_keras"].startswith("3.")
    # Anybody who scales pixels as the metadata says gets the user's accuracy.
    images = stripes.x_test * np.float32(metadata["input_scale"]) + metadata["input_offset"]
    classes = load_model(tmp_path / "model.keras").predict(images, verbose=0).argmax(axis=1)
    assert (classes == stripes.y_test).mean() == accuracy["test"]


def test_a_scale_of_the_config_comes_before_the_files_own(user_file, stripes_path, tmp_path):
    take_in(user_file, stripes_path, tmp_path, input_scale=0.5, input_offset=2.0)
    metadata = json.loads((tmp_path / "metadata.json").read_text())
    assert metadata["input_scale"] == pytest.approx(0.5 / 255)
    assert metadata["input_offset"] == pytest.approx(2 / 255)


@pytest.mark.parametrize("key", ["input_scale", "input_offset"])
def test_numbers_for_other_channels_are_refused(key, user_file, stripes_path, tmp_path):
    with pytest.raises(UserError, match=f"{key} of the network has 3 numbers, but .* 1 channel: "):
        take_in(user_file, stripes_path, tmp_path, **{key: [1, 2, 3]})


def test_files_for_other_data_are_refused(stripes_path, tmp_path):
    la = keras.layers
    path = tmp_path / "user.keras"
    keras.Sequential([la.Input((32, 32, 3)), la.Flatten(), la.Dense(3)]).save(path)
    with pytest.raises(UserError, match=r"\(32, 32, 3\), but .* \(28, 28, 1\)"):
        take_in(path, stripes_path, tmp_path)
    keras.Sequential([la.Input((28, 28, 1)), la.Flatten(), la.Dense(4)]).save(path)
    with pytest.raises(UserError, match="4 outputs, but its dataset has 3 classes"):
        take_in(path, stripes_path, tmp_path)
    assert not (tmp_path / "model.keras").exists()


def doubts_of(folder):
    return json.loads((folder / "metadata.json").read_text())["doubts"]


def test_numbers_that_mean_nothing_are_doubted(user_file, stripes_path, tmp_path, caplog):
    take_in(user_file, stripes_path, tmp_path, test_accuracy=0.8)
    assert doubts_of(tmp_path) == []
    take_in(user_file, stripes_path, tmp_path, input_scale=0.0039)
    assert doubts_of(tmp_path)[-1].startswith("scaled twice: by input_scale")
    assert f"{user_file} is scaled twice: by input_scale" in caplog.text


def test_chance_is_doubted(stripes_path, tmp_path):
    la = keras.layers
    path = tmp_path / "user.keras"
    keras.Sequential([la.Input((28, 28, 1)), la.Flatten(), la.Dense(4, "relu"), la.Dense(3)]).save(
        path
    )
    take_in(path, stripes_path, tmp_path, test_accuracy=0.99)
    chance, below = doubts_of(tmp_path)
    assert chance.startswith("no better than chance: right on ")
    assert "with 3 classes" in chance
    assert below.startswith("below the stated test_accuracy of 99.0%: right on ")


def test_inputs_of_other_axes_and_one_output_are_taken_in(stripes, stripes_path, tmp_path):
    la = keras.layers
    path = tmp_path / "user.keras"
    layers = [la.Flatten(), la.Dense(4, "relu"), la.Dense(3, "sigmoid")]
    keras.Sequential([la.Input((28, 28)), *layers]).save(path)
    take_in(path, stripes_path, tmp_path)
    accuracy = pd.read_csv(tmp_path / "accuracy.csv").set_index("split")["accuracy"]
    assert accuracy["test"] == accuracy["test_as_saved"]


@pytest.mark.parametrize(
    ("rescaling", "expected"), [(None, 1 / 255), ((1 / 255, 0), 1), ((2.0, -1), 1 / 255)]
)
def test_pixels_are_scaled_for_what_the_file_expects(rescaling, expected, stripes_path, tmp_path):
    la = keras.layers
    path = tmp_path / "user.keras"
    first = [] if rescaling is None else [la.Rescaling(*rescaling)]
    layers = [*first, la.Flatten(), la.Dense(4, "relu"), la.Dense(3)]
    keras.Sequential([la.Input((28, 28, 1)), *layers]).save(path)
    take_in(path, stripes_path, tmp_path)
    scale = json.loads((tmp_path / "metadata.json").read_text())["input_scale"]
    assert scale == pytest.approx(expected * (1 if rescaling is None else rescaling[0]))


def test_names_that_tensorflow_cannot_compile_and_named_ends_are_taken_in(stripes_path, tmp_path):
    image = keras.Input((28, 28, 1), name="image")
    hidden = la.Dense(4, "relu", name="hidden {1} 猫")(la.Flatten()(image))
    path = tmp_path / "user.keras"
    keras.Model({"image": image}, {"scores": la.Dense(3, name="scores")(hidden)}).save(path)
    take_in(path, stripes_path, tmp_path)
    accuracy = pd.read_csv(tmp_path / "accuracy.csv").set_index("split")["accuracy"]
    assert accuracy["test"] == accuracy["test_as_saved"]
