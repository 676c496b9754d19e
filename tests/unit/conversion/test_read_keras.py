"""What would be silently wrong is refused, with the layer's name and a remedy."""

import pytest

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.errors import UserError

CASES = {
    "max pooling": (
        lambda k: [k.layers.MaxPooling2D(2, name="bad")],
        r"layer 'bad' \(MaxPooling2D\) has no spiking counterpart.*; train with Average",
    ),
    "sigmoid": (
        lambda k: [k.layers.Conv2D(2, 3, activation="sigmoid", name="bad")],
        r"layer 'bad' \(Conv2D\) has the activation 'sigmoid'; train with relu",
    ),
    "depthwise": (
        lambda k: [k.layers.DepthwiseConv2D(3, name="bad")],
        r"layer 'bad' \(DepthwiseConv2D\).*; use Conv2D with",
    ),
    "rescaling": (
        lambda k: [k.layers.Rescaling(1 / 255, name="bad")],
        r"layer 'bad' \(Rescaling\).*input_scale",
    ),
    "bent relu": (
        lambda k: [k.layers.ReLU(max_value=6, name="bad")],
        r"layer 'bad' \(ReLU\) is a ReLU with a limit",
    ),
    "groups": (
        lambda k: [k.layers.Conv2D(2, 3, groups=2, name="bad")],
        r"layer 'bad' \(Conv2D\) uses groups",
    ),
    "padded pooling": (
        lambda k: [k.layers.AveragePooling2D(2, padding="same", name="bad")],
        r"layer 'bad' \(AveragePooling2D\) pads",
    ),
    "dense on an image": (
        lambda k: [k.layers.Dense(2, activation="relu", name="bad")],
        r"layer 'bad' \(Dense\) receives inputs of shape \(8, 8, 2\); put a Flatten",
    ),
}


def test_there_is_a_reader_for_each_native_layer_and_no_other():
    from spikesweep.conversion.read_keras import READERS, RELUS
    from spikesweep.networks.convertible_layers import NATIVE

    assert sorted([*READERS, *RELUS, "InputLayer"]) == sorted(NATIVE)


@pytest.mark.parametrize("case", CASES)
def test_layer_is_refused_by_name(case):
    import tf_keras

    from spikesweep.conversion.read_keras import read_keras
    from spikesweep.snn.neurons import SpikingReLU

    layers, message = CASES[case]
    end = [tf_keras.layers.Flatten(), tf_keras.layers.Dense(3)]
    model = tf_keras.Sequential([tf_keras.Input((8, 8, 2)), *layers(tf_keras), *end])
    with pytest.raises(UserError, match=message):
        read_keras(model, SpikingReLU())


@pytest.mark.parametrize(
    ("activations", "message"),
    [
        ((None, None), "has no ReLU"),
        (("relu", "relu"), "layer 'output': the last layer must be linear"),
        (("relu", "softmax"), "has the activation 'softmax'; remove it"),
    ],
)
def test_network_without_spikes_or_scores_is_refused(activations, message):
    import tf_keras

    from spikesweep.conversion.read_keras import read_keras
    from spikesweep.snn.neurons import SpikingReLU

    model = tf_keras.Sequential(
        [
            tf_keras.Input((4,)),
            tf_keras.layers.Dense(5, activation=activations[0]),
            tf_keras.layers.Dense(3, activation=activations[1], name="output"),
        ]
    )
    with pytest.raises(UserError, match=message):
        read_keras(model, SpikingReLU())


def test_layer_that_is_used_twice_is_refused():
    import tf_keras

    from spikesweep.conversion.read_keras import read_keras
    from spikesweep.snn.neurons import SpikingReLU

    image = tf_keras.Input((4,))
    twice = tf_keras.layers.Dense(4, activation="relu", name="twice")
    model = tf_keras.Model(image, tf_keras.layers.Dense(2)(twice(twice(image))))
    with pytest.raises(UserError, match=r"layer 'twice' .* is applied more than once"):
        read_keras(model, SpikingReLU())
