"""Jobs of a plan, for tests of what is foretold of them."""

from collections.abc import Iterable
from pathlib import Path

from spikesweep.forecast.jobs import Job


def job(
    number: int,
    rule: str = "train",
    of: str = "net",
    *,
    work: float = 0,
    threads: int = 1,
    priority: float = 0,
    needs: Iterable[int] = (),
    outputs: Iterable[Path] = (),
) -> Job:
    return Job(
        id=number,
        rule=rule,
        of=of,
        work=work,
        threads=threads,
        memory_mb=700,
        priority=priority,
        needs=frozenset(needs),
        outputs=tuple(outputs),
    )
