"""A loss of exactly the margin is within it, however it was computed."""

import numpy as np
import pytest

from spikesweep.statistics.margins import within_margin


@pytest.mark.parametrize("images", [100, 300, 1000, 10_000])
def test_a_loss_of_exactly_the_margin_is_within_it_and_one_image_more_is_not(images):
    right = np.arange(images // 100, images + 1)
    ann, margin = right / images, 0.01
    exactly = (right - images // 100) / images
    assert within_margin(ann - exactly, margin).all()
    assert not within_margin(ann - (exactly - 1 / images), margin).any()
