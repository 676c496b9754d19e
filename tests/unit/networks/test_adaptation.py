"""Adaptation replaces what does not convert, and nothing else changes."""

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.errors import UserError
from spikesweep.networks.convertible_layers import NATIVE, OTHER_FUNCTIONS, REPLACED
from spikesweep.networks.keras_file import read_keras_file
from spikesweep.networks.rebuild import load, rebuilt_from
from spikesweep.networks.swap import swapped

IMAGE = (16, 16, 3)
LIBRARIES = pytest.mark.parametrize("k", [keras, tf_keras], ids=["keras3", "keras2"])


def vgg(k):
    la = k.layers

    def block(filters):
        convolutions = [la.Conv2D(filters, 3, padding="same", activation="relu") for _ in range(2)]
        return [*convolutions, la.MaxPooling2D(2)]

    end = [la.Flatten(), la.Dense(8, activation="relu"), la.Dropout(0.5), la.Dense(4)]
    return k.Sequential([k.Input(IMAGE), *block(4), *block(6), *end])


def mobile(k):
    la = k.layers
    image = k.Input(IMAGE)
    x = la.Conv2D(6, 3, strides=2, padding="same", use_bias=False)(image)
    x = la.ReLU(6.0)(la.BatchNormalization()(x))
    y = la.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    y = la.ReLU(6.0)(la.BatchNormalization()(y))
    y = la.BatchNormalization()(la.Conv2D(6, 1, use_bias=False)(y))
    x = la.GlobalAveragePooling2D()(la.Add()([x, y]))
    return k.Model(image, la.Dense(4)(x))


def everything(k):
    """Each kind of layer and of function that adaptation replaces, nested and as operations."""
    la = k.layers
    image = k.Input(IMAGE)
    x = la.Conv2D(8, 3, padding="same", activation=la.LeakyReLU())(image)
    x = la.Activation("gelu")(la.LayerNormalization()(la.MaxPooling2D(3, 2, padding="same")(x)))
    x = la.GroupNormalization(groups=2)(la.PReLU()(la.DepthwiseConv2D(3, padding="same")(x)))
    inner = [la.Conv2D(6, 1, activation="tanh"), la.MaxPooling2D(2), la.ELU()]
    x = k.Sequential([k.Input((8, 8, 8)), *inner])(x)
    if k is keras:
        x = k.ops.tanh(k.activations.relu(k.activations.gelu(x), max_value=6))
    else:
        x = tf.nn.leaky_relu(tf.nn.relu6(x), alpha=0.1)
    x = la.Conv2D(4, 1, activation="swish")(x)
    return k.Model(image, la.Dense(5, activation="sigmoid")(la.GlobalMaxPooling2D()(x)))


def with_weights(model):
    rng = np.random.default_rng(0)
    weights = [rng.normal(0.2, 0.5, w.shape) for w in model.get_weights()]
    model.set_weights([np.abs(w) if w.ndim == 1 else w for w in weights])
    return model


def adapted(model, path):
    model.save(path)
    file = read_keras_file(path, adapt=True)
    changed, replaced = swapped(load(path, file))
    assert tuple(replaced) == file.replaced
    return changed, replaced


@LIBRARIES
@pytest.mark.parametrize("make", [vgg, mobile, everything])
def test_an_adapted_network_is_made_of_native_layers(make, k, tmp_path):
    path = tmp_path / "net.keras"
    changed, _ = adapted(with_weights(make(k)), path)
    rebuilt = rebuilt_from(path, changed, IMAGE)
    images = np.random.default_rng(1).random((3, *IMAGE), np.float32)
    expected = np.asarray(changed(images))
    np.testing.assert_allclose(rebuilt.as_saved(rebuilt.model(images).numpy()), expected, rtol=1e-4)
    assert {type(layer).__name__ for layer in rebuilt.model.layers} <= NATIVE


