"""Weights with which a network begins, and which of them a training leaves alone."""

import numpy as np
import pytest
import tf_keras

from spikesweep.data.inputs import scale_images
from spikesweep.errors import UserError
from spikesweep.networks.build_network import build_network
from spikesweep.networks.keras_file import load_model
from spikesweep.runtime import make_deterministic
from spikesweep.training import train
from spikesweep.training.first_weights import pass_channels, set_first_weights, whitening_filters
from spikesweep.training.run import TrainedFiles
from spikesweep.training.settings import TrainingSettings

RESIDUAL = {"first": 8, "filters": [12], "strides": [2], "blocks": [1]}
SCALING = {"input_scale": 0.02, "input_offset": -1.0}


def begun(images, architecture="residual", options=RESIDUAL, **settings):
    make_deterministic(1)
    model = build_network(architecture, images.shape[1:], 3, options)
    set_first_weights(model, images, TrainingSettings(epochs=1, **settings), SCALING, seed=0)
    return model


def test_outputs_of_whitening_filters_have_variance_1_and_nothing_in_common():
    mixing = np.random.default_rng(0).standard_normal((6, 6))
    inputs = np.random.default_rng(1).standard_normal((5000, 6)) @ mixing + 4
    outputs = inputs @ whitening_filters(inputs, 15)
    np.testing.assert_allclose(outputs[:, 0:12:2], -outputs[:, 1:12:2])
    assert not outputs[:, 12:].any()
    common = np.cov(outputs[:, 0:12:2], rowvar=False)
    # A little less than 1, where the variance is small: the regularisation.
    np.testing.assert_allclose(common - np.diag(np.diag(common)), 0, atol=1e-9)
    assert (np.diag(common) > 0.9).all()
    assert (np.diag(common) <= 1).all()


def test_too_few_filters_whiten_the_directions_that_vary_most():
    inputs = np.random.default_rng(0).standard_normal((5000, 3)) * [1, 9, 3]
    filters = whitening_filters(inputs, 3)
    assert np.abs(filters).argmax(axis=0).tolist() == [1, 1, 2]
    np.testing.assert_allclose(np.abs(filters).max(axis=0), [1 / 9, 1 / 9, 1 / 3], rtol=0.05)


def test_the_first_convolution_whitens_the_images_as_the_network_sees_them(stripes):
    model = begun(stripes.x_train, whitened_first_layer=True)
    seen = scale_images(stripes.x_train[:100], **SCALING)
    size = (3, 3)
    patches = np.lib.stride_tricks.sliding_window_view(seen, size, axis=(1, 2))
    # (images, rows, columns, channels, 3, 3), as the kernel has them: rows, columns, channels.
    vectors = patches.transpose(0, 1, 2, 4, 5, 3).reshape(-1, 9)
    outputs = vectors @ model.get_layer("conv1").kernel.numpy().reshape(9, 8)
    np.testing.assert_allclose(outputs.var(axis=0), 1, rtol=0.1)
    np.testing.assert_allclose(np.corrcoef(outputs[:, ::2], rowvar=False), np.eye(4), atol=0.05)


def test_identity_convolutions_pass_on_what_they_read(stripes):
    model = begun(stripes.x_train, identity_convolutions=True)
    before = begun(stripes.x_train)
    x = np.random.default_rng(0).standard_normal((2, 6, 6, 8)).astype(np.float32)
    layer = model.get_layer("conv2")
    np.testing.assert_allclose(layer(x)[..., :8], x, rtol=1e-5)
    # What is left of a wider layer is as random as without, and the layer of the pixels, too.
    random = before.get_layer("conv2").kernel.numpy()
    np.testing.assert_array_equal(layer.kernel.numpy()[..., 8:], random[..., 8:])
    for name in ("conv1", "output"):
        np.testing.assert_array_equal(
            model.get_layer(name).kernel.numpy(), before.get_layer(name).kernel.numpy()
        )


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_a_convolution_of_any_size_passes_images_on_in_their_place(size):
    layer = tf_keras.layers.Conv2D(3, size, padding="same", use_bias=False)
    images = np.random.default_rng(0).random((2, 8, 8, 2), dtype=np.float32)
    layer(images)
    pass_channels(layer)
    np.testing.assert_array_equal(layer(images)[..., :2], images)


@pytest.mark.parametrize(
    ("architecture", "options"),
    [("dense", {"units": [4]}), ("residual", RESIDUAL)],
    ids=["no convolution", "pixels whitened before"],
)
def test_only_a_convolution_of_the_pixels_can_whiten(architecture, options, stripes_path, tmp_path):
    with pytest.raises(
        UserError, match="whitened_first_layer is true, but the network begins with"
    ):
        trained(
            stripes_path,
            tmp_path,
            architecture=architecture,
            options=options,
            input_kind="whitened" if architecture == "residual" else "rescaled",
        )


def test_no_convolution_whitens_patches_larger_than_the_images(stripes):
    options = {**RESIDUAL, "kernel_size": 9}
    with pytest.raises(UserError, match="9 by 9, is larger than the images, 8 by 8: remove it"):
        begun(stripes.x_train[:, :8, :8], options=options, whitened_first_layer=True)


def trained(dataset, folder, **others):
    train.train_network(
        dataset=dataset,
        files=TrainedFiles(
            *(folder / name for name in ("model.keras", "history.csv", "accuracy.csv", "meta.json"))
        ),
        network="network",
        seed=0,
        training={
            "epochs": 2,
            "batch_size": 30,
            "learning_rate": 0.05,
            "optimizer": "sgd",
            "weight_decay": 0.01,
            "validation_images": 60,
            "whitened_first_layer": True,
            "identity_convolutions": True,
        },
        **{"architecture": "residual", "options": RESIDUAL, **others},
    )
    return load_model(folder / "model.keras")


def test_a_training_leaves_whitening_as_it_was_and_changes_all_else(
    stripes_path, tmp_path, monkeypatch
):
    begun_with = {}

    def remember(model, *arguments):
        set_first_weights(model, *arguments)
        begun_with.update({weight.name: weight.numpy() for weight in model.trainable_variables})

    monkeypatch.setattr(train, "set_first_weights", remember)
    model = trained(stripes_path, tmp_path)
    same = [
        weight.name
        for weight in model.trainable_variables
        if np.array_equal(weight.numpy(), begun_with[weight.name])
    ]
    assert same == ["conv1/kernel:0"]
    assert model.get_layer("conv1").trainable
