"""A network that scales pixels itself is known to read 0 to 255, wherever it does so."""

import keras
import numpy as np
import pytest
import tf_keras

from spikesweep.networks.rebuild import rebuild

IMAGE = (8, 8, 3)
PIXEL = 1 / 255


def nested_augmentation(k, la, image):
    return la.Rescaling(PIXEL)(k.Sequential([la.RandomFlip("horizontal")])(image))


def rescaling_in_a_model(k, la, image):
    return k.Sequential([la.GaussianNoise(0.1), la.Rescaling(PIXEL, offset=-0.5)])(image)


def behind_padding(k, la, image):
    return la.Rescaling(PIXEL)(la.ZeroPadding2D(1)(image))


def of_three_copies(k, la, image):
    return la.Rescaling(PIXEL)(la.Concatenate()([image, image, image]))


def in_two_steps(k, la, image):
    return la.Rescaling(1 / 127.5)(la.Reshape((4, 16, 3))(la.Rescaling(1.0, offset=-127.5)(image)))


def trained_normalisation(k, la, image):
    return la.BatchNormalization(name="first")(image)


MAKERS = [nested_augmentation, rescaling_in_a_model, behind_padding, of_three_copies, in_two_steps,
          trained_normalisation]  # fmt: skip


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("k", [keras, tf_keras], ids=["keras3", "keras2"])
def test_the_scale_of_pixels_is_found(k, make, tmp_path):
    la, image = k.layers, k.Input(IMAGE)
    x = la.Flatten()(la.Conv2D(4, 3, activation="relu")(make(k, la, image)))
    model = k.Model(image, la.Dense(3)(x))
    if make is trained_normalisation:
        # Of one channel that is always dark, too.
        statistics = [np.zeros(3), np.float32([60**2, 70**2, 0])]
        model.get_layer("first").set_weights([np.ones(3), np.zeros(3), *statistics])
    model.save(tmp_path / "net.keras")
    rebuilt = rebuild(tmp_path / "net.keras", IMAGE)
    expected = {trained_normalisation: 1 / 60, in_two_steps: 1 / 127.5}.get(make, PIXEL)
    assert rebuilt.pixel_scale == pytest.approx(expected, rel=1e-3)
    images = np.random.default_rng(0).integers(0, 256, (3, *IMAGE)).astype(np.float32)
    scale, offset = rebuilt.rescaling or (1, 0)
    np.testing.assert_allclose(
        rebuilt.model(images * np.float32(scale) + np.float32(offset)),
        np.asarray(model(images, training=False)),
        rtol=1e-3,
        atol=1e-4,
    )


def test_a_network_that_scales_nothing_reads_pixels_as_they_are(tmp_path):
    la = keras.layers
    layers = [la.Conv2D(4, 3, activation="relu"), la.BatchNormalization(), la.Rescaling(0.001)]
    model = keras.Sequential([keras.Input(IMAGE), *layers, la.Flatten(), la.Dense(3)])
    model.save(tmp_path / "net.keras")
    assert rebuild(tmp_path / "net.keras", IMAGE).pixel_scale == 1


def test_a_scaling_that_is_used_again_stays_where_it_is(tmp_path):
    la, image = keras.layers, keras.Input(IMAGE)
    halved = la.Rescaling(0.5)
    x = halved(la.Conv2D(4, 3, activation="relu")(halved(image)))
    model = keras.Model(image, la.Dense(3)(la.Flatten()(x)))
    model.save(tmp_path / "net.keras")
    images = np.random.default_rng(0).random((3, *IMAGE), np.float32)
    rebuilt = rebuild(tmp_path / "net.keras", IMAGE)
    assert rebuilt.rescaling is None
    np.testing.assert_allclose(rebuilt.model(images), np.asarray(model(images)), rtol=1e-4)