@LIBRARIES
def test_only_the_layers_that_are_named_are_replaced(k, tmp_path):
    model = with_weights(vgg(k))
    changed, replaced = adapted(model, tmp_path / "net.keras")
    pools = [layer.name for layer in model.layers if "max_pooling" in layer.name]
    assert [(one.layer, one.was, one.becomes) for one in replaced] == [
        (name, "MaxPooling2D", "AveragePooling2D") for name in pools
    ]
    for old, new in zip(model.get_weights(), changed.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@LIBRARIES
def test_a_relu6_is_a_relu_below_its_limit(k, tmp_path):
    model = with_weights(mobile(k))
    changed, replaced = adapted(model, tmp_path / "net.keras")
    assert {(one.was, one.becomes) for one in replaced} == {("ReLU (max_value 6)", "ReLU")}
    images = np.random.default_rng(1).random((3, *IMAGE), np.float32)
    small, large = (
        [np.asarray(m(images * factor)) for m in (model, changed)] for factor in (0.01, 100)
    )
    np.testing.assert_allclose(*small, rtol=1e-5)
    assert np.abs(large[0] - large[1]).max() > 0.01


@LIBRARIES
def test_a_normalisation_without_weights_gets_fresh_ones(k, tmp_path):
    la = k.layers
    layers = [la.Dense(3), la.UnitNormalization(), la.ReLU(), la.Dense(2)]
    changed, _ = adapted(with_weights(k.Sequential([k.Input((7,)), *layers])), tmp_path / "n.keras")
    for found, wanted in zip(changed.layers[-3].get_weights(), (1, 0, 0, 1), strict=True):
        np.testing.assert_array_equal(found, np.full(3, wanted))


@LIBRARIES
def test_a_normalisation_keeps_its_scale_and_offset(k, tmp_path):
    la = k.layers
    layers = [la.Dense(3), la.LayerNormalization(epsilon=0.01), la.ReLU(), la.Dense(2)]
    model = with_weights(k.Sequential([k.Input((7,)), *layers]))
    changed, _ = adapted(model, tmp_path / "net.keras")
    gamma, beta = model.layers[-3].get_weights()
    norm = changed.layers[-3]
    assert (type(norm).__name__, norm.epsilon) == ("BatchNormalization", 0.01)
    expected = [gamma, beta, np.zeros(3), np.ones(3)]
    for found, wanted in zip(norm.get_weights(), expected, strict=True):
        np.testing.assert_array_equal(found, wanted)


def test_a_function_of_the_scores_is_left_out_and_not_cut_off(tmp_path):
    la = keras.layers
    layers = [la.Flatten(), la.Dense(8, "relu"), la.Dense(4, "tanh")]
    model = with_weights(keras.Sequential([keras.Input(IMAGE), *layers]))
    changed, replaced = adapted(model, tmp_path / "net.keras")
    assert [(one.was, one.becomes) for one in replaced] == [("Dense (tanh)", "Dense")]
    images = np.random.default_rng(1).normal(size=(3, *IMAGE))
    np.testing.assert_allclose(np.tanh(changed(images)), model(images), rtol=1e-4)


def test_a_relu_of_the_scores_is_left_out(tmp_path):
    la = keras.layers
    layers = [la.Flatten(), la.Dense(8, "relu"), la.Dense(4), la.ReLU()]
    model = with_weights(keras.Sequential([keras.Input(IMAGE), *layers]))
    changed, replaced = adapted(model, tmp_path / "net.keras")
    assert [(one.was, one.becomes) for one in replaced] == [("ReLU", "Activation (linear)")]
    images = np.random.default_rng(1).normal(size=(3, *IMAGE))
    np.testing.assert_allclose(np.maximum(changed(images), 0), model(images), rtol=1e-4)


@pytest.mark.parametrize("name", sorted(OTHER_FUNCTIONS))
def test_every_function_is_one_of_keras(name):
    known = [hasattr(k.activations, name) or hasattr(tf.nn, name) for k in (keras, tf_keras)]
    assert any(known)


def test_every_layer_that_is_put_in_place_converts():
    from spikesweep.networks.convertible_layers import REWRITTEN

    assert set(REPLACED.values()) <= NATIVE | REWRITTEN


def test_a_refusal_says_what_adaptation_would_do(tmp_path):
    path = tmp_path / "net.keras"
    vgg(keras).save(path)
    with pytest.raises(UserError) as refusal:
        read_keras_file(path)
    assert "replace all of them" in str(refusal.value)
    assert "`adapt: {epochs: 5}`" in str(refusal.value).splitlines()[-1]
    la = keras.layers
    layers = [la.MaxPooling2D(2), la.UpSampling2D(name="up"), la.Flatten(), la.Dense(4, "relu")]
    keras.Sequential([keras.Input(IMAGE), *layers]).save(path)
    with pytest.raises(UserError, match="study replace all but 'up' and fine-tune"):
        read_keras_file(path)
    with pytest.raises(UserError, match=r"a layer does not convert: 'up' \(UpSampling2D\)") as left:
        read_keras_file(path, adapt=True)
    assert "adapt:" not in str(left.value)
