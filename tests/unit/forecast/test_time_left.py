"""What is left of a run while it runs."""

import logging
from types import SimpleNamespace

import pytest
from planned import job
from snakemake.logging import DefaultFormatter
from snakemake_interface_logger_plugins.common import LogEvent

from spikesweep.forecast.progress import Progress, follow
from spikesweep.forecast.times import read_records

HUNDRED = dict.fromkeys(range(4), 100.0)


@pytest.fixture
def clock():
    return SimpleNamespace(now=0.0)


@pytest.fixture
def run(tmp_path, clock):
    """Four jobs of a hundred seconds each, on one core."""

    def run(cores=1, jobs=4):
        planned = [job(number, outputs=[tmp_path / "written"]) for number in range(jobs)]
        return Progress(
            planned, HUNDRED, cores, records=tmp_path / "times.csv", clock=lambda: clock.now
        )

    return run


def test_the_time_left_falls_while_jobs_run(run, clock):
    progress = run()
    assert progress.seconds_left() == 400
    progress.started([0])
    clock.now = 60
    assert progress.seconds_left() == pytest.approx(340)


def test_slower_jobs_than_predicted_make_the_others_slower_too(run, clock):
    progress = run()
    progress.started([0])
    clock.now = 200
    progress.finished(0)
    # Nearly twice as slow: a little is still trusted.
    assert 500 < progress.seconds_left() < 600


def test_a_job_that_takes_longer_than_predicted_is_not_over_at_once(run, clock):
    progress = run(jobs=1)
    progress.started([0])
    clock.now = 1000
    assert progress.seconds_left() > 5


def test_times_are_kept_when_jobs_end_with_what_they_wrote(run, clock, tmp_path):
    (tmp_path / "written").write_bytes(bytes(2_000_000))
    progress = run()
    progress.started([0, 1])
    clock.now = 30
    progress.finished(1)
    (kept,) = read_records(tmp_path / "times.csv")
    assert (kept.rule, kept.of, kept.seconds, kept.megabytes) == ("train", "net", 30, 2)


def test_on_a_cluster_no_time_is_told_but_times_are_kept(run, clock, tmp_path):
    progress = run(cores=0)
    progress.started([0])
    progress.finished(0)
    assert progress.seconds_left() is None
    assert len(read_records(tmp_path / "times.csv")) == 1
    assert " on " not in progress.summary()


def test_the_end_says_jobs_time_and_slowest_rules(run, clock):
    progress = run(cores=2)
    assert progress.summary() == ""
    progress.started([0, 1])
    clock.now = 100
    progress.finished(0)
    progress.finished(1)
    assert progress.summary() == (
        "2 jobs done in 1 min 40 s on 2 cores. Most time took: train 3 min 20 s (2 jobs)."
    )


def test_snakemakes_lines_of_progress_tell_the_time_left(run, clock, caplog):
    logger = logging.Logger("snakemake of a test")
    written = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(handler.format(record))
    handler.setFormatter(DefaultFormatter())
    logger.addHandler(handler)
    follow(logger, run())
    logger.info("Execute 1 jobs...", extra={"event": LogEvent.JOB_STARTED, "jobs": [0]})
    clock.now = 100
    logger.info("Finished jobid: 0", extra={"event": LogEvent.JOB_FINISHED, "job_id": 0})
    logger.info(None, extra={"event": LogEvent.PROGRESS, "done": 1, "total": 4})
    assert written[0] == "Execute 1 jobs..."
    assert written[-1] == "1 of 4 steps (25%) done, about 5 min left"
