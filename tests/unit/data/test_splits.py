"""Splits: complete, disjoint, by share, and stable under growth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.data.splits import (
    open_and_vault,
    stratified_order,
    subset,
    train_validation_split,
)
from spikesweep.errors import UserError

labels_of_any_dataset = st.lists(st.integers(0, 6), min_size=2, max_size=200).map(np.array)
seeds = st.integers(0, 2**32 - 1)


@given(labels_of_any_dataset, seeds, st.data())
def test_split_is_complete_and_disjoint(labels, seed, data):
    images = data.draw(st.integers(0, len(labels) - 1))
    train, validation = train_validation_split(labels, images, seed)
    assert len(validation) == images
    np.testing.assert_array_equal(
        np.sort(np.concatenate([train, validation])), np.arange(len(labels))
    )
    assert np.all(np.diff(train) > 0)
    assert np.all(np.diff(validation) > 0)


@given(labels_of_any_dataset, seeds, st.data())
def test_smaller_choice_is_prefix_of_larger(labels, seed, data):
    larger = data.draw(st.integers(1, len(labels)))
    smaller = data.draw(st.integers(1, larger))
    np.testing.assert_array_equal(
        subset(labels, larger, seed)[:smaller], subset(labels, smaller, seed)
    )


@given(labels_of_any_dataset)
def test_every_test_image_is_either_open_or_in_the_vault(labels):
    shown, vault = open_and_vault(labels)
    assert len(vault) == 3 * len(labels) // 10
    assert sorted([*shown, *vault]) == list(range(len(labels)))


def test_the_vault_is_the_same_in_every_run_and_holds_each_class():
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(10), 1000))
    shown, vault = open_and_vault(labels)
    np.testing.assert_array_equal(vault, open_and_vault(labels)[1])
    assert set(np.bincount(labels[vault])) == {300}
    assert set(np.bincount(labels[shown])) == {700}
    # No pattern in the file, such as the first images of each class, decides: the mean place of
    # 3,000 random images lies within 5 standard errors of the middle.
    assert abs(vault.mean() - 4999.5) < 5 * 10_000 / np.sqrt(12 * 3000)


@given(st.integers(2, 10), st.integers(1, 12), seeds)
def test_every_prefix_of_equal_classes_is_even(classes, per_class, seed):
    labels = np.random.default_rng(seed).permutation(np.repeat(np.arange(classes), per_class))
    order = stratified_order(labels, seed)
    for images in range(1, len(labels) + 1):
        counts = np.bincount(labels[order[:images]], minlength=classes)
        assert counts.max() - counts.min() <= 1


@given(st.lists(st.integers(20, 60), min_size=2, max_size=8), seeds)
def test_every_prefix_keeps_the_shares_of_unequal_classes(sizes, seed):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    order = stratified_order(labels, seed)
    counts = np.cumsum(labels[order][:, np.newaxis] == np.arange(len(sizes)), axis=0)
    images = np.arange(1, len(labels) + 1)[:, np.newaxis]
    share = np.array(sizes) / len(labels)
    # The method of Sainte-Laguë stays within 1/2 + K * share / 2 of the exact share.
    bound = 0.5 + len(sizes) * share / 2
    assert np.all(np.abs(counts - images * share) <= bound + 1e-9)


def test_choice_within_a_class_is_random_and_seeded():
    labels = np.zeros(1000, dtype=np.int64)
    first, again, other = (subset(labels, 100, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    # Two independent choices of a tenth share a tenth; 30 or more has odds below 1e-7.
    assert len(set(first) & set(other)) < 30
    # The mean place of a random tenth lies within 5 standard errors of the middle.
    assert abs(first.mean() - 499.5) < 5 * 1000 / np.sqrt(12 * 100)


def test_limits_are_named():
    labels = np.zeros(10, dtype=np.int64)
    with pytest.raises(UserError, match="validation_images is 10, but there are 10"):
        train_validation_split(labels, 10, 0)
    for images in (0, 11):
        with pytest.raises(UserError, match="allowed are 1 to 10"):
            subset(labels, images, 0)
