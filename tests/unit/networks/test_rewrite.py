"""Networks that are not made of native layers alone compute the same once they are rewritten."""

import logging

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.conversion.read_keras import read_keras
from spikesweep.errors import UserError
from spikesweep.networks.convertible_layers import NATIVE
from spikesweep.networks.rebuild import rebuild
from spikesweep.snn.fan_out import fan_out, multiply_adds
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU

IMAGE = (8, 8, 3)


def chain(library, shape, *layers):
    return library.Sequential([library.Input(shape), *layers])


def graph(library, apply):
    image = library.Input(IMAGE)
    return library.Model(image, apply(library.layers, image))


def classifier(la):
    return [la.Flatten(), la.Dense(4)]


def depthwise(k, la):
    first = la.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="relu")
    second = la.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False)
    return chain(k, IMAGE, first, second, la.BatchNormalization(), la.ReLU(), *classifier(la))


def separable(k, la):
    layer = la.SeparableConv2D(6, 3, strides=2, padding="same", depth_multiplier=2)
    return chain(k, IMAGE, layer, la.ReLU(), *classifier(la))


def groups(k, la):
    mixed = la.Conv2D(4, 1, activation="relu")
    return chain(k, IMAGE, mixed, la.Conv2D(6, 3, groups=2), la.ReLU(), *classifier(la))


def dilation(k, la):
    first = la.Conv2D(6, 3, dilation_rate=2, padding="same", activation="relu")
    return chain(k, IMAGE, first, la.Conv2D(4, 3, dilation_rate=(1, 2)), *classifier(la))


def signal(k, la):
    return chain(
        k,
        (64, 3),
        la.Conv1D(4, 3, padding="causal", dilation_rate=2, activation="relu"),
        la.AveragePooling1D(2),
        la.BatchNormalization(),
        la.SeparableConv1D(6, 3, padding="same"),
        la.ReLU(),
        la.ZeroPadding1D((1, 2)),
        la.DepthwiseConv1D(3, strides=2),
        la.ReLU(),
        la.AveragePooling1D(3, padding="same"),
        la.Dense(5, activation="relu"),
        la.GlobalAveragePooling1D(),
        la.Dense(4),
    )


def no_channel_axis(k, la):
    scaled = la.Rescaling(1 / 127.5, offset=-1)
    hidden = la.Dense(8, activation="relu")
    return chain(k, (8, 24), scaled, la.Flatten(), hidden, la.Dense(4))


def flat(k, la):
    convolution = la.Conv2D(4, 3, activation="relu")
    return chain(k, (192,), la.Reshape(IMAGE), convolution, *classifier(la))


def sigmoid_unit(k, la):
    return chain(k, IMAGE, la.Flatten(), la.Dense(8, "relu"), la.Dense(1, activation="sigmoid"))


def linear_unit(k, la):
    hidden = la.Conv2D(8, 3, activation="relu")
    return chain(k, IMAGE, hidden, la.Conv2D(1, 3), la.GlobalAveragePooling2D())


def sigmoids(k, la):
    return chain(k, IMAGE, la.Flatten(), la.Dense(8, "relu"), la.Dense(4, activation="sigmoid"))


def convolutional_end(k, la):
    hidden, scores = la.Conv2D(8, 3, activation="relu"), la.Conv2D(4, 1)
    mean = la.GlobalAveragePooling2D(keepdims=True)
    return chain(k, IMAGE, hidden, mean, scores, la.Softmax(), la.Reshape((4,)))


def padded_pooling(k, la):
    layers = [
        la.AveragePooling2D(3, strides=1, padding="same"),
        la.AveragePooling2D(2, padding="same"),
        la.AveragePooling2D(3, strides=2, padding="same"),
    ]
    return chain(k, IMAGE, la.Conv2D(4, 3, activation="relu"), *layers, *classifier(la))


def open_size(k, la):
    hidden = la.Conv2D(4, 3, activation="relu")
    return chain(k, (None, None, 3), hidden, la.GlobalAveragePooling2D(), la.Dense(4))


def normalised(k, la):
    layer = la.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 5.0, 6.0])
    return chain(k, IMAGE, layer, la.Conv2D(4, 3, activation="relu"), *classifier(la))


def scaled_in_the_middle(k, la):
    hidden = la.Conv2D(4, 3, activation="relu")
    halved = la.Rescaling(0.5, offset=-1)
    return chain(k, IMAGE, la.ZeroPadding2D(1), halved, hidden, la.Rescaling(2.0), *classifier(la))


def nested_without_inputs(k, la):
    inner = k.Sequential([la.Conv2D(4, 3, activation="relu")])
    end = k.Sequential([la.Flatten(), la.Dense(4, activation="softmax")])
    return chain(k, IMAGE, k.Sequential([la.Rescaling(1 / 255), inner]), end)


