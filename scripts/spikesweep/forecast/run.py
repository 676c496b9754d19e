"""What the start and the end of a run say of its time."""

import logging
from pathlib import Path
from typing import Any

from spikesweep.forecast.estimate import estimate, forecast_for, in_words, warning
from spikesweep.forecast.jobs import jobs_to_do
from spikesweep.forecast.progress import Progress, follow


class FollowedRun:
    """A run of Snakemake: how long it will take, what is left of it, how long it took."""

    def __init__(self) -> None:
        self._progress: Progress | None = None

    def begin(self, workflow: Any, logger: logging.Logger) -> None:
        """Say how long the run will take, and from now on how much of it is left.

        workflow: Snakemake's own object. On a cluster nothing is predicted: how many cores are free
        there is not known.
        """
        jobs = jobs_to_do(workflow.dag)
        cores = int(workflow.cores) if workflow.local_exec else 0
        seconds = dict.fromkeys((job.id for job in jobs), 0.0)
        if cores and jobs:
            forecast = forecast_for(jobs)
            found = estimate(jobs, forecast, cores)
            seconds = {job.id: forecast.seconds(job) for job in jobs}
            logger.info(in_words(found))
            if too_little := warning(found, Path.cwd()):
                logger.warning(too_little)
        self._progress = Progress(jobs, seconds, cores)
        follow(logger, self._progress)

    def end(self) -> str:
        """What ran, how long it took, and which rules took most; empty if nothing ran."""
        return self._progress.summary() if self._progress else ""
