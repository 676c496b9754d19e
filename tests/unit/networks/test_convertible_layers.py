"""The table of layers says what Keras's layers do, and README says what the table says."""

import re
from pathlib import Path

import keras
import numpy as np
import pytest
import tf_keras

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.networks.convertible_layers import (
    ABSORBED,
    LAYERS,
    LEFT_OUT,
    MODELS,
    NATIVE,
    REPLACED,
    REWRITTEN,
    remedy,
)

README = Path(__file__).parents[3] / "README.md"
# Arguments without a default.
ARGUMENTS = {
    "ActivityRegularization": {"l2": 0.1},
    "Dropout": {"rate": 0.5},
    "GaussianDropout": {"rate": 0.5},
    "GaussianNoise": {"stddev": 0.9},
    "RandomBrightness": {"factor": 0.5},
    "RandomContrast": {"factor": 0.5},
    "RandomColorDegeneration": {"factor": 0.5},
    "RandomGrayscale": {"factor": 0.5},
    "RandomHue": {"factor": 0.5},
    "RandomRotation": {"factor": 0.5},
    "RandomSaturation": {"factor": 0.5},
    "RandomSharpness": {"factor": 0.5},
    "RandomTranslation": {"height_factor": 0.5, "width_factor": 0.5},
    "RandomZoom": {"height_factor": 0.5},
    "AlphaDropout": {"rate": 0.5},
    "SpatialDropout1D": {"rate": 0.5},
    "SpatialDropout2D": {"rate": 0.5},
}
# Classes of tensorflow-model-optimization, and of Keras for what is not a layer of its own.
NOT_OF_KERAS = {
    "ClusterWeights",
    "PruneLowMagnitude",
    "QuantizeLayer",
    "QuantizeWrapper",
    "QuantizeWrapperV2",
}


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
@pytest.mark.parametrize("kind", sorted(LEFT_OUT))
def test_what_is_left_out_does_nothing_once_trained(kind, library):
    if not hasattr(library.layers, kind):
        assert library is tf_keras  # Keras 3 has more of them.
        return
    layer = getattr(library.layers, kind)(**ARGUMENTS.get(kind, {}))
    images = np.random.default_rng(0).random((2, 6, 6, 3), np.float32) * 300 - 20
    images = images[:, 0] if kind == "SpatialDropout1D" else images
    np.testing.assert_array_equal(np.asarray(layer(images, training=False)), images)


@pytest.mark.parametrize("kind", sorted(LAYERS.keys() - NOT_OF_KERAS))
def test_every_name_is_that_of_a_class_of_keras(kind):
    if kind in MODELS:
        assert hasattr(tf_keras, kind) or kind == "Functional"
    else:
        assert hasattr(tf_keras.layers, kind) or hasattr(keras.layers, kind)


def test_whatever_does_not_convert_has_a_remedy():
    assert remedy("MaxPooling2D") == "train with AveragePooling2D or with strides instead"
    assert remedy("Rescaling").startswith("remove it and set input_scale")
    assert remedy("Unheard") == remedy("EinsumDense")
    assert "Conv2D, Dense" in remedy("Unheard")


def test_each_layer_that_converts_has_a_function_that_rewrites_it():
    from spikesweep.networks.operations import KINDS
    from spikesweep.networks.rewrite import REWRITES

    absorbed = ABSORBED - MODELS
    assert REWRITES.keys() == (NATIVE - {"InputLayer"}) | REWRITTEN | absorbed | (KINDS - LEFT_OUT)


def test_the_readme_lists_the_layers_of_the_table():
    rows = dict(re.findall(r"^\| (\w[^|]*?) \| (`[^|]*) \|$", README.read_text(), re.MULTILINE))

    def listed(row):
        return set(re.findall(r"`(\w+)`", rows[row]))

    assert listed("taken as they are") == NATIVE - {"InputLayer"}
    assert listed("rewritten as those, exactly") == REWRITTEN
    assert listed("left out, since they act in training only") == LEFT_OUT
    assert listed("replaced by adaptation (below); without it refused") == set(REPLACED)
    assert listed("worked into the network") == ABSORBED - {"Model"}
