"""When jobs end on so many cores: list scheduling, as Snakemake's own greedy scheduler does it."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping

from spikesweep.forecast.jobs import Job


def time_needed(
    jobs: Iterable[Job],
    seconds: Mapping[int, float],
    cores: int,
    *,
    nodes: int = 1,
    running: Iterable[int] = (),
) -> float:
    """Seconds until the last job ends.

    A job starts as soon as the jobs that it needs have ended and a node has its threads free; of
    several that could start, the one of highest priority does, and of those the longest.

    seconds: of each job, by its number. cores: of each of the `nodes`. running: numbers of jobs
    that run already; they start first, whatever their priority.
    """
    by_id = {job.id: job for job in jobs}
    running = set(running)
    waiting, needed_by = _edges(by_id)
    ready = [
        (id not in running, -by_id[id].priority, -seconds[id], id)
        for id, needs in waiting.items()
        if not needs
    ]
    heapq.heapify(ready)
    free = [cores] * nodes
    now, ends = 0.0, list[tuple[float, int, int, int]]()
    while ready or ends:
        put_off = []
        while ready and max(free) > 0:
            entry = heapq.heappop(ready)
            job = by_id[entry[-1]]
            # Snakemake gives a job that asks for more than there is what there is.
            threads = min(job.threads, cores)
            node = max(range(nodes), key=free.__getitem__)
            if free[node] < threads:
                put_off.append(entry)
                continue
            free[node] -= threads
            heapq.heappush(ends, (now + seconds[job.id], job.id, node, threads))
        for entry in put_off:
            heapq.heappush(ready, entry)
        now, ended, node, threads = heapq.heappop(ends)
        free[node] += threads
        for id in needed_by[ended]:
            waiting[id].discard(ended)
            if not waiting[id]:
                heapq.heappush(ready, (True, -by_id[id].priority, -seconds[id], id))
    return now


def critical_path(jobs: Iterable[Job], seconds: Mapping[int, float]) -> list[Job]:
    """The chain of jobs, each needing the one before, that takes longest: no machine is faster."""
    by_id = {job.id: job for job in jobs}
    ends: dict[int, float] = {}
    before: dict[int, int | None] = {}
    for id in _in_order(by_id):
        last = max(by_id[id].needs & by_id.keys(), key=lambda need: ends[need], default=None)
        before[id] = last
        ends[id] = seconds[id] + (ends[last] if last is not None else 0.0)
    chain: list[Job] = []
    at = max(ends, key=lambda id: ends[id], default=None)
    while at is not None:
        chain.append(by_id[at])
        at = before[at]
    return chain[::-1]


def _edges(jobs: Mapping[int, Job]) -> tuple[dict[int, set[int]], dict[int, list[int]]]:
    """What each job waits for, and which jobs each is needed by, of these jobs."""
    waiting = {id: {need for need in job.needs if need in jobs} for id, job in jobs.items()}
    needed_by = defaultdict(list)
    for id, needs in waiting.items():
        for need in needs:
            needed_by[need].append(id)
    return waiting, needed_by


def _in_order(jobs: Mapping[int, Job]) -> list[int]:
    """Numbers of jobs, each after those that it needs."""
    waiting, needed_by = _edges(jobs)
    order = [id for id, needs in waiting.items() if not needs]
    # The list grows while it is walked.
    for id in order:
        for later in needed_by[id]:
            waiting[later].discard(id)
            if not waiting[later]:
                order.append(later)
    return order
