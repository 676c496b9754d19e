import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.training.batches import augment, shuffled_batches


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


def test_flip_mirrors_about_half_and_changes_nothing_else():
    images = np.random.default_rng(1).integers(0, 256, (400, 5, 4, 3), dtype=np.uint8)
    out = augment(images, flip=True, shift=0, rng=np.random.default_rng(0))
    kept = (out == images).all(axis=(1, 2, 3))
    mirrored = (out == images[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (kept ^ mirrored).all()
    assert 140 < mirrored.sum() < 260


@given(st.integers(1, 3), st.integers(0, 99))
def test_shift_moves_each_image_as_a_whole_and_fills_with_black(shift, seed):
    images = np.zeros((30, 9, 8, 1), np.uint8)
    images[:, 4, 4], images[:, 4, 5], images[:, 5, 4] = 10, 20, 30
    out = augment(images, flip=False, shift=shift, rng=np.random.default_rng(seed))
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


def test_no_change_is_asked_for():
    images = np.ones((2, 3, 3, 1), np.uint8)
    assert augment(images, flip=False, shift=0, rng=np.random.default_rng(0)) is images
