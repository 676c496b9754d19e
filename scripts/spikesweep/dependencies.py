"""Judges what `make audit` found of the locked packages: python -m spikesweep.dependencies FOLDER.

The folder holds what pip-audit, pip-licenses and cyclonedx-py wrote; `envs/audit.sh` calls them.
What people have looked at is in `envs/audit_answers.yaml`; anything else ends with an error.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from spikesweep.files import write_text
from spikesweep.words import counted

_ANSWERS = Path("envs", "audit_answers.yaml")
_PAGE = Path("docs", "dependencies.md")
_BILL = Path("sbom.json")
# Licences that ask for nothing but to be named.
_PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Zlib|CC0|Unlicense|HPND", re.I
)
_MORE = re.compile(r"GPL|General Public|non-commercial|proprietary", re.I)
_NOT_STATED = "UNKNOWN"
_HEAD = """# Dependencies

Written by `make audit` from the metadata of the packages in `.venv`, not by hand. It lists all
{count} of them, direct and indirect, as `envs/requirements.lock` fixes them with their hashes. A
bill of materials in the format CycloneDX is written besides, as `sbom.json`.

"""


@dataclass(frozen=True)
class Vulnerability:
    """A known fault of a locked package."""

    id: str
    package: str
    version: str
    fixed_in: str


@dataclass(frozen=True)
class Licence:
    """The licence of an installed package, as its metadata state it."""

    package: str
    version: str
    licence: str


def main() -> None:
    """Write docs/dependencies.md and sbom.json; end with an error if something has no answer."""
    folder = Path(sys.argv[1])
    answers = yaml.safe_load(_ANSWERS.read_text(encoding="utf-8"))
    licences = read_licences(folder / "licences.json")
    write_text(page(licences, answers["licences"]), _PAGE)
    shutil.copyfile(folder / "sbom.json", _BILL)
    print(f"Written: {_PAGE}, {_BILL} ({counted(len(licences), 'package')})")
    reports = [folder / f"{name}.vulnerabilities.json" for name in ("requirements", "audit")]
    unlicensed = unanswered_licences(licences, answers["licences"])
    vulnerable = unanswered_vulnerabilities(reports, answers["vulnerabilities"])
    # What is well is said besides what is not: the database of vulnerabilities may be out of reach.
    if not unlicensed:
        print("Every licence is permissive, or has an answer.")
    if not vulnerable:
        print("No known vulnerability is without an answer.")
    if problems := unlicensed + vulnerable:
        sys.exit("\n".join(problems))


def read_licences(path: Path) -> list[Licence]:
    """The licences that pip-licenses found, by the names of the packages.

    An expression of SPDX counts more than what classifiers say, and these more than free text.
    """
    return sorted(
        (
            Licence(row["Name"], row["Version"], _stated(row))
            for row in json.loads(path.read_text(encoding="utf-8"))
        ),
        key=lambda row: row.package.lower(),
    )


def unanswered_licences(licences: Iterable[Licence], answers: Mapping[str, Any]) -> list[str]:
    """Licences to look at that nobody has, and answers about packages that are not there."""
    licences = list(licences)
    problems = [
        f"{row.package} {row.version}: its licence is {row.licence}, which nobody has looked at; "
        f"say in {_ANSWERS}, licences, what it is and why it may be used"
        for row in licences
        if row.package not in answers
        and (_MORE.search(row.licence) or not _PERMISSIVE.search(row.licence))
    ]
    return problems + [
        f"{_ANSWERS}: {package} is not installed any longer; delete its answer"
        for package in sorted(answers.keys() - {row.package for row in licences})
    ]


def unanswered_vulnerabilities(reports: Iterable[Path], answers: Mapping[str, Any]) -> list[str]:
    """Faults that pip-audit knows and nobody has answered, and packages it could not look up."""
    problems: list[str] = []
    known: set[str] = set()
    unknown = 0
    for report in reports:
        if not report.is_file():
            problems.append(f"pip-audit wrote no {report.name}: {_last_line(report)}")
            continue
        found, left_out = read_vulnerabilities(report)
        known |= {one.id for one in found}
        unknown += left_out
        problems += [
            f"{one.package} {one.version}: {one.id}, fixed in {one.fixed_in or 'no version yet'}; "
            f"update it (make lock), or answer in {_ANSWERS}, vulnerabilities"
            for one in found
            if one.id not in answers
        ]
    if unknown:
        problems.append(
            f"{counted(unknown, 'package')} could not be looked up, so nothing is known of their "
            "vulnerabilities; run it where pip-audit can reach its vulnerability service"
        )
    if problems:
        return problems
    return [
        f"{_ANSWERS}: {id} is not found any longer; delete its answer"
        for id in sorted(answers.keys() - known)
    ]


def read_vulnerabilities(path: Path) -> tuple[list[Vulnerability], int]:
    """The faults in a report of pip-audit, and how many packages it could not look up."""
    packages = json.loads(path.read_text(encoding="utf-8"))["dependencies"]
    found = [
        Vulnerability(
            fault["id"], package["name"], package["version"], ", ".join(fault["fix_versions"])
        )
        for package in packages
        for fault in package.get("vulns", [])
    ]
    return found, sum("skip_reason" in package for package in packages)


def page(licences: Iterable[Licence], answers: Mapping[str, Any]) -> str:
    """The page that lists all packages with their licences."""
    licences = list(licences)
    lines = ["| package | version | licence | more |", "|---|---|---|---|"]
    for row in licences:
        answer = answers.get(row.package, {})
        lines.append(
            f"| {row.package} | {row.version} | {answer.get('licence', row.licence)} "
            f"| {answer.get('answer', '')} |"
        )
    return _HEAD.format(count=len(licences)) + "\n".join(lines) + "\n"


def _last_line(report: Path) -> str:
    """The last line of what pip-audit said when it should have written a report."""
    log = report.with_name(report.name.removesuffix(".vulnerabilities.json") + ".log")
    lines = log.read_text(encoding="utf-8").strip().splitlines() if log.is_file() else []
    return lines[-1] if lines else "it said nothing"


def _stated(row: Mapping[str, str]) -> str:
    stated = (
        row.get(column, _NOT_STATED)
        for column in ("License-Expression", "License-Classifier", "License-Metadata")
    )
    # Some give the whole text in place of the name.
    found = (text.strip().splitlines()[0] for text in stated if text not in (_NOT_STATED, ""))
    return next(found, _NOT_STATED)


if __name__ == "__main__":
    main()
