import numpy as np
import pytest

from spikesweep.errors import UserError
from spikesweep.networks.build_network import build_network
from spikesweep.runtime import make_deterministic
from spikesweep.training import fit as module
from spikesweep.training import steps
from spikesweep.training.fit import fit
from spikesweep.training.image_size import image_size, shrunk
from spikesweep.training.precision import precision_here
from spikesweep.training.settings import TrainingSettings
from spikesweep.training.state import Changes

SMALL = {"filters": [4], "strides": [4]}


def fitted(stripes, changes=None, architecture="cnn", options=SMALL, **settings):
    """Weights and history after two epochs of 10 steps each."""
    make_deterministic(1)
    model = build_network(architecture, (28, 28, 1), 3, options)
    history = fit(
        model,
        stripes.x_train,
        stripes.y_train,
        train=np.arange(300),
        validation=np.arange(300, 360),
        settings=TrainingSettings(
            **{"epochs": 2, "batch_size": 30, "learning_rate": 0.01, **settings}
        ),
        seed=0,
        input_scale=1 / 255,
        input_offset=0.0,
        changes=changes,
    )
    return model.get_weights(), history


def test_how_many_steps_are_taken_at_once_changes_nothing(stripes, monkeypatch):
    random = {"flip": True, "shift": 2, "rotation_degrees": 10, "noise": 0.1}
    weights, history = fitted(stripes, **random)
    monkeypatch.setattr(module, "_STEPS_AT_ONCE", 3)
    others, other_history = fitted(stripes, **random)
    for one, other in zip(weights, others, strict=True):
        np.testing.assert_array_equal(one, other)
    assert history.equals(other_history)


def test_two_epochs_show_each_image_both_ways_if_flips_alternate(stripes, monkeypatch):
    shown = {}

    def remember(images, settings, rng, mirrored):
        for image, turned in zip(images, mirrored, strict=True):
            shown.setdefault(image.tobytes(), []).append(bool(turned))
        return images

    monkeypatch.setattr(module, "augment", remember)
    fitted(stripes, flip=True, alternating_flip=True)
    assert len(shown) == 300
    assert all(sorted(ways) == [False, True] for ways in shown.values())


@pytest.mark.parametrize("before", [[0, 4, 5, 10, 19], [3, 100], []])
def test_changes_come_before_the_steps_that_they_name(stripes, before):
    made = []
    held = fitted(stripes, Changes(before, change=made.append, hold=lambda: None))
    assert made == [step for step in before if step < 20]
    for one, other in zip(held[0], fitted(stripes)[0], strict=True):
        np.testing.assert_array_equal(one, other)


def test_label_smoothing_keeps_the_network_from_being_sure(stripes):
    settings = {"epochs": 4, "learning_rate": 0.03}
    sure, smooth = (
        fitted(stripes, **settings, label_smoothing=share)[1]["loss"].iloc[-1]
        for share in (0.0, 0.4)
    )
    # The history tells the cross-entropy with the label itself. The smoothed one is smallest where
    # the share of the label is 1 - 0.4 + 0.4 / 3.
    assert sure < smooth
    assert smooth > -0.8 * np.log(0.6 + 0.4 / 3)


def test_bfloat16_rounds_the_products_of_each_step_and_nothing_else(stripes):
    (exact, plain), (coarse, history), (again, _) = (
        fitted(stripes, precision=precision) for precision in ("float32", "bfloat16", "bfloat16")
    )
    for one, other in zip(coarse, again, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == np.float32
    np.testing.assert_allclose(history["loss"], plain["loss"], rtol=0.1)
    # Two runs of a network are as precise as before: TensorFlow's option is off again.
    exact_again, _ = fitted(stripes)
    for one, other in zip(exact, exact_again, strict=True):
        np.testing.assert_array_equal(one, other)
    assert np.array_equal(exact[0], coarse[0]) == (precision_here("bfloat16") == "float32")


AVERAGING = {"first": 4, "filters": [6], "blocks": [1], "strides": [2]}


def test_smaller_images_are_for_the_first_epochs_and_for_training_alone(stripes, monkeypatch):
    seen = []
    real = steps.shrunk

    def watched(images, size):
        seen.append((size, real(images, size).shape[1:3]))
        return real(images, size)

    monkeypatch.setattr(steps, "shrunk", watched)
    parts = [{"size": 8, "until": 0.25}, {"size": 14, "until": 0.5}]
    settings = {"epochs": 4, "learning_rate": 0.02, "image_sizes": parts}
    weights, history = fitted(stripes, architecture="residual", options=AVERAGING, **settings)
    # Each function is compiled once.
    assert seen == [(8, (8, 8)), (14, (14, 14))]
    assert history["val_loss"].iloc[-1] < history["val_loss"].iloc[0]
    sizes = [image_size(TrainingSettings(**settings), epoch) for epoch in range(4)]
    assert sizes == [8, 14, None, None]
    whole, _ = fitted(
        stripes, architecture="residual", options=AVERAGING, **settings | {"image_sizes": []}
    )
    assert not np.array_equal(weights[0], whole[0])


def test_a_smaller_image_has_the_mean_of_the_larger_one():
    images = np.random.default_rng(0).random((3, 32, 16, 2), np.float32)
    half = shrunk(images, 16).numpy()
    np.testing.assert_allclose(half, images.reshape(3, 16, 2, 8, 2, 2).mean(axis=(2, 4)), rtol=1e-5)
    some = shrunk(images, 24).numpy()
    assert some.shape == (3, 24, 12, 2)
    np.testing.assert_allclose(some.mean(axis=(1, 2)), images.mean(axis=(1, 2)), rtol=1e-4)
    assert shrunk(images, 40) is images


def test_a_network_made_for_one_size_takes_no_smaller_images(stripes):
    with pytest.raises(UserError, match=r"image_sizes: this network takes only .* residual"):
        fitted(stripes, image_sizes=[{"size": 14, "until": 0.5}])
