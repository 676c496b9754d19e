"""What is said of a run before it starts."""

import pytest
from planned import job

from spikesweep.forecast.calibration import seconds_here
from spikesweep.forecast.estimate import disk, estimate, forecast_for, in_words, warning
from spikesweep.forecast.times import CALIBRATION, Record, add_record

JOBS = [job(0, work=10), job(1, work=10), job(2, "plot", "", needs=[0, 1])]


@pytest.fixture
def times(tmp_path):
    """Where times of this machine and the shipped ones are."""
    here, shipped = tmp_path / "here.csv", tmp_path / "shipped.csv"
    for row in (
        Record(CALIBRATION, "", 0, 0.1, 0),
        Record("train", "net", 10, 60, 20),
        Record("plot", "", 0, 30, 1),
    ):
        add_record(row, shipped)
    return {"here": here, "shipped": shipped}


def test_shipped_times_are_scaled_by_the_speed_of_this_machine(times):
    forecast = forecast_for(JOBS, **times, calibrate=lambda: 0.2)
    found = estimate(JOBS, forecast, cores=2)
    assert (found.seconds, found.core_seconds, found.longest_chain_s) == (180, 300, 180)
    assert in_words(found) == (
        "3 jobs: about 3 min on 2 cores, 41 MB of disk space "
        "(from times of another machine, scaled by the speed of this one)."
    )


def test_times_of_this_machine_count_more_than_shipped_ones(times):
    add_record(Record("train", "net", 10, 6, 20), times["here"])
    found = estimate(JOBS, forecast_for(JOBS, **times, calibrate=lambda: 0.1), cores=1)
    assert found.seconds == 42
    assert "for 2 jobs from earlier runs here" in in_words(found)


def test_a_machine_that_ran_all_of_it_is_not_calibrated(times):
    add_record(Record("train", "net", 10, 6, 20), times["here"])
    add_record(Record("plot", "", 0, 1, 0), times["here"])

    def calibrate():
        raise AssertionError

    found = estimate(JOBS, forecast_for(JOBS, **times, calibrate=calibrate), cores=1)
    assert in_words(found).endswith("(from earlier runs here).")


def test_a_small_run_here_does_not_tell_of_a_large_one_that_is_shipped(times):
    add_record(Record("train", "net", 1, 3, 0), times["here"])
    forecast = forecast_for(JOBS, **times, calibrate=lambda: 0.1)
    assert forecast.seconds(JOBS[0]) == 60
    # Of a network that nobody has shipped, it is all there is.
    add_record(Record("train", "mine", 10, 7, 0), times["here"])
    mine = job(0, of="mine", work=10)
    assert forecast_for([mine], **times, calibrate=lambda: 0.1).seconds(mine) == 7


def test_nothing_to_do_is_said(times):
    assert in_words(estimate([], forecast_for([], **times), cores=2)) == "Nothing is left to do."


def test_a_disk_that_is_too_small_is_told(times, tmp_path):
    add_record(Record("train", "net", 10, 6, 1e12), times["here"])
    found = estimate(JOBS, forecast_for(JOBS, **times, calibrate=lambda: 0.1), cores=1)
    assert "may not be enough" in warning(found, tmp_path)
    small = estimate(JOBS[2:], forecast_for(JOBS, **times, calibrate=lambda: 0.1), cores=1)
    assert warning(small, tmp_path) is None


def test_disk_space_in_words():
    assert [disk(value) for value in (0.01, 342.4, 2440)] == ["1 MB", "340 MB", "2.4 GB"]


def test_the_speed_of_this_machine_is_measured():
    assert 0.001 < seconds_here() < 10
