import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spikesweep.errors import UserError
from spikesweep.networks import architectures, registry
from spikesweep.networks.build_network import build_network
from spikesweep.networks.convertible_layers import NATIVE
from spikesweep.networks.kinds import kind_of_architecture, kind_of_layers
from spikesweep.networks.options import check_options
from spikesweep.networks.registry import architecture_names

SCRIPTS = str(Path(__file__).parents[3] / "scripts")


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3)])
@pytest.mark.parametrize("architecture", architecture_names())
def test_every_architecture_gives_logits_from_layers_that_convert(architecture, shape):
    model = build_network(architecture, shape, 7, {})
    logits = model(np.random.default_rng(0).random((2, *shape), np.float32)).numpy()
    assert logits.shape == (2, 7)
    assert {type(layer).__name__ for layer in model.layers} <= NATIVE
    last = model.layers[-1]
    assert (last.name, last.activation.__name__) == ("output", "linear")
    spiking = [la for la in model.layers if getattr(la, "activation", None) is not None]
    assert {la.activation.__name__ for la in spiking if la is not last} <= {"relu", "linear"}


@pytest.mark.parametrize("architecture", architecture_names())
def test_every_architecture_is_of_the_kind_that_it_declares(architecture):
    model = build_network(architecture, (28, 28, 1), 7, {})
    types = [type(layer).__name__ for layer in model.layers]
    assert kind_of_architecture(architecture) == kind_of_layers(types)


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["InputLayer", "Flatten", "Dense", "Dense"], "dense"),
        (["InputLayer", "Conv2D", "AveragePooling2D", "Flatten", "Dense"], "convolutional"),
        (["InputLayer", "Conv2D", "Conv2D", "Add", "Dense"], "residual"),
        (["InputLayer", "Conv2D", "Conv2D", "Concatenate", "Dense"], "other"),
        (["InputLayer", "Flatten"], "other"),
    ],
)
def test_layers_tell_the_kind_of_a_network(types, kind):
    assert kind_of_layers(types) == kind


@pytest.fixture
def one_more_file(tmp_path, monkeypatch):
    """Writes a file that is found in the folder of architectures, under a name of its own."""
    names = itertools.count()
    monkeypatch.setattr(registry, "_FOLDER", tmp_path)
    monkeypatch.setattr(architectures, "__path__", [str(tmp_path)])

    def write(code):
        name = f"made_for_test_{tmp_path.name}_{next(names)}"
        (tmp_path / f"{name}.py").write_text(code)
        return name

    return write


def test_an_architecture_is_one_file(one_more_file):
    name = one_more_file(
        "KIND = 'dense'\n\n\ndef build(images, classes, *, units=3):\n"
        "    from tf_keras import layers\n"
        "    x = layers.Dense(units, name='hidden')(layers.Flatten()(images))\n"
        "    return layers.Dense(classes, name='output')(x)\n"
    )
    assert architecture_names() == [name]
    assert kind_of_architecture(name) == "dense"
    model = build_network(name, (4, 4, 1), 5, {"units": 6})
    assert model.get_layer("hidden").units == 6
    with pytest.raises(UserError, match="a whole number above 0, such as 3"):
        check_options(name, {"units": 0.5})


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("KIND = 'dense'\n", r"no function build\(images, classes, ...\); add it"),
        ("def build(images, classes):\n    return images\n", "KIND is None; it may be dense, "),
        (
            "KIND = 'CNN'\n\n\ndef build(images, classes):\n    return images\n",
            "KIND is 'CNN'; it may be dense, ",
        ),
    ],
)
def test_a_file_that_lacks_something_is_refused(one_more_file, code, told):
    name = one_more_file(code)
    with pytest.raises(UserError, match=rf"{name}\.py.*{told}"):
        kind_of_architecture(name)


def test_options_reach_the_network():
    model = build_network("dense", (4, 4, 1), 3, {"units": [5, 6]})
    assert [la.units for la in model.layers if hasattr(la, "units")] == [5, 6, 3]
    model = build_network(
        "cnn", (8, 8, 3), 3, {"filters": [4, 5], "strides": [2, 1], "batch_norm": True}
    )
    names = [la.name for la in model.layers]
    assert names[1:4] == ["conv1", "conv1_norm", "conv1_relu"]
    assert model.get_layer("conv2_relu").output_shape == (None, 4, 4, 5)


