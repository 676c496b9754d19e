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


def test_a_job_of_one_seed_has_all_its_files_as_they_are():
    inputs, outputs = {"dataset": "d.npz", "layers": ["a", "b"], "none": []}, {"table": "t"}
    assert list(each_seed(_job([7], inputs, outputs))) == [OneSeed(7, inputs, outputs)]


def test_a_list_of_one_file_is_that_of_the_only_seed():
    job = _job([7], {"model": ["m"], "trained": []}, {"table": ["t"]})
    assert list(each_seed(job)) == [OneSeed(7, {"model": "m"}, {"table": "t"})]


def test_lists_of_another_length_than_the_seeds_are_a_fault():
    with pytest.raises(ValueError, match="model: 1 files for 2 seeds"):
        list(each_seed(_job([0, 1], {"model": ["m0"]}, {"table": ["t0", "t1"]})))
