"""What a margin accepts, of all images or of the ANN's errors."""

import numpy as np
import pytest

from spikesweep.statistics.margins import Margin, within_margin
from spikesweep.statistics.paired_loss import paired_loss


@pytest.mark.parametrize("images", [100, 300, 1000, 10_000])
def test_a_loss_of_exactly_the_margin_is_within_it_and_one_image_more_is_not(images):
    right = np.arange(images // 100, images + 1)
    ann, margin = right / images, 0.01
    exactly = (right - images // 100) / images
    assert within_margin(ann - exactly, margin).all()
    assert not within_margin(ann - (exactly - 1 / images), margin).any()


def test_a_margin_is_a_share_of_the_images_or_of_the_errors():
    assert Margin.from_config(0.01).accepted(0.99) == 0.01
    assert Margin.from_config({"of_ann_errors": 0.5}).accepted(0.99) == pytest.approx(0.005)
    assert Margin.from_config({"of_ann_errors": 0.5}).accepted(0.7) == pytest.approx(0.15)


def test_words():
    assert Margin(0.01).words() == "lose at most 1 percentage point of accuracy against the ANN"
    assert Margin(0.005).words() == "lose at most 0.5 percentage points of accuracy against the ANN"
    assert Margin(of_ann_errors=0.5).words() == (
        "make at most 50\N{THIN SPACE}% more errors than the ANN"
    )


def test_what_is_lost_beyond_a_margin_of_the_images_is_the_loss_less_the_margin():
    ann, ours = np.ones(1000, bool), np.arange(1000) >= 30
    loss, beyond = paired_loss(ann, ours, 0.95), Margin(0.01).beyond(ann, ours, 0.95)
    assert [beyond.loss, beyond.low, beyond.high] == pytest.approx(
        [loss.loss - 0.01, loss.low - 0.01, loss.high - 0.01]
    )


def test_the_interval_beyond_a_margin_of_the_errors_knows_that_errors_are_counted():
    rng, truth, runs = np.random.default_rng(0), 0.03, 1000
    held, as_if_known = [], []
    for _ in range(runs):
        # The ANN errs on 6 %, the other network on half as many more.
        ann = rng.uniform(size=1500) >= 2 * truth
        ours = ann & (rng.uniform(size=1500) >= truth / (1 - 2 * truth))
        beyond = Margin(of_ann_errors=0.5).beyond(ann, ours, 0.95)
        held.append(beyond.low <= 0 <= beyond.high)
        loss = paired_loss(ann, ours, 0.95)
        as_if_known.append(loss.low <= 0.5 * (1 - ann.mean()) <= loss.high)
    assert 0.93 < np.mean(held) < 0.97
    assert np.mean(as_if_known) < np.mean(held) - 0.02