def applied_again(k, la):
    shared = la.Conv2D(4, 3, padding="same", activation="relu")

    def apply(la, image):
        x = la.Conv2D(4, 3, activation="relu")(image)
        y = la.Average()([shared(shared(x)), la.Subtract()([x, shared(x)])])
        return la.Dense(4)(la.Flatten()(y))

    return graph(k, apply)


def relu_and_sums(k, la):
    def apply(la, image):
        x = k.activations.relu(la.Conv2D(6, 3)(image / 255.0 - 0.5))
        y = la.Conv2D(6, 3, padding="same", activation="relu")(x)
        return la.Dense(4)(la.GlobalAveragePooling2D()(x + y + y))

    return graph(k, apply)


def numbers(k, la):
    """Two readers of the image, so that neither scaling is that of the pixels."""

    def apply(la, image):
        x = 1.0 - la.ReLU()(la.Conv2D(6, 3)((image - 127.5) / 127.5))
        y = la.Conv2D(6, 3, activation="relu")(image * 2.0 + 1.0)
        return la.Dense(4)(la.Flatten()(x * 0.5 - y))

    return graph(k, apply)


def number_per_channel(k, la):
    mean, deviation = np.float32([0.1, 0.2, 0.3]), np.float32([1, 2, 3])

    def apply(la, image):
        x = la.Conv2D(4, 3, activation="relu")((image - mean) / deviation)
        return la.Dense(4)(la.Flatten()(x))

    return graph(k, apply)


def mean_image(k, la):
    mean = np.random.default_rng(0).uniform(0, 1, IMAGE).astype("f4")

    def apply(la, image):
        x = la.Conv2D(4, 3, activation="relu")((image / 255.0 - mean) * 2.0 + 0.5)
        return la.Dense(4)(la.Flatten()(x))

    return graph(k, apply)


def number_per_row(k, la):
    factors = np.linspace(1, 2, 8, dtype="f4").reshape(8, 1, 1)

    def apply(la, image):
        x = la.Conv2D(4, 3, activation="relu")(image * factors)
        return la.Dense(4)(la.Flatten()(x))

    return graph(k, apply)


def scaled_by_channel(k, la):
    """By the means and deviations of a dataset's channels; Keras 2 cannot load arrays."""
    image = k.Input(IMAGE)
    scale, offset = 1 / (255 * np.array([0.2, 0.3, 0.4])), -np.array([1.0, 2.0, 3.0])
    numbers = (scale.tolist(), offset.tolist()) if k is tf_keras else (scale, offset)
    x = la.Rescaling(*numbers)(image)
    x = la.Conv2D(4, 3, activation="relu")(x)
    return k.Model(image, la.Dense(4)(la.Flatten()(x)))


def normalised_pixels(k, la):
    rng = np.random.default_rng(0)
    mean, variance = rng.uniform(0, 1, IMAGE), rng.uniform(1, 2, IMAGE)
    layer = la.Normalization(axis=(1, 2, 3), mean=mean, variance=variance)
    return chain(k, IMAGE, layer, la.Conv2D(4, 3, activation="relu"), *classifier(la))


def joined_and_reshaped(k, la):
    def apply(la, image):
        x = la.Conv2D(3, 3, padding="same", activation="relu")(image)
        if k is keras:
            joined = keras.ops.concatenate([x, image, x], axis=-1)
            mean, row = keras.ops.mean(joined, axis=(1, 2)), keras.ops.reshape(x, (-1, 192))
        else:
            joined = tf.concat([x, image, x], axis=-1)
            mean, row = tf.reduce_mean(joined, axis=[1, 2]), tf.reshape(x, (-1, 192))
        return la.Dense(4)(la.Concatenate()([mean, row]))

    return graph(k, apply)


def relu_as_maximum(k, la):
    maximum = keras.ops.maximum if k is keras else tf.maximum
    return graph(k, lambda la, x: la.Dense(4)(la.Flatten()(maximum(la.Conv2D(4, 3)(x), 0.0))))


def layers_as_functions(k, la):
    hidden = la.Conv2D(4, 3, activation=la.ReLU())
    return chain(k, IMAGE, hidden, la.Flatten(), la.Dense(4, activation=la.Softmax()))


def functions_of_tensorflow(k, la):
    hidden = la.Conv2D(4, 3, activation=tf.nn.relu)
    return chain(k, IMAGE, hidden, la.Flatten(), la.Dense(4, activation=tf.nn.log_softmax))


def scores_twice(k, la):
    end = [la.Dense(4, activation="softmax"), la.Softmax()]
    return chain(k, IMAGE, la.Conv2D(4, 3, activation="relu"), la.Flatten(), *end)