RESNETS = {
    # Blocks of a stage, trainable weights, layers with a ReLU. He et al. (2016, table 6) give
    # ResNet-20 0.27 M weights.
    "ResNet-8": (1, 78_042, 7),
    "ResNet-20": (3, 272_474, 19),
}


@pytest.mark.parametrize("name", RESNETS)
def test_resnets_are_those_of_the_paper(name):
    blocks, trainable, spiking = RESNETS[name]
    options = {"first": 16, "filters": [16, 32, 64], "strides": [1, 2, 2], "pooled": False}
    model = build_network("residual", (32, 32, 3), 10, {**options, "blocks": [blocks] * 3})
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == trainable
    relus = [la for la in model.layers if la.name.endswith("_relu")]
    assert len(relus) == spiking
    assert relus[-1].output_shape[1:] == (8, 8, 64)
    # Only where a stage begins with more channels.
    shortcuts = {la.name for la in model.layers if la.name.endswith("_shortcut")}
    assert shortcuts == {f"block{blocks + 1}_shortcut", f"block{2 * blocks + 1}_shortcut"}


def test_resnet_9_shrinks_by_averages_and_its_shortcuts_have_no_weights():
    options = {"first": 32, "filters": [64, 128, 256]}
    model = build_network("residual", (32, 32, 3), 10, options)
    spiking = [la.name.removesuffix("_relu") for la in model.layers if la.name.endswith("_relu")]
    assert spiking == [
        "conv1", "conv2", "block1_conv1", "block1", "conv3", "conv4", "block2_conv1", "block2",
    ]  # fmt: skip
    assert not any("shortcut" in la.name for la in model.layers)
    pools = [la.output_shape[1:] for la in model.layers if "pool" in la.name]
    assert pools == [(16, 16, 64), (8, 8, 128), (4, 4, 256)]
    kernels = [la.kernel for la in model.layers if hasattr(la, "kernel")]
    # 3x3 everywhere: 1.65 M weights.
    assert (
        sum(int(np.prod(kernel.shape)) for kernel in kernels)
        == 9 * (3 * 32 + 32 * 64 + 2 * 64 * 64 + 64 * 128 + 128 * 256 + 2 * 256 * 256) + 256 * 10
    )


def test_a_stage_that_shrinks_by_its_first_block_needs_one():
    options = {"pooled": False, "blocks": [1, 0, 1]}
    with pytest.raises(UserError, match="stage 2 has no block, which only `pooled: true` allows"):
        build_network("residual", (32, 32, 3), 10, options)


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
        ("transformer", {}, "no architecture 'transformer'; allowed: cnn"),
        ("dense", {"unit": [3]}, "no option 'unit'; its options: units"),
        ("dense", {"units": []}, "a list of whole numbers above 0"),
        ("dense", {"units": [16, 0]}, "a list of whole numbers above 0"),
        ("dense", {"units": 16}, "a list of whole numbers above 0"),
        ("cnn", {"batch_norm": 1}, "true or false"),
        ("cnn", {"kernel_size": True}, "a whole number above 0"),
        ("cnn", {"dropout": 1}, "at least 0 and less than 1"),
        ("dense", {"dropout": False}, "at least 0 and less than 1"),
        ("residual", {"dropout": "0.5"}, "at least 0 and less than 1"),
        ("cnn", {"filters": [4, 4]}, "filters has 2, strides has 3"),
        ("residual", {"blocks": [1, -1, 1]}, "a list of whole numbers from 0, such as [1, 0, 1]"),
        ("residual", {"strides": [2, 0, 1]}, "a list of whole numbers above 0"),
    ],
)
def test_wrong_options_are_refused(architecture, options, told):
    with pytest.raises(UserError) as refusal:
        check_options(architecture, options)
    assert told in str(refusal.value)


def test_images_too_small_are_refused():
    with pytest.raises(UserError, match=r"cannot be built with options .* for images"):
        build_network("nengo_dl_example", (3, 3, 1), 10, {})


def test_names_and_options_cost_no_tensorflow():
    code = (
        f"import sys; sys.path.insert(0, {SCRIPTS!r})\n"
        "from spikesweep.networks.build_network import build_network\n"
        "from spikesweep.networks.options import check_options\n"
        "from spikesweep.networks.registry import architecture_names\n"
        "from spikesweep.networks.keras_file import read_keras_file\n"
        "for name in architecture_names():\n"
        "    check_options(name, {})\n"
        "heavy = {'tensorflow', 'keras', 'tf_keras', 'numpy', 'h5py'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
