"""What a failed run says at its end: which jobs failed, where their logs are, and why.

Snakemake prints each failure where it happens, above the messages of all jobs that were still
running then.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from spikesweep.words import counted

_FAILED = re.compile(r"^Error in rule (?P<rule>\w+):\n(?P<facts>(?: {4}.*\n)*)", re.MULTILINE)
_LOG = re.compile(r"^ {4}log: (?P<path>.+?) \(check log", re.MULTILINE)
# A line of the library's own log: time, level, message.
_OURS = re.compile(r"^\d\d:\d\d:\d\d (?P<level>[A-Z]+) (?P<message>.*)$")
# Messages of TensorFlow's start, as `E0000 00:00:17.29 5936 cuda_platform.cc:52] …`.
_NOISE = re.compile(r"^(?:[IWEF]\d{4} |WARNING: All log messages before absl)")


@dataclass(frozen=True)
class Failure:
    """A failed job: its rule, its log if it has one, and the line of it that says why."""

    rule: str
    log: str | None
    reason: str


def told_failures(snakemake_logs: Iterable[str]) -> str:
    """Some lines for the end of a failed run.

    snakemake_logs: files with what Snakemake wrote in this run, as in `.snakemake/log/`.
    """
    texts = (Path(path).read_text(encoding="utf-8", errors="replace") for path in snakemake_logs)
    failures = failures_in("".join(texts))
    if not failures:
        return (
            "The run stopped before its end; unless more is said above, the same command goes on."
        )
    lines = [f"{counted(len(failures), 'job')} failed:"]
    for failure in failures:
        lines.append(f"  {failure.rule}" + (f", log {failure.log}" if failure.log else ""))
        lines.append(f"    {failure.reason}")
    lines.append("All finished results stay: after the repair, the same command goes on from here.")
    return "\n".join(lines)


def failures_in(snakemake_log: str) -> list[Failure]:
    """The failed jobs of a run, in the order of their failures, each once."""
    failures = {}
    for found in _FAILED.finditer(snakemake_log):
        log = _LOG.search(found["facts"])
        path = log["path"] if log else None
        failures[found["rule"], path] = Failure(found["rule"], path, _reason(path))
    return list(failures.values())


def _reason(log: str | None) -> str:
    if log is None or not Path(log).is_file():
        return "it wrote no log; Snakemake says more above"
    lines = Path(log).read_text(encoding="utf-8", errors="replace").splitlines()
    said = [line.strip() for line in lines if line.strip() and not _NOISE.match(line)]
    errors = [ours["message"] for line in said if (ours := _OURS.match(line))]
    if not said:
        return "its log is empty: it never began, or was killed; Snakemake says more above"
    last = _OURS.match(said[-1])
    if last and last["level"] != "ERROR":
        return f"it ended without an error, after: {errors[-1]}. It may have been killed"
    # The last line of a traceback names the exception.
    return last["message"] if last else said[-1]
