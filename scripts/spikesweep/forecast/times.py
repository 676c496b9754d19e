"""How long jobs take and how much they write: of earlier runs here, or of a shipped table.

A record is a line `rule,of,work,seconds,megabytes`: a job of a rule about a network, dataset or
notebook. Every run writes one for each of its jobs; the shipped table has medians of such lines.
"""

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Literal

from spikesweep.forecast.jobs import Job
from spikesweep.words import counted, duration

# Of all runs in this checkout, whatever their config.
HERE = Path(".snakemake", "job_times.csv")
SHIPPED = Path(__file__).with_name("job_times.csv")
COLUMNS = ("rule", "of", "work", "seconds", "megabytes")
# In the shipped table: what `calibration.py` measured on the machine that its times are of.
CALIBRATION = "calibration"
# Of a rule that no record knows: most draw a figure or make a small table.
_UNKNOWN_S, _UNKNOWN_MB = 2.0, 0.1


@dataclass(frozen=True)
class Record:
    """What was measured of a job; of several jobs alike, the medians."""

    rule: str
    of: str
    work: float
    seconds: float
    megabytes: float


class Times:
    """What jobs take, predicted from records.

    A record of a job with the same rule, subject and work says it; otherwise the straight line
    through those of least and most work. Of an unknown subject, the record of the other one whose
    work is nearest says it.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        """records: of equal trust, in any order; of those alike, the medians count."""
        self._by_rule: dict[str, dict[str, list[Record]]] = defaultdict(dict)
        for rule, of, alike in _grouped(records):
            self._by_rule[rule][of] = alike

    def knows(self, job: Job) -> bool:
        """Whether a job of this rule about the same subject was measured."""
        return job.of in self._by_rule.get(job.rule, {})

    def knows_exactly(self, job: Job) -> bool:
        """Whether such a job with as much work was measured."""
        alike = self._by_rule.get(job.rule, {}).get(job.of, [])
        return any(record.work == job.work for record in alike)

    def seconds(self, job: Job) -> float:
        """How long the job takes."""
        return self._predicted(job, "seconds", _UNKNOWN_S)

    def megabytes(self, job: Job) -> float:
        """How much the job writes."""
        return self._predicted(job, "megabytes", _UNKNOWN_MB)

    def _predicted(self, job: Job, what: Literal["seconds", "megabytes"], unknown: float) -> float:
        subjects = self._by_rule.get(job.rule)
        if not subjects:
            return unknown
        # What a job of the rule takes at least, such as the start of its programs.
        least = min(getattr(record, what) for alike in subjects.values() for record in alike)
        if job.of in subjects:
            return _on_line(subjects[job.of], job.work, what, least)
        return median(
            _on_line([record], job.work, what, least) for record in _nearest(subjects, job.work)
        )


def read_records(path: Path, factor: float = 1) -> list[Record]:
    """The records of a file, their seconds times `factor`; none if there is no such file.

    Lines that a killed run or a full disk has cut in a place that shows are left out.
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    found = (_record(row, factor) for row in rows[1:])
    return [record for record in found if record]


def _record(row: list[str], factor: float) -> Record | None:
    """None unless the row is one whole line."""
    if len(row) != len(COLUMNS):
        return None
    rule, of, *numbers = row
    try:
        work, seconds, megabytes = map(float, numbers)
    except ValueError:
        return None
    return Record(rule, of, work, factor * seconds, megabytes)


def add_record(record: Record, path: Path = HERE) -> None:
    """Append a record to a file, at once, so that a run that is killed has kept it."""
    with path.open("a+", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        file.seek(0)
        before = file.read()
        if not before:
            writer.writerow(COLUMNS)
        elif not before.endswith("\n"):
            # What was cut stays on a line of its own.
            file.write("\n")
        writer.writerow(as_row(record))


def as_row(record: Record) -> list[str]:
    """A record as its columns are written."""
    return [
        record.rule,
        record.of,
        f"{record.work:.12g}",
        f"{record.seconds:.2f}",
        f"{record.megabytes:.3f}",
    ]


def medians(records: Iterable[Record]) -> list[Record]:
    """One record for each rule, subject and work, sorted."""
    return [record for _, _, alike in _grouped(records) for record in alike]


def times_in_words(seconds: Mapping[str, list[float]], how_many: int = 5) -> str:
    """The rules whose jobs take most time together: `train_network 11 min (16 jobs); …`.

    seconds: of the jobs of each rule.
    """
    longest = sorted(seconds, key=lambda rule: -sum(seconds[rule]))[:how_many]
    return "; ".join(
        f"{rule} {duration(sum(seconds[rule]))} ({counted(len(seconds[rule]), 'job')})"
        for rule in longest
    )


def _grouped(records: Iterable[Record]) -> list[tuple[str, str, list[Record]]]:
    """Rule, subject, and its records, one for each amount of work, the least first."""
    alike: dict[tuple[str, str], dict[float, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        alike[record.rule, record.of][record.work].append(record)
    return [
        (rule, of, [_typical(same) for _, same in sorted(by_work.items())])
        for (rule, of), by_work in sorted(alike.items())
    ]


def _typical(records: list[Record]) -> Record:
    first = records[0]
    return Record(
        first.rule,
        first.of,
        first.work,
        median(record.seconds for record in records),
        median(record.megabytes for record in records),
    )


def _nearest(subjects: Mapping[str, list[Record]], work: float) -> list[Record]:
    """The records whose work is as near as that of any, as a factor; all if none has work."""
    records = [record for alike in subjects.values() for record in alike]
    working = [record for record in records if record.work > 0]
    if not working or work <= 0:
        return records
    distance = [abs(math.log(record.work / work)) for record in working]
    return [
        record
        for record, far in zip(working, distance, strict=True)
        if math.isclose(far, min(distance), abs_tol=1e-9)
    ]


def _on_line(
    records: list[Record], work: float, what: Literal["seconds", "megabytes"], least: float
) -> float:
    """What a job with this work takes, on the line through the records of least and most work."""
    exact = next((record for record in records if record.work == work), None)
    if exact:
        return float(getattr(exact, what))
    first, last = records[0], records[-1]
    most = float(getattr(last, what))
    if last.work == 0:
        return most
    start_work, start = (first.work, float(getattr(first, what)))
    if first is last or start > most:
        # One amount of work alone, or nothing that grows with it.
        start_work, start = 0.0, min(least, most)
    slope = (most - start) / (last.work - start_work)
    return max(min(least, most), most + slope * (work - last.work))
