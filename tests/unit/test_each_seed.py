"""Jobs for several seeds give each of them its own files."""

from types import SimpleNamespace

import pytest

from spikesweep.each_seed import OneSeed, each_seed


def _job(seeds, inputs, outputs):
    return SimpleNamespace(params=SimpleNamespace(seeds=seeds), input=inputs, output=outputs)


def test_each_seed_has_its_own_of_the_lists_and_shares_the_single_files():
    job = _job([3, 5], {"dataset": "d.npz", "model": ["m3", "m5"]}, {"table": ["t3", "t5"]})
    assert list(each_seed(job)) == [
        OneSeed(3, {"dataset": "d.npz", "model": "m3"}, {"table": "t3"}),
        OneSeed(5, {"dataset": "d.npz", "model": "m5"}, {"table": "t5"}),
    ]


def test_the_only_seed_of_a_job_needs_no_lists():
    job = _job([7], {"dataset": "d.npz"}, {"table": "t"})
    assert list(each_seed(job)) == [OneSeed(7, {"dataset": "d.npz"}, {"table": "t"})]


def test_an_empty_list_is_left_out():
    assert next(each_seed(_job([0], {"trained": []}, {}))).inputs == {}


def test_lists_of_another_length_than_the_seeds_are_a_fault():
    with pytest.raises(ValueError, match="model: 1 files for 2 seeds"):
        list(each_seed(_job([0, 1], {"model": ["m0"]}, {})))
