"""The jobs that a run has still to do, read from Snakemake's plan.

The plan is Snakemake's own object: of the library, only `forecast/` knows what it looks like.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spikesweep.forecast.network_size import entry_of
from spikesweep.forecast.work import work_in

# Wildcards that say what a job is about, the most telling first.
_SUBJECTS = ("network", "dataset", "notebook")


@dataclass(frozen=True)
class Job:
    """A job to do.

    id: Snakemake's number of it. of: the network, dataset or notebook that it is about; empty if
    it is about the whole study. work: see `work.py`. needs: numbers of the jobs to do before it.
    """

    id: int
    rule: str
    of: str
    work: float
    threads: int
    memory_mb: float
    priority: float
    needs: frozenset[int]
    outputs: tuple[Path, ...]


def jobs_to_do(plan: Any) -> list[Job]:
    """The jobs of a plan (a `snakemake.dag.DAG`) that are left to do and do something."""
    return jobs_of(plan, plan.needrun_jobs())


def jobs_of(plan: Any, planned: Iterable[Any]) -> list[Job]:
    """These jobs of a plan."""
    chosen = [job for job in planned if not job.is_norun]
    numbers = {job.jobid for job in chosen}
    networks = plan.workflow.globals["config"]["networks"]
    return [
        _read(job, {other.jobid for other in plan.dependencies[job]} & numbers, networks)
        for job in chosen
    ]


def _read(job: Any, needs: set[int], networks: Mapping[str, Any]) -> Job:
    wildcards = dict(job.wildcards.items())
    of = next((str(wildcards[name]) for name in _SUBJECTS if name in wildcards), "")
    memory_mb = job.resources.get("mem_mb", 0)
    return Job(
        id=job.jobid,
        rule=job.rule.name,
        of=of,
        work=work_in(dict(job.params.items()).get("config"), entry_of(networks, of)),
        threads=job.threads,
        # Unknown until the job is about to start, if inputs decide.
        memory_mb=memory_mb if isinstance(memory_mb, int | float) else 0,
        priority=job.priority,
        needs=frozenset(needs),
        outputs=tuple(Path(str(file)) for file in job.output),
    )
