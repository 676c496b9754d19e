import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spikesweep.errors import UserError
from spikesweep.networks.architectures import (
    architecture_names,
    build_network,
    check_options,
)
from spikesweep.networks.convertible_layers import NATIVE

SCRIPTS = str(Path(__file__).parents[3] / "scripts")


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3)])
@pytest.mark.parametrize("architecture", architecture_names())
def test_every_architecture_gives_logits_from_layers_that_convert(architecture, shape):
    model = build_network(architecture, shape, 7, {})
    logits = model(np.random.default_rng(0).random((2, *shape), np.float32)).numpy()
    assert logits.shape == (2, 7)
    assert {type(layer).__name__ for layer in model.layers} <= NATIVE.keys()
    last = model.layers[-1]
    assert (last.name, last.activation.__name__) == ("output", "linear")
    spiking = [la for la in model.layers if getattr(la, "activation", None) is not None]
    assert {la.activation.__name__ for la in spiking if la is not last} <= {"relu", "linear"}


def test_options_reach_the_network():
    model = build_network("dense", (4, 4, 1), 3, {"units": [5, 6]})
    assert [la.units for la in model.layers if hasattr(la, "units")] == [5, 6, 3]
    model = build_network(
        "cnn", (8, 8, 3), 3, {"filters": [4, 5], "strides": [2, 1], "batch_norm": True}
    )
    names = [la.name for la in model.layers]
    assert names[1:4] == ["conv1", "conv1_norm", "conv1_relu"]
    assert model.get_layer("conv2_relu").output_shape == (None, 4, 4, 5)


@pytest.mark.parametrize("architecture", ["cnn", "dense", "residual"])
def test_dropout_follows_each_relu_and_acts_in_training_alone(architecture):
    options = {"dropout": 0.5, "batch_norm": True}
    model = build_network(architecture, (16, 16, 1), 4, options)
    relus = [la.name for la in model.layers if la.name.endswith("_relu")]
    dropouts = [la for la in model.layers if type(la).__name__ == "Dropout"]
    sources = [la.inbound_nodes[0].inbound_layers.name for la in dropouts]
    assert len(relus) >= 3
    assert sources == relus
    images = np.random.default_rng(0).random((3, 16, 16, 1), np.float32)
    without = build_network(architecture, (16, 16, 1), 4, {**options, "dropout": 0})
    without.set_weights(model.get_weights())
    np.testing.assert_array_equal(model(images), without(images))
    assert not np.array_equal(model(images, training=True), without(images, training=True))


def test_a_layer_may_stand_before_an_architecture():
    import tf_keras

    first = tf_keras.layers.Conv2D(2, 3, padding="same", name="first")
    model = build_network("cnn", (8, 8, 1), 3, {}, first_layer=first)
    assert [la.name for la in model.layers][:3] == ["image", "first", "conv1"]
    assert model.get_layer("conv1").input_shape == (None, 8, 8, 2)


@pytest.mark.parametrize(
    ("architecture", "options", "told"),
    [
        ("transformer", {}, "no architecture 'transformer'; there are: cnn"),
        ("dense", {"unit": [3]}, "no option 'unit'; it has: units"),
        ("dense", {"units": []}, "a list of whole numbers above 0"),
        ("dense", {"units": [16, 0]}, "a list of whole numbers above 0"),
        ("dense", {"units": 16}, "a list of whole numbers above 0"),
        ("cnn", {"batch_norm": 1}, "true or false"),
        ("cnn", {"kernel_size": True}, "a whole number above 0"),
        ("cnn", {"dropout": 1}, "at least 0 and less than 1"),
        ("dense", {"dropout": False}, "at least 0 and less than 1"),
        ("residual", {"dropout": "0.5"}, "at least 0 and less than 1"),
        ("cnn", {"filters": [4, 4]}, "filters has 2, strides has 3"),
    ],
)
def test_wrong_options_are_refused(architecture, options, told):
    with pytest.raises(UserError) as refusal:
        check_options(architecture, options)
    assert told in str(refusal.value)


def test_images_too_small_are_refused():
    with pytest.raises(UserError, match="does not fit images of shape"):
        build_network("nengo_dl_example", (3, 3, 1), 10, {})


def test_names_and_options_cost_no_tensorflow():
    code = (
        f"import sys; sys.path.insert(0, {SCRIPTS!r})\n"
        "from spikesweep.networks.architectures import architecture_names, check_options\n"
        "from spikesweep.networks.keras_file import peek_shapes\n"
        "check_options(architecture_names()[0], {})\n"
        "heavy = {'tensorflow', 'keras', 'tf_keras', 'numpy', 'h5py'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
