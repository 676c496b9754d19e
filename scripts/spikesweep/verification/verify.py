"""Compare the results in a folder with the record of their run, and make the last ones again."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from spikesweep.errors import UserError
from spikesweep.report.page import write_report
from spikesweep.study.findings.table import judge_findings
from spikesweep.verification.record import Record, read_record, relative, results_in, sha256


def faults(results: str | Path) -> list[str]:
    """What is wrong with the results in a folder, one line each; nothing if all is as recorded.

    Raises UserError if there is no record of the study.
    """
    folder = Path(results)
    record = read_record(folder)
    return [*_unlike(folder, record), *_not_following(folder, record)]


def _unlike(folder: Path, record: Record) -> Iterator[str]:
    """Results that are gone, that were altered, or that no run has written."""
    for name, checksum in sorted(record.checksums.items()):
        path = folder / name
        if not path.is_file():
            yield f"{path}: missing"
        elif sha256(path) != checksum:
            yield f"{path}: altered since the run that wrote it"
    for path in sorted(results_in(folder)):
        if relative(path, folder) not in record.checksums:
            yield f"{path}: not from the run that is recorded"


def _not_following(folder: Path, record: Record) -> Iterator[str]:
    """Verdicts and report that differ from what their tables give."""
    with tempfile.TemporaryDirectory() as temporary:
        for rule, make in _MADE_AGAIN.items():
            try:
                made = make(record.made_again[rule], Path(temporary))
            except (OSError, UserError, KeyError, ValueError) as error:
                yield f"{rule}: cannot be done again ({error})"
                continue
            for name, again in made.items():
                before = folder / name
                if before.is_file() and before.read_bytes() != again.read_bytes():
                    yield f"{before}: made again from its tables, by this checkout, it is different"


def _judge(arguments: Mapping[str, Any], folder: Path) -> dict[str, Path]:
    made = {name: folder / f"{name}.csv" for name in ("findings", "uncertainty")}
    outputs = {name: str(path) for name, path in made.items()}
    judge_findings(inputs=arguments["inputs"], outputs=outputs, config=arguments["config"])
    return {path.name: path for path in made.values()}


def _report(arguments: Mapping[str, Any], folder: Path) -> dict[str, Path]:
    page = folder / "report.html"
    write_report(**arguments, report_path=page)
    return {page.name: page}


# By the rules that make them.
_MADE_AGAIN: dict[str, Callable[[Mapping[str, Any], Path], dict[str, Path]]] = {
    "judge_findings": _judge,
    "write_report": _report,
}
