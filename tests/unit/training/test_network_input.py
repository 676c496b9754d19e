import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import gaussian_filter

from spikesweep.data.inputs import scale_images
from spikesweep.errors import UserError
from spikesweep.training.network_input import INPUTS, network_input
from spikesweep.training.whitening import zca


def photographs(count=60, channels=3):
    """Blurred noise: neighbouring pixels and channels go together, as in photographs."""
    noise = np.random.default_rng(0).standard_normal((count, 24, 24, channels))
    smooth = gaussian_filter(noise, (0, 0.7, 0.7, 0.5), mode="wrap")
    return np.clip(128 + 40 * smooth / smooth.std(), 0, 255).astype(np.uint8)


@given(
    st.integers(1, 3).flatmap(lambda channels: arrays(np.uint8, (5, 6, 7, channels))),
    st.integers(0, 9),
)
def test_standardised_images_have_mean_0_and_deviation_1_in_each_channel(images, seed):
    seen = network_input("standardised", images, seed, 0.5, 3.0)
    values = scale_images(images, seen.input_scale, seen.input_offset).astype(np.float64)
    varying = images.std(axis=(0, 1, 2)) > 0
    np.testing.assert_allclose(values.mean(axis=(0, 1, 2)), 0, atol=1e-3)
    np.testing.assert_allclose(values.std(axis=(0, 1, 2))[varying], 1, atol=1e-3)
    np.testing.assert_allclose(values.std(axis=(0, 1, 2))[~varying], 0, atol=1e-3)


def test_raw_is_pixels_and_rescaled_is_what_the_config_says():
    images = photographs(2)
    raw, rescaled = (network_input(kind, images, 0, 0.5, 3.0) for kind in ("raw", "rescaled"))
    assert (raw.input_scale, raw.input_offset) == (1, 0)
    assert (rescaled.input_scale, rescaled.input_offset) == (0.5, 3)


def test_whitened_vectors_have_nothing_in_common():
    mixing = np.random.default_rng(0).standard_normal((6, 6))
    vectors = np.random.default_rng(1).standard_normal((5000, 6)) @ mixing + 4
    matrix = zca(vectors, regularisation=1e-9)
    np.testing.assert_allclose(np.cov(vectors @ matrix, rowvar=False), np.eye(6), atol=1e-6)
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-9)
    # The regularisation keeps directions that hardly vary from being blown up.
    flat = vectors * [1, 1, 1, 1, 1, 1e-6]
    assert np.abs(zca(flat, regularisation=0.1)).max() < 10


@pytest.mark.parametrize("channels", [1, 3])
def test_whitening_takes_most_of_the_correlation_of_neighbours_and_channels_out(channels):
    images = photographs(channels=channels)
    seen = network_input("whitened", images, 0, 0.5, 3.0)
    scaled = scale_images(images, seen.input_scale, seen.input_offset)
    before, after = correlations(scaled), correlations(convolved(scaled, seen.whitening))
    assert np.abs(before).max() > 0.5
    assert np.abs(after).max() < np.abs(before).max() / 2
    values = convolved(scaled, seen.whitening)
    np.testing.assert_allclose(values.mean(axis=(0, 1, 2)), 0, atol=0.05)
    assert (values.std(axis=(0, 1, 2)) < 1.1).all()


def test_a_seed_decides_the_whitening():
    images = photographs(5, 1)
    one, again, other = (network_input("whitened", images, s, 1, 0).whitening for s in (0, 0, 1))
    np.testing.assert_array_equal(one.kernel, again.kernel)
    np.testing.assert_allclose(one.kernel, other.kernel, atol=0.5)
    assert not np.array_equal(one.kernel, other.kernel)


def test_another_input_is_refused():
    with pytest.raises(UserError, match=f"'sharpened'; allowed: {', '.join(INPUTS)}"):
        network_input("sharpened", photographs(1), 0, 1, 0)


def convolved(images, whitening):
    """The inner part of what the convolution gives."""
    windows = np.lib.stride_tricks.sliding_window_view(images, (5, 5), axis=(1, 2))
    return np.einsum("nhwcij,ijco->nhwo", windows, whitening.kernel) + whitening.bias


def correlations(images):
    """Of each channel with each channel, and with itself one pixel to the right."""
    right, left = images[:, :, 1:], images[:, :, :-1]
    both = np.concatenate([left, right], axis=-1).reshape(-1, 2 * images.shape[-1])
    found = np.corrcoef(both, rowvar=False)
    return found - np.eye(len(found))