def cast(k, la):
    def apply(la, image):
        x = keras.ops.cast(image, "float32") if k is keras else tf.cast(image, tf.float32)
        return la.Dense(4)(la.Flatten()(la.Conv2D(4, 3, activation="relu")(x)))

    return graph(k, apply)


def model_twice(k, la):
    inner = chain(k, IMAGE, la.Conv2D(3, 3, padding="same", activation="relu"))
    return graph(k, lambda la, image: la.Dense(4)(la.Flatten()(inner(inner(image)))))


def fixed_batch(k, la):
    image = k.Input(batch_shape=(6, *IMAGE))
    return k.Model(image, la.Dense(4)(la.Flatten()(la.Conv2D(4, 3, activation="relu")(image))))


NETWORKS = [
    depthwise, separable, groups, dilation, signal, no_channel_axis, flat, sigmoid_unit,
    linear_unit, sigmoids, convolutional_end, padded_pooling, open_size, normalised,
    scaled_in_the_middle, nested_without_inputs, applied_again, relu_and_sums, numbers,
    number_per_channel, number_per_row, mean_image, scaled_by_channel, normalised_pixels,
    joined_and_reshaped,
    relu_as_maximum, layers_as_functions, functions_of_tensorflow, scores_twice, cast,
    model_twice, fixed_batch,
]  # fmt: skip


def with_weights(model):
    """Random weights, among them positive variances of batch normalizations."""
    rng = np.random.default_rng(1)
    weights = [rng.uniform(0.1, 1.0, w.shape) - 0.35 * (w.ndim > 1) for w in model.get_weights()]
    model.set_weights(weights)
    return model


@pytest.mark.parametrize("make", NETWORKS)
@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
def test_rewritten_networks_compute_the_same(library, make, tmp_path):
    saved = with_weights(make(library, library.layers))
    saved.save(tmp_path / "model.keras")
    shape = {signal: (64, 3, 1), no_channel_axis: (8, 24, 1)}.get(make, IMAGE)
    images = np.random.default_rng(0).integers(0, 256, (6, *shape)).astype(np.float32)

    rebuilt = rebuild(tmp_path / "model.keras", shape)
    scale, offset = rebuilt.rescaling or (1, 0)
    scores = rebuilt.model(images * np.float32(scale) + np.float32(offset)).numpy()

    inputs = images.reshape(6, *rebuilt.input_shape)
    expected = np.asarray(saved(inputs, training=False)).reshape(6, -1)
    assert scores.shape == (6, 2 if make in (sigmoid_unit, linear_unit) else 4)
    np.testing.assert_allclose(
        rebuilt.as_saved(scores), expected, rtol=0, atol=1e-5 * np.abs(expected).max()
    )
    assert {type(layer).__name__ for layer in rebuilt.model.layers} <= NATIVE
    # Nothing stands in the way any more.
    read_keras(rebuilt.model, SpikingReLU())


def test_only_what_scales_the_image_alone_becomes_its_scaling(tmp_path):
    for make, expected in (
        (relu_and_sums, (1 / 255, -0.5)),
        (no_channel_axis, (1 / 127.5, -1)),
        (numbers, None),
        (scaled_in_the_middle, None),
    ):
        make(keras, keras.layers).save(tmp_path / "model.keras")
        shape = (8, 24, 1) if make is no_channel_axis else IMAGE
        found = rebuild(tmp_path / "model.keras", shape).rescaling
        assert found == (expected and pytest.approx(expected))


def test_one_output_is_read_as_two_classes(tmp_path):
    sigmoid_unit(keras, keras.layers).save(tmp_path / "model.keras")
    rebuilt = rebuild(tmp_path / "model.keras", IMAGE)
    assert rebuilt.classes_as_saved(np.array([[0.2], [0.7]])).tolist() == [0, 1]
    linear_unit(keras, keras.layers).save(tmp_path / "model.keras")
    rebuilt = rebuild(tmp_path / "model.keras", IMAGE)
    assert rebuilt.classes_as_saved(np.array([[-0.2], [0.2]])).tolist() == [0, 1]
    (layer,) = (la for la in rebuilt.model.layers if la.name == "two_scores")
    np.testing.assert_array_equal(layer.get_weights()[0], [[0, 1]])


def test_a_softmax_of_one_output_is_refused(tmp_path):
    la = keras.layers
    chain(keras, IMAGE, la.Flatten(), la.Dense(1, activation="softmax")).save(
        tmp_path / "model.keras"
    )
    with pytest.raises(UserError, match=r"the same for every image: end it in Dense\(2\)"):
        rebuild(tmp_path / "model.keras", IMAGE)


