"""Published thresholds, each against a case that was computed by hand."""

import numpy as np
import pytest

from spikesweep.conversion.calibration import thresholds
from spikesweep.conversion.calibration.thresholds import (
    THRESHOLDS,
    local_balancing,
    max_norm,
    mean_activation,
    mmse,
    per_channel,
    percentile,
)

# 2 images, 3 channels, the last of which is silent.
ACTIVATIONS = np.array([[1.0, 8.0, 0.0], [3.0, 0.0, 0.0]], np.float32)


def test_max_norm_is_the_largest_activation():
    assert max_norm(ACTIVATIONS) == 8


def test_percentile_leaves_zeros_out():
    # Of 1, 3, 8: 99.9 % of the way from the first to the last is 1.998 places, 3 + 0.998 * 5.
    assert percentile(ACTIVATIONS) == pytest.approx(7.99)


def test_percentile_ignores_outliers():
    activations = np.append(np.linspace(0.01, 1, 10_000), 1000.0)[:, None]
    assert percentile(activations) == pytest.approx(0.999, abs=1e-3)


def test_per_channel_is_the_percentile_of_each_and_that_of_the_layer_if_silent():
    # 1 + 0.999 * 2, the only activation, and that of the layer.
    np.testing.assert_allclose(per_channel(ACTIVATIONS), [2.998, 8, 7.99])


def test_mmse_at_two_steps(monkeypatch):
    monkeypatch.setattr(thresholds, "MMSE_STEPS", 2)
    # theta = 4: 2 and 4 are met exactly, so no other threshold is better.
    assert mmse(np.array([[2.0], [4.0]])) == 4
    # 4 (1 - 0.03) floors 1.95 to 1.94 and cuts 4 to 3.88: 4 * 0.01^2 + 0.12^2 = 0.0148. A larger
    # candidate floors 1.95 to 0, and the next smaller one is off by 4 * 0.03^2 + 0.16^2.
    assert mmse(np.array([[1.95], [1.95], [1.95], [1.95], [4.0]])) == pytest.approx(3.88)


def test_local_balancing_adds_twice_the_mean_excess_of_each_channel(monkeypatch):
    monkeypatch.setattr(thresholds, "BALANCING_PASSES", 1)
    monkeypatch.setattr(thresholds, "BALANCING_BATCH", 1)
    # Channel 0: 0 + 2 * 1 = 2, then + 2 * (3 - 2) = 4. Channel 1: 0 + 2 * 8 = 16, then nothing.
    np.testing.assert_allclose(local_balancing(ACTIVATIONS), [4, 16, 10])
    monkeypatch.setattr(thresholds, "BALANCING_BATCH", 2)
    # Both images at once: 2 * (1 + 3) / 2 and 2 * 8 / 2.
    np.testing.assert_allclose(local_balancing(ACTIVATIONS), [4, 8, 6])


def test_mean_activation_counts_zeros():
    assert mean_activation(ACTIVATIONS) == 2


@pytest.mark.parametrize("method", THRESHOLDS)
def test_a_silent_layer_gets_a_positive_threshold(method):
    assert np.all(np.asarray(THRESHOLDS[method](np.zeros((3, 2, 2, 4)))) > 0)
