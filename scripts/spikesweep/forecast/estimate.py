"""How long a run will take on this machine, and how much it will write."""

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from spikesweep.forecast.calibration import seconds_here
from spikesweep.forecast.jobs import Job
from spikesweep.forecast.schedule import critical_path, time_needed
from spikesweep.forecast.times import (
    CALIBRATION,
    HERE,
    SHIPPED,
    Times,
    read_records,
    times_in_words,
)
from spikesweep.words import counted, digits, duration


@dataclass(frozen=True)
class Estimate:
    """What a run will take.

    seconds: from its start to its end. core_seconds: the sum over jobs and their threads.
    longest_chain_s: of the jobs that wait for each other; more cores do not help below it.
    measured: jobs like which were run in this checkout before; the rest is from the shipped table.
    """

    jobs: int
    cores: int
    seconds: float
    core_seconds: float
    longest_chain_s: float
    megabytes: float
    measured: int


@dataclass(frozen=True)
class Forecast:
    """Times of jobs as this machine takes them: those measured here, and the shipped ones."""

    here: Times
    shipped: Times

    def seconds(self, job: Job) -> float:
        return self._source(job).seconds(job)

    def megabytes(self, job: Job) -> float:
        return self._source(job).megabytes(job)

    def is_measured(self, job: Job) -> bool:
        """Whether its times are those of jobs that ran here.

        Of a job with another amount of work, the shipped times say more than one measurement.
        """
        return self.here.knows_exactly(job) or (
            self.here.knows(job) and not self.shipped.knows(job)
        )

    def _source(self, job: Job) -> Times:
        return self.here if self.is_measured(job) else self.shipped


def forecast_for(
    jobs: Iterable[Job],
    here: Path = HERE,
    shipped: Path = SHIPPED,
    calibrate: Callable[[], float] = seconds_here,
) -> Forecast:
    """Times for these jobs; the machine is calibrated only if some were never run on it."""
    forecast = Forecast(Times(read_records(here)), Times(read_records(shipped)))
    if all(forecast.is_measured(job) for job in jobs):
        return forecast
    there = next(row for row in read_records(shipped) if row.rule == CALIBRATION)
    return Forecast(forecast.here, Times(read_records(shipped, calibrate() / there.seconds)))


def estimate(jobs: Iterable[Job], forecast: Forecast, cores: int) -> Estimate:
    """What these jobs take on so many cores."""
    jobs = list(jobs)
    seconds = {job.id: forecast.seconds(job) for job in jobs}
    return Estimate(
        jobs=len(jobs),
        cores=cores,
        seconds=time_needed(jobs, seconds, cores),
        core_seconds=sum(seconds[job.id] * min(job.threads, cores) for job in jobs),
        longest_chain_s=sum(seconds[job.id] for job in critical_path(jobs, seconds)),
        megabytes=sum(forecast.megabytes(job) for job in jobs),
        measured=sum(forecast.is_measured(job) for job in jobs),
    )


def in_words(found: Estimate) -> str:
    """One or two sentences for the terminal."""
    if not found.jobs:
        return "Nothing is left to do."
    if not found.measured:
        source = "from times of another machine, scaled by the speed of this one"
    elif found.measured == found.jobs:
        source = "from earlier runs here"
    else:
        source = f"for {counted(found.measured, 'job')} from earlier runs here"
    return (
        f"{counted(found.jobs, 'job')}: about {duration(found.seconds)} on "
        f"{counted(found.cores, 'core')}, {disk(found.megabytes)} of disk space ({source})."
    )


def longest_rules(jobs: Iterable[Job], forecast: Forecast, how_many: int = 5) -> str:
    """The rules whose jobs take most time together, in words."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for job in jobs:
        seconds[job.rule].append(forecast.seconds(job))
    return times_in_words(seconds, how_many)


def warning(found: Estimate, folder: Path) -> str | None:
    """What to say if the disk of the folder is too small for the run."""
    free_mb = shutil.disk_usage(folder).free / 1e6
    if free_mb > found.megabytes:
        return None
    return (
        f"The disk of {folder} has {disk(free_mb)} free, which may not be enough; "
        "the config key `results` names another folder"
    )


def disk(megabytes: float) -> str:
    """Megabytes as a reader sees them: `480 MB`, `1.2 GB`."""
    if megabytes >= 1000:
        return f"{digits(megabytes / 1000)} GB"
    return f"{digits(max(megabytes, 1))} MB"


def cores_of_machine() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))
