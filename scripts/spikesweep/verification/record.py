"""The record of a finished study: the checksum of each result, and how the last ones are made."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spikesweep.errors import UserError
from spikesweep.files import write_text

# Relative to the folder of the results.
RECORD = Path("provenance/record.json")
# Logs and measured times differ from run to run. Datasets are shared with other studies: those of
# this one are recorded by their names.
_LOGS = "logs"
_NOT_RESULTS = {_LOGS, "benchmarks"}
_DATA = "data"


@dataclass(frozen=True)
class Record:
    """What a run wrote down about its results.

    checksums: SHA-256 by path, relative to the folder of the results.
    made_again: inputs (paths by name), config, and other arguments of the functions that make
        verdicts and report, by rule.
    """

    checksums: Mapping[str, str]
    made_again: Mapping[str, Mapping[str, Any]]


def write_record(
    results: str | Path, datasets: Iterable[str | Path], made_again: Mapping[str, Any]
) -> None:
    """Write down the checksums of all results in a folder, and of the datasets, wherever they lie.

    made_again: see `Record`.
    """
    folder = Path(results)
    files = {*results_in(folder), *map(Path, datasets)}
    checksums = {relative(path, folder): sha256(path) for path in sorted(files)}
    record = {"checksums": checksums, "made_again": made_again}
    # Keys are not sorted: networks stand in tables and report in the order of the study.
    write_text(json.dumps(record, indent=2) + "\n", folder / RECORD)


def read_record(results: str | Path) -> Record:
    """The record of a study; raises UserError if it has none, or a broken one."""
    path = Path(results) / RECORD
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except OSError:
        raise UserError(f"{path} does not exist: finish the study first, with `make`") from None
    except (ValueError, TypeError) as error:
        raise UserError(f"{path} cannot be read ({error}); `make report` writes it again") from None


def results_in(folder: Path) -> Iterator[Path]:
    """The results of the study in a folder, without those of studies in folders below it.

    Those may be unfinished, or have no report, but each has its own logs.
    """
    return _files(folder, _NOT_RESULTS | {_DATA})


def _files(folder: Path, left_out: set[str]) -> Iterator[Path]:
    """Networks may have any name, so that only folders right below the results are left out."""
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in left_out and not _is_study(path):
                yield from _files(path, set())
        elif not path.name.startswith(".") and path.name != RECORD.name:
            yield path


def _is_study(folder: Path) -> bool:
    """A network may be called `logs`, but its folder has no logs."""
    return any((folder / _LOGS).rglob("*.log"))


def relative(path: Path, folder: Path) -> str:
    """A path as the record has it: from the folder of the results."""
    return Path(os.path.relpath(path, folder)).as_posix()


def sha256(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
