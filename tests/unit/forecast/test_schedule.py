"""When jobs end on so many cores."""

import pytest
from planned import job

from spikesweep.forecast.schedule import critical_path, time_needed

# Two chains, 0-1-2 and 3, and 4 after both.
JOBS = [job(0), job(1, needs=[0]), job(2, needs=[1]), job(3), job(4, needs=[2, 3])]
SECONDS = {0: 1.0, 1: 2.0, 2: 3.0, 3: 5.0, 4: 10.0}


@pytest.mark.parametrize(("cores", "seconds"), [(1, 21), (2, 16), (8, 16)])
def test_jobs_wait_for_those_that_they_need_and_for_cores(cores, seconds):
    assert time_needed(JOBS, SECONDS, cores) == seconds


def test_a_job_that_is_needed_but_done_is_not_waited_for():
    assert time_needed(JOBS[1:], SECONDS, 2) == 15


def test_a_job_takes_all_its_threads_at_once():
    jobs = [job(0, threads=2), job(1), job(2)]
    assert time_needed(jobs, dict.fromkeys(range(3), 1.0), 2) == 2
    # More than there are: as many as there are.
    assert time_needed([job(0, threads=9)], {0: 1.0}, 2) == 1


def test_threads_of_one_job_come_from_one_node():
    jobs = [job(number, threads=2) for number in range(3)]
    seconds = dict.fromkeys(range(3), 1.0)
    assert time_needed(jobs, seconds, 3, nodes=2) == 2
    assert time_needed(jobs, seconds, 3, nodes=3) == 1


def test_priority_decides_what_starts_then_length():
    jobs = [job(0), job(1, priority=5), job(2, needs=[1])]
    assert time_needed(jobs, {0: 4.0, 1: 1.0, 2: 4.0}, 1) == 9
    assert time_needed(jobs, {0: 4.0, 1: 1.0, 2: 4.0}, 2) == 5


def test_running_jobs_keep_their_cores_whatever_waits():
    jobs = [job(0, priority=9), job(1), job(2, needs=[0])]
    seconds = {0: 2.0, 1: 5.0, 2: 1.0}
    assert time_needed(jobs, seconds, 1, running=[1]) == 8
    assert time_needed(jobs, seconds, 2, running=[1]) == 5


def test_the_longest_chain_is_named_in_its_order():
    assert [one.id for one in critical_path(JOBS, SECONDS)] == [0, 1, 2, 4]
    assert critical_path([], {}) == []
