"""Every table of some runs, as a page: python -m spikesweep.report.tables_page results

`docs/tables.md` says what one row of each table is about, and which columns it has in these runs.
"""

import argparse
import csv
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from spikesweep.errors import UserError
from spikesweep.files import write_text

PAGE = Path("docs", "tables.md")
_ROWS, _HEAD = Path("reports", "tables.yaml"), Path("reports", "tables_head.md")
_NO_RESULTS = ("logs", "benchmarks")


def main() -> None:
    """Write the page from the tables of finished runs."""
    parser = argparse.ArgumentParser(
        prog="python -m spikesweep.report.tables_page", description=main.__doc__
    )
    parser.add_argument(
        "results", nargs="*", type=Path, default=[Path("results")], help="folders (results)"
    )
    try:
        write_text(tables_page(parser.parse_args().results, Path.cwd()), PAGE)
    except UserError as error:
        sys.exit(str(error))
    print(f"Written: {PAGE}")


def tables_page(results: Iterable[Path], checkout: Path) -> str:
    """The page, from the tables below these folders and what the checkout says about their rows.

    Raises UserError if there are none, or some that `reports/tables.yaml` does not know.
    """
    found: dict[str, list[str]] = {}
    for folder in results:
        if not (of_run := columns_of_tables(folder)):
            raise UserError(f"{folder} holds no tables: run the study first (make), or name a run")
        for path, columns in of_run.items():
            known = found.setdefault(path, [])
            known += [column for column in columns if column not in known]
    rows = yaml.safe_load((checkout / _ROWS).read_text(encoding="utf-8"))
    if unknown := sorted(found.keys() - rows.keys()):
        raise UserError(
            f"{_ROWS}: nothing about {unknown[0]}, found {len(unknown)} unknown table(s): "
            "add what one row is about"
        )
    head = (checkout / _HEAD).read_text(encoding="utf-8")
    lines = [_line(path, about, found.get(path, [])) for path, about in rows.items()]
    return head + "| table | one row per | columns |\n|---|---|---|\n" + "".join(lines)


def columns_of_tables(results: Path) -> dict[str, list[str]]:
    """The columns of each kind of table, by its path with names of networks and seeds left open.

    Tables of one kind have the same columns; those of a few are listed together where they differ.
    """
    networks = _networks(results)
    columns: dict[str, list[str]] = {}
    for path in sorted(results.rglob("*.csv")):
        name = path.relative_to(results).as_posix()
        if name.split("/")[0] in _NO_RESULTS or path.stat().st_size == 0:
            continue
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file), [])
        known = columns.setdefault(kind_of(name, networks), [])
        known += [column for column in header if column not in known]
    return columns


def kind_of(name: str, networks: Iterable[str]) -> str:
    """The path of a table with `<network>`, `<seed>` and `<dataset>` in place of their names."""
    # Longest first: one name may begin another.
    for network in sorted(networks, key=len, reverse=True):
        name = re.sub(rf"(?<=/){re.escape(network)}(?=[/_])", "<network>", name)
    name = re.sub(r"(?<=/)seed\d+", "seed<seed>", name)
    return re.sub(r"^data/.*\.csv$", "data/<dataset>.csv", name)


def _networks(results: Path) -> list[str]:
    folder = results / "networks"
    return [
        path.parent.parent.relative_to(folder).as_posix() for path in folder.rglob("accuracy.csv")
    ]


def _line(path: str, about: str, columns: Iterable[str]) -> str:
    names = ", ".join(f"`{name}`" for name in _folded(list(columns)))
    return f"| `{path}` | {about} | {names or 'in no run that this page is made from'} |\n"


def _folded(columns: list[str]) -> list[str]:
    """Columns without their bounds, which have the same name with an ending."""
    bounds: Mapping[str, str] = {
        f"{name}{end}": name for name in columns for end in ("_low", "_high")
    }
    return [column for column in columns if column not in bounds]


if __name__ == "__main__":
    main()
