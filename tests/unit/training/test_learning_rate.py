import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.training.learning_rate import learning_rates
from spikesweep.training.settings import TrainingSettings


def rates(steps, **settings):
    return learning_rates(TrainingSettings(epochs=1, learning_rate=0.5, **settings), steps)


def test_without_a_warm_up_it_falls_from_the_largest_along_half_a_cosine():
    np.testing.assert_allclose(
        rates(4), 0.5 * (1 + np.cos(np.pi * np.array([0, 0.25, 0.5, 0.75]))) / 2, rtol=1e-6
    )


def test_it_rises_in_the_warm_up_and_falls_along_a_line():
    found = rates(10, warm_up=0.4, decay="linear")
    assert found == pytest.approx(
        0.5 * np.array([0.2, 0.4, 0.6, 0.8, 1, 5 / 6, 4 / 6, 0.5, 2 / 6, 1 / 6])
    )


@given(st.integers(1, 200), st.floats(0, 0.99), st.sampled_from(["cosine", "linear"]))
def test_every_step_counts(steps, warm_up, decay):
    found = rates(steps, warm_up=warm_up, decay=decay)
    assert (found.shape, found.dtype) == ((steps,), np.float32)
    assert (found > 0).all()
    assert (found <= 0.5).all()
    peak = found.argmax()
    assert (np.diff(found[: peak + 1]) > 0).all()
    assert (np.diff(found[peak:]) < 0).all()