@pytest.mark.parametrize(
    ("apply", "told"),
    [
        (lambda la, x: la.BatchNormalization(axis=1)(x), "normalise the last axis"),
        (lambda la, x: la.Add()([x, la.GlobalAveragePooling2D(keepdims=True)(x)]), "same shape"),
        (lambda la, x: 1.0 / (x + 1.0), "divides a number by a layer"),
        (lambda la, x: keras.ops.mean(x, axis=1), "axes 1 and 2"),
        (lambda la, x: keras.ops.maximum(x, 1.0), "only that of a layer and 0"),
    ],
)
def test_what_depends_on_shapes_is_refused_by_name(apply, told, tmp_path):
    graph(keras, lambda la, x: la.Dense(3)(la.Flatten()(apply(la, x)))).save(
        tmp_path / "model.keras"
    )
    with pytest.raises(UserError, match=told):
        rebuild(tmp_path / "model.keras", IMAGE)


def test_zeros_where_nothing_connects_are_not_counted(tmp_path):
    la = keras.layers
    hidden = la.Conv2D(6, 1, activation="relu", name="hidden")
    one_each = la.DepthwiseConv2D(3, depth_multiplier=2, name="one_each")
    end = [la.ReLU(), la.GlobalAveragePooling2D(), la.Dense(4)]
    with_weights(chain(keras, IMAGE, hidden, one_each, *end)).save(tmp_path / "model.keras")
    layers = read_keras(rebuild(tmp_path / "model.keras", IMAGE).model, SpikingReLU())
    network = SpikingNetwork(layers, 0, 0.001, np.float32(1), np.float32(0))
    # In the middle of the image each neuron is read by 3 x 3 windows, two channels each.
    counts = fan_out(network)["hidden"].reshape(8, 8, 6)
    assert (counts[3, 3] == 18).all()
    assert multiply_adds(network)["one_each"] == 6 * 6 * 9 * 12


@pytest.mark.parametrize("library", [keras, tf_keras], ids=["keras3", "keras2"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(library, value, tmp_path):
    """A ReLU of TensorFlow turns NaN into 0, so that outputs need not show it."""
    model = sigmoids(library, library.layers)
    weights = model.get_weights()
    weights[0][0, 0] = value
    model.set_weights(weights)
    model.save(tmp_path / "model.keras")
    with pytest.raises(UserError, match=r"weights that are not finite .*: its training diverged"):
        rebuild(tmp_path / "model.keras", IMAGE)


def test_a_kernel_that_was_tuned_at_low_rank_is_taken_as_a_whole(tmp_path):
    la = keras.layers
    hidden = la.Dense(6, "relu")
    model = chain(keras, IMAGE, la.Flatten(), hidden, la.Dense(4))
    hidden.enable_lora(2)
    hidden.lora_kernel_b.assign(np.random.default_rng(0).random(hidden.lora_kernel_b.shape))
    model.save(tmp_path / "model.keras")
    images = np.random.default_rng(1).random((3, *IMAGE), np.float32)
    rebuilt = rebuild(tmp_path / "model.keras", IMAGE)
    np.testing.assert_allclose(rebuilt.model(images), np.asarray(model(images)), rtol=1e-4)


@pytest.mark.parametrize("name", ["conv 1.x", "a/b", "_hidden", "слой", "Image"])
def test_names_that_tensorflow_rejects_are_replaced(name, tmp_path):
    la = keras.layers
    # Keras 3 takes all of these but the slash, which some converters write into files.
    first = la.Conv2D(4, 3, activation="relu", name=name.replace("/", "_"))
    chain(keras, IMAGE, first, *classifier(la)).save(tmp_path / "model.keras")
    names = [layer.name for layer in rebuild(tmp_path / "model.keras", IMAGE).model.layers]
    assert len(set(names)) == len(names)
    assert all(layer.isidentifier() or layer[0].isdigit() for layer in names)


@pytest.mark.parametrize("policy", ["mixed_float16", "float16", "bfloat16", "float64"])
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_other_precision_is_taken_in_as_float32_and_told(policy, ending, tmp_path, caplog):
    if (policy, ending) == ("bfloat16", "h5"):
        pytest.skip("Keras 3 itself does not load it again")
    keras.config.set_dtype_policy(policy)
    try:
        saved = with_weights(separable(keras, keras.layers))
    finally:
        keras.config.set_dtype_policy("float32")
    saved.save(tmp_path / f"model.{ending}")
    with caplog.at_level(logging.INFO):
        rebuilt = rebuild(tmp_path / f"model.{ending}", IMAGE)
    assert f"computes in {policy}; it is taken in as float32" in caplog.text
    images = np.random.default_rng(0).random((4, *IMAGE), np.float32)
    scores = rebuilt.model(images).numpy()
    assert scores.dtype == np.float32
    np.testing.assert_allclose(scores, np.asarray(rebuilt.original(images)), rtol=1e-4)
    # Half precision itself is this far off.
    expected = np.asarray(saved(images), np.float32)
    np.testing.assert_allclose(scores, expected, rtol=0, atol=0.05 * np.abs(expected).max())
