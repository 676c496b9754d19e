import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spikesweep.training.batches import augment, mirrored_in_turn, shuffled_batches
from spikesweep.training.settings import TrainingSettings

some_images = st.tuples(
    st.integers(1, 4), st.integers(2, 9), st.integers(2, 9), st.sampled_from([1, 3])
).flatmap(lambda shape: arrays(np.uint8, shape))


def augmented(images, seed=0, **changes):
    settings = TrainingSettings(epochs=1, **changes)
    return augment(images, settings, np.random.default_rng(seed))


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 9))
def test_an_epoch_takes_each_image_at_most_once_in_full_batches(count, batch_size, seed):
    indices = np.arange(100, 100 + count)
    batches = list(shuffled_batches(indices, batch_size, np.random.default_rng(seed)))
    assert [len(batch) for batch in batches] == [batch_size] * (count // batch_size)
    taken = np.concatenate([*batches, []])
    assert len(set(taken)) == len(taken)
    assert set(taken) <= set(indices)


def test_epochs_differ_in_order():
    rng = np.random.default_rng(0)
    first, second = (next(shuffled_batches(np.arange(50), 50, rng)) for _ in range(2))
    assert not np.array_equal(first, second)


@given(
    some_images,
    st.fixed_dictionaries(
        {
            "flip": st.booleans(),
            "shift": st.integers(0, 3),
            "rotation_degrees": st.floats(0, 180),
            "noise": st.floats(0, 1),
            "cut_out": st.integers(0, 12),
            "shift_fill": st.sampled_from(["black", "reflect"]),
        }
    ),
    st.integers(0, 99),
)
def test_augmenting_gives_images_of_the_same_kind_and_leaves_the_given_ones(images, changes, seed):
    before = images.copy()
    out = augmented(images, seed, **changes)
    assert (out.shape, out.dtype) == (images.shape, np.uint8)
    np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(out, augmented(images, seed, **changes))


def test_no_change_is_asked_for():
    images = np.ones((2, 3, 3, 1), np.uint8)
    assert augmented(images) is images


def test_flip_mirrors_about_half_and_changes_nothing_else():
    images = np.random.default_rng(1).integers(0, 256, (400, 5, 4, 3), dtype=np.uint8)
    out = augmented(images, flip=True)
    kept = (out == images).all(axis=(1, 2, 3))
    mirrored = (out == images[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (kept ^ mirrored).all()
    assert 140 < mirrored.sum() < 260


def test_flips_in_turn_show_each_image_both_ways_in_two_epochs():
    first, second, third = (mirrored_in_turn(400, epoch, seed=3) for epoch in (1, 2, 3))
    np.testing.assert_array_equal(first, ~second)
    np.testing.assert_array_equal(first, third)
    assert 140 < first.sum() < 260
    assert (first != mirrored_in_turn(400, 1, seed=4)).any()


def test_flip_mirrors_the_images_that_are_named():
    images = np.random.default_rng(1).integers(0, 256, (3, 5, 4, 3), dtype=np.uint8)
    settings = TrainingSettings(epochs=1, flip=True)
    named = np.array([True, False, True])
    out = augment(images, settings, np.random.default_rng(0), mirrored=named)
    np.testing.assert_array_equal(out[named], images[named][:, :, ::-1])
    np.testing.assert_array_equal(out[1], images[1])


@given(st.integers(1, 3), st.integers(0, 99))
def test_shift_moves_each_image_as_a_whole_and_fills_with_black(shift, seed):
    images = np.zeros((30, 9, 8, 1), np.uint8)
    images[:, 4, 4], images[:, 4, 5], images[:, 5, 4] = 10, 20, 30
    out = augmented(images, seed, shift=shift)
    assert out.shape == images.shape
    assert out.dtype == np.uint8
    for image in out[..., 0]:
        (row,), (column,) = np.nonzero(image == 10)
        assert abs(row - 4) <= shift
        assert abs(column - 4) <= shift
        if column < 7:
            assert image[row, column + 1] == 20
        if row < 8:
            assert image[row + 1, column] == 30
        assert image.sum() <= 60


def test_rotation_turns_each_image_both_ways_and_no_further_than_asked():
    # A bright point 12 pixels right of the middle stands, once turned, at its angle.
    images = np.zeros((200, 29, 29, 1), np.uint8)
    images[:, 13:16, 25:28] = 255
    rows, columns = np.mgrid[:29, :29] - 14
    out = augmented(images, rotation_degrees=40)[..., 0].astype(float)
    weight = out.sum(axis=(1, 2))
    angles = np.degrees(
        np.arctan2(
            (out * rows).sum(axis=(1, 2)) / weight, (out * columns).sum(axis=(1, 2)) / weight
        )
    )
    assert np.abs(angles).max() < 41
    assert angles.min() < -35
    assert angles.max() > 35
    assert weight == pytest.approx(255 * 9, rel=0.05)


@given(some_images)
def test_a_rotation_by_almost_nothing_changes_nothing(images):
    # Pillow rounds down.
    np.testing.assert_allclose(augmented(images, rotation_degrees=1e-9), images, atol=1)


def test_noise_has_its_standard_deviation_and_stays_within_the_range_of_pixels():
    images = np.full((50, 20, 20, 3), 128, np.uint8)
    noise = (augmented(images, noise=0.1).astype(float) - 128) / 255
    assert noise.std() == pytest.approx(0.1, rel=0.02)
    assert noise.mean() == pytest.approx(0, abs=0.002)
    black = augmented(np.zeros_like(images), noise=0.1)
    assert black.max() < 255
    assert (black == 0).mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("shift", [1, 4])
def test_a_reflecting_shift_mirrors_the_image_at_its_edge(shift):
    rng = np.random.default_rng(2)
    images = rng.integers(1, 256, (60, 6, 7, 3), dtype=np.uint8)
    out = augmented(images, shift=shift, shift_fill="reflect")
    for image, moved in zip(images, out, strict=True):
        # Index -1 of the image is index 1, and so on.
        rows, columns = (np.abs(np.arange(-shift, size + shift)) for size in image.shape[:2])
        rows, columns = (
            np.where(at < size, at, 2 * (size - 1) - at)
            for at, size in zip((rows, columns), image.shape[:2], strict=True)
        )
        padded = image[rows][:, columns]
        windows = np.lib.stride_tricks.sliding_window_view(padded, image.shape)
        assert (windows == moved).all(axis=(-3, -2, -1)).any()
    assert (augmented(images, shift=shift) == 0).any()


def test_cut_out_blackens_one_square_that_reaches_every_pixel():
    images = np.full((4000, 9, 12, 3), 200, np.uint8)
    black = (augmented(images, cut_out=4) == 0).all(axis=-1)
    rows, columns = black.any(axis=2).sum(axis=1), black.any(axis=1).sum(axis=1)
    np.testing.assert_array_equal(rows * columns, black.sum(axis=(1, 2)))
    assert (rows.min(), columns.min()) == (2, 2)
    assert (rows.max(), columns.max()) == (4, 4)
    # Its middle is anywhere with the same probability, so the edges of images are cut less.
    share = black.mean(axis=0)
    assert share[4, 6] == pytest.approx(4 / 10 * 4 / 13, abs=0.02)
    for corner in (share[0, 0], share[-1, -1]):
        assert corner == pytest.approx(3 / 10 * 3 / 13, abs=0.015)
