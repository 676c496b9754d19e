import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.data.inputs import scale_images
from spikesweep.data.scaling import fold
from spikesweep.training.accuracy import accuracy_row, outputs_of


def test_a_row_counts_images():
    row = accuracy_row("test", np.array([True, True, False, True]))
    assert (row["split"], row["images"], row["accuracy"]) == ("test", 4, 0.75)


def test_prediction_sees_scaled_images_in_their_order():
    images = np.random.default_rng(0).integers(0, 256, (1203, 2, 2, 3), dtype=np.uint8)

    def corner(batch, training):
        assert not training
        assert batch.dtype == np.float32
        return batch[:, 0, 0]

    found = outputs_of(corner, [1.0, 0.5, 0.1], -3.0)(images)
    np.testing.assert_allclose(found, images[:, 0, 0] * np.array([1, 0.5, 0.1]) - 3, atol=1e-5)


@given(
    st.floats(-2, 2),
    st.floats(-2, 2),
    st.lists(st.floats(-2, 2), min_size=3, max_size=3),
    st.floats(-2, 2),
)
def test_two_scalings_fold_into_one(scale, offset, second_scale, second_offset):
    images = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)
    twice = scale_images(images, scale, offset) * np.array(second_scale) + second_offset
    once = scale_images(images, *fold(scale, offset, (second_scale, second_offset)))
    np.testing.assert_allclose(once, twice, atol=1e-4)
