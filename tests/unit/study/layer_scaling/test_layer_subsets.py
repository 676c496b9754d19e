"""Which subsets of layers are scaled."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesweep.errors import UserError
from spikesweep.study.layer_scaling.subsets import (
    check_more_subsets,
    halves,
    in_words,
    stages,
    subset_layers,
    subset_name,
    subsets,
)

LAYERS = tuple("abcdef")


def test_few_layers_give_every_subset_small_ones_first():
    assert subsets("abc", all_up_to=3, pairs_up_to=0) == [
        *[("a",), ("b",), ("c",)],
        *[("a", "b"), ("a", "c"), ("b", "c")],
        ("a", "b", "c"),
    ]


def test_one_layer_is_a_subset_once():
    assert subsets(["only"], all_up_to=0, pairs_up_to=0) == [("only",)]


@given(st.integers(1, 6), st.integers(0, 6), st.integers(0, 6))
def test_number_of_subsets(layers, all_up_to, pairs_up_to):
    chosen = subsets(LAYERS[:layers], all_up_to, pairs_up_to)
    assert {(layer,) for layer in LAYERS[:layers]} | {LAYERS[:layers]} <= set(chosen)
    assert set(halves(LAYERS[:layers])) <= set(chosen)
    assert len(chosen) == len(set(chosen))
    if layers <= all_up_to:
        assert len(chosen) == 2**layers - 1
    elif layers <= pairs_up_to:
        assert sum(len(subset) == 2 for subset in chosen) == comb(layers, 2)
    else:
        assert len(chosen) <= layers + 3


def test_a_deep_network_has_its_layers_stages_and_halves():
    sizes = {f"l{k}": (32, 32) if k < 7 else (16, 16) if k < 13 else (8, 8) for k in range(19)}
    names = list(sizes)
    chosen = subsets(names, 4, 4, stages=stages(sizes))
    assert chosen == [
        *((name,) for name in names),
        *(tuple(names[7:13]), tuple(names[13:]), tuple(names[:7])),
        *(tuple(names[:9]), tuple(names[10:]), tuple(names)),
    ]
    assert in_words(chosen[0], names) == "l0"
    assert in_words(chosen[19], names) == "l7 to l12"
    assert in_words(chosen[-1], names) == "all layers"
    assert in_words(("l3", "l5"), names) == "l3 + l5"


def test_layers_of_one_size_are_no_stage():
    assert stages({"dense1": (), "dense2": ()}) == []
    assert stages({"conv1": (8, 8), "conv2": (8, 8), "dense": ()}) == [
        ("conv1", "conv2"),
        ("dense",),
    ]


@given(st.lists(st.lists(st.sampled_from(LAYERS), min_size=1, unique=True), max_size=5))
def test_more_subsets_are_added_once_in_the_order_of_the_layers(more):
    chosen = subsets(LAYERS, 3, 6, more)
    assert len(chosen) == len(set(chosen))
    assert {tuple(sorted(extra)) for extra in more} <= set(chosen)
    assert all(subset == tuple(sorted(subset)) for subset in chosen)


def test_subset_of_another_network_is_left_to_it():
    assert subsets("abc", 0, 0, [["c", "b", "d"]]) == subsets("abc", 0, 0)


def test_layer_that_no_network_has_is_refused_with_those_there_are():
    check_more_subsets([["a", "d"]], ["a", "b", "c", "a", "d"])
    with pytest.raises(UserError, match=r"'x'; allowed: a, b"):
        check_more_subsets([["a", "x"]], ["a", "b", "a"])


@given(st.lists(st.sampled_from(LAYERS)).map(tuple))
def test_names_of_subsets_can_be_read_back(subset):
    assert subset_layers(subset_name(subset)) == subset
