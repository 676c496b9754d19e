"""Images for choosing a setting: never trained on, never tested, each used once."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.data.dataset import Dataset
from spikesweep.data.splits import train_validation_split
from spikesweep.experiments.samples import (
    choose_validation_images,
    validation_sample,
    validation_table,
)
from spikesweep.snn.layers import Dense, Input, Reshape
from spikesweep.snn.network import SpikingNetwork

LABELS = np.arange(600) % 4


@given(seed=st.integers(0, 9), kept_apart=st.integers(20, 300), images=st.integers(1, 200))
def test_no_image_is_trained_on_and_none_is_used_twice(seed, kept_apart, images):
    trained_on, _ = train_validation_split(LABELS, kept_apart, seed)
    search, confirm = choose_validation_images(LABELS, seed, kept_apart, [images, 2 * images])
    assert not set(trained_on) & {*search, *confirm}
    assert not set(search) & set(confirm)
    assert len(search) <= images


def test_each_class_has_its_share():
    for part in choose_validation_images(LABELS, 0, 200, [40, 100]):
        assert np.ptp(np.bincount(LABELS[part])) <= 1


@given(seeds=st.integers(1, 5), images=st.integers(1, 60))
def test_those_that_take_turns_share_no_image(seeds, images):
    turns = [(number, seeds) for number in range(seeds)]
    found = [choose_validation_images(LABELS, 0, None, [images, 2 * images], one) for one in turns]
    chosen = np.concatenate([part for parts in found for part in parts])
    assert len(set(chosen)) == len(chosen)
    assert {len(search) for search, _ in found} == {min(images, 200 // seeds)}


def test_with_too_few_images_both_parts_shrink_alike():
    search, confirm = choose_validation_images(LABELS, 0, 60, [300, 600])
    assert (len(search), len(confirm)) == (20, 40)


@pytest.mark.parametrize("kept_apart", [None, 0])
def test_without_images_kept_apart_all_images_may_be_chosen(kept_apart):
    parts = choose_validation_images(LABELS, 0, kept_apart, [200, 400])
    assert sorted(np.concatenate(parts)) == list(range(600))


def test_table_says_what_the_trained_network_says_and_gives_the_images_back():
    rng = np.random.default_rng(0)
    train, test = rng.integers(0, 256, (2, 60, 2, 2, 1)).astype(np.uint8)
    data = Dataset(train, LABELS[:60], test, LABELS[:60], np.array(list("abcd")))
    # Each class is as likely as its pixel is bright.
    network = SpikingNetwork(
        (
            Input("image", (), (2, 2, 1)),
            Reshape("flat", ("image",), (4,)),
            Dense("output", ("flat",), (4,), np.eye(4, dtype="f4"), np.zeros(4, "f4")),
        ),
        seed=0,
        dt=0.001,
        input_scale=np.float32(1 / 255),
        input_offset=np.float32(0),
    )
    table = validation_table(data, {3: network, 5: network}, 40, [8, 16])
    sizes = {"search": 8, "confirm": 16}
    assert table.groupby(["seed", "part"]).size().to_dict() == {
        (seed, part): size for seed in (3, 5) for part, size in sizes.items()
    }
    brightest = train.reshape(60, 4).argmax(axis=1)
    assert (table["ann_class"] == brightest[table["image"]]).all()
    sample = validation_sample(data, table, 5, "confirm")
    rows = table[(table["seed"] == 5) & (table["part"] == "confirm")]
    assert (sample.images == train[rows["image"]]).all()
    assert (sample.labels == data.y_train[rows["image"]]).all()
    assert (sample.ann_classes == rows["ann_class"]).all()

    own = replace(data, x_validation=test, y_validation=LABELS[:60])
    table = validation_table(own, {3: network}, "own", [30, 30])
    assert set(table["split"]) == {"validation"}
    assert sorted(table["image"]) == list(range(60))
    shared = validation_table(own, {3: network, 5: network}, "own", [10, 20])
    assert sorted(shared["image"]) == list(range(60))
    sample = validation_sample(own, table, 3, "search")
    chosen = table.loc[table["part"] == "search", "image"]
    assert (sample.images == test[chosen]).all()
