"""What is left of a run while it runs, and how long it took when it has ended.

Snakemake tells its log of every job that starts and ends; the time left is added to the lines of
its progress.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from spikesweep.forecast.jobs import Job
from spikesweep.forecast.schedule import time_needed
from spikesweep.forecast.times import HERE, Record, add_record, times_in_words
from spikesweep.words import counted, duration

# Against jumps after the first few jobs: this share of all the time counts as if it had been as
# predicted.
_TRUST = 0.05


class Progress:
    """Follows a run: times of its jobs as they end, and the time that the others will take."""

    def __init__(
        self,
        jobs: Iterable[Job],
        seconds: Mapping[int, float],
        cores: int,
        *,
        records: Path = HERE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """seconds: predicted, by the job's number. cores: 0 if the jobs run on a cluster, whose
        free cores are not known; then no time is predicted. records: where times are kept."""
        self._jobs = {job.id: job for job in jobs}
        self._predicted = dict(seconds)
        self._cores = cores
        self._records = records
        self._clock = clock
        self._began = clock()
        self._started: dict[int, float] = {}
        self._took: dict[int, float] = {}

    def started(self, ids: Iterable[int]) -> None:
        """These jobs run from now on."""
        self._started |= dict.fromkeys(ids, self._clock())

    def finished(self, id: int) -> None:
        """This job is done: its time is kept for later estimates."""
        job = self._jobs.get(id)
        if job is None or id not in self._started:
            return
        self._took[id] = self._clock() - self._started.pop(id)
        written = sum(_size(path) for path in job.outputs)
        add_record(Record(job.rule, job.of, job.work, self._took[id], written / 1e6), self._records)

    def seconds_left(self) -> float | None:
        """Until the last job will end, from how the jobs so far took; None on a cluster."""
        if not self._cores:
            return None
        pace = self._pace()
        left = {id: pace * self._predicted[id] for id in self._jobs.keys() - self._took.keys()}
        for id in self._started.keys() & left.keys():
            # One that takes longer than predicted will not end at once, either.
            left[id] = max(left[id] - (self._clock() - self._started[id]), 0.1 * left[id])
        waiting = [self._jobs[id] for id in left]
        return time_needed(waiting, left, self._cores, running=self._started)

    def summary(self) -> str:
        """Jobs, time, and the rules that took most, in one or two lines; empty if nothing ran."""
        if not self._took:
            return ""
        total = self._clock() - self._began
        by_rule = defaultdict(list)
        for id, seconds in self._took.items():
            by_rule[self._jobs[id].rule].append(seconds)
        cores = f" on {counted(self._cores, 'core')}" if self._cores else ""
        return (
            f"{counted(len(self._took), 'job')} done in {duration(total)}{cores}. "
            f"Most time took: {times_in_words(by_rule)}."
        )

    def _pace(self) -> float:
        """How many times longer jobs take than predicted."""
        predicted = sum(self._predicted[id] for id in self._took)
        trusted = _TRUST * sum(self._predicted.values())
        return (sum(self._took.values()) + trusted) / (predicted + trusted)


class Listener(logging.Handler):
    """Hears from Snakemake's log which jobs start and end."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        match _event(record):
            case "job_started":
                self._progress.started(record.__dict__["jobs"])
            case "job_finished":
                self._progress.finished(record.__dict__["job_id"])


class WithTimeLeft(logging.Formatter):
    """Snakemake's own formatter, and behind `34 of 336 steps (10%) done` the time left."""

    def __init__(self, formatter: logging.Formatter, progress: Progress) -> None:
        super().__init__()
        self._formatter = formatter
        self._progress = progress

    def format(self, record: logging.LogRecord) -> str:
        text = self._formatter.format(record)
        if _event(record) == "progress" and (left := self._progress.seconds_left()):
            return f"{text}, about {duration(left)} left"
        return text


def follow(logger: logging.Logger, progress: Progress) -> None:
    """Let the progress listen to Snakemake's log, and its lines tell the time left."""
    for handler in logger.handlers:
        if handler.formatter:
            handler.setFormatter(WithTimeLeft(handler.formatter, progress))
    logger.addHandler(Listener(progress))


def _event(record: logging.LogRecord) -> Any:
    """What the record tells, as Snakemake's name of it; None of a line of text."""
    return record.__dict__.get("event")


def _size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder; 0 if it is not there."""
    if path.is_dir():
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return path.stat().st_size if path.is_file() else 0
