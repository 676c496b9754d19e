"""Known vulnerabilities and licences of the locked packages: what is let through."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from spikesweep.dependencies import (
    Licence,
    page,
    read_licences,
    unanswered_licences,
    unanswered_vulnerabilities,
)

ROOT = Path(__file__).resolve().parents[2]
FAULT = {"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": [], "description": "It leaks."}
CLEAN = {"name": "numpy", "version": "2.4.0", "vulns": []}
FAULTY = {"name": "pillow", "version": "2.0", "vulns": [FAULT]}
LEFT_OUT = {"name": "nir", "skip_reason": "Dependency not found"}


@pytest.fixture
def report(tmp_path):
    """A report of pip-audit."""

    def report(*packages):
        path = tmp_path / "requirements.vulnerabilities.json"
        path.write_text(json.dumps({"dependencies": packages, "fixes": []}))
        return path

    return report


def licence(stated, package="some"):
    return Licence(package, "1.0", stated)


def test_a_fault_without_an_answer_is_told_with_what_to_do(report):
    (line,) = unanswered_vulnerabilities([report(CLEAN, FAULTY)], {})
    assert line.startswith("pillow 2.0: PYSEC-1, fixed in 2.1; update it")


def test_a_fault_with_an_answer_passes_and_an_answer_to_nothing_does_not(report):
    answers = {"PYSEC-1": {"package": "pillow", "answer": "no such images are read"}}
    assert unanswered_vulnerabilities([report(FAULTY)], answers) == []
    (line,) = unanswered_vulnerabilities([report(CLEAN)], answers)
    assert "PYSEC-1 is not found any longer" in line


def test_packages_that_could_not_be_looked_up_are_no_good_news(report):
    twice = [report(CLEAN, LEFT_OUT)] * 2
    (line,) = unanswered_vulnerabilities(twice, {"PYSEC-9": {}})
    assert line.startswith("2 packages could not be looked up")


def test_a_report_that_was_not_written_is_told_with_the_reason(tmp_path):
    (tmp_path / "audit.log").write_text("WARNING: old\nERROR: no route to pypi.org\n")
    (line,) = unanswered_vulnerabilities([tmp_path / "audit.vulnerabilities.json"], {})
    assert line == "pip-audit wrote no audit.vulnerabilities.json: ERROR: no route to pypi.org"


@pytest.mark.parametrize("stated", ["MIT", "BSD-3-Clause AND 0BSD", "Apache Software License"])
def test_permissive_licences_pass(stated):
    assert unanswered_licences([licence(stated)], {}) == []


@pytest.mark.parametrize(
    "stated", ["UNKNOWN", "GPL-3.0", "MIT; LGPL", "Free for non-commercial use"]
)
def test_other_licences_need_an_answer(stated):
    (line,) = unanswered_licences([licence(stated)], {})
    assert f"some 1.0: its licence is {stated}" in line
    assert unanswered_licences([licence(stated)], {"some": {"licence": "MIT"}}) == []


def test_an_answer_about_a_package_that_is_gone_is_told():
    (line,) = unanswered_licences([licence("MIT")], {"gone": {}})
    assert "gone is not installed any longer" in line


def test_an_expression_counts_more_than_classifiers_and_these_more_than_free_text(tmp_path):
    keys = ("License-Expression", "License-Classifier", "License-Metadata")
    rows = [
        {"Name": "c", "Version": "1", **dict(zip(keys, ("MIT", "BSD License", "x"), strict=True))},
        {"Name": "b", "Version": "1", **dict(zip(keys, ("UNKNOWN", "ISC", "x"), strict=True))},
        {"Name": "A", "Version": "1", **dict.fromkeys(keys[:2], "UNKNOWN"), keys[2]: "BSD\nlong"},
    ]
    path = tmp_path / "licences.json"
    path.write_text(json.dumps(rows))
    found = read_licences(path)
    assert [(row.package, row.licence) for row in found] == [
        ("A", "BSD"),
        ("b", "ISC"),
        ("c", "MIT"),
    ]


def test_the_page_says_what_an_answer_says():
    answers = {"some": {"licence": "MIT", "answer": "in its LICENSE"}}
    assert "| some | 1.0 | MIT | in its LICENSE |" in page([licence("UNKNOWN")], answers)


def test_the_committed_page_lists_every_package_of_the_lock():
    listed = (ROOT / "docs" / "dependencies.md").read_text().lower().replace("_", "-")
    locked = [
        line.split("==")[0]
        for line in (ROOT / "envs" / "requirements.lock").read_text().splitlines()
        if "==" in line and "python_full_version ==" not in line and not line.startswith(" ")
    ]
    here = [name for name in locked if f"| {name.lower().replace('_', '-')} |" in listed]
    # Some of the lock are for other versions of Python alone.
    assert len(here) > 0.9 * len(locked) > 100
    answers = yaml.safe_load((ROOT / "envs" / "audit_answers.yaml").read_text())
    assert all(f"| {name} |" in listed for name in answers["licences"])


def test_the_command_writes_both_files_and_fails_without_answers(tmp_path, report):
    for folder in ("envs", "docs", "found"):
        (tmp_path / folder).mkdir()
    (tmp_path / "envs" / "audit_answers.yaml").write_text("{vulnerabilities: {}, licences: {}}")
    row = {"Name": "some", "Version": "1", "License-Expression": "MIT"}
    (tmp_path / "found" / "licences.json").write_text(json.dumps([row]))
    (tmp_path / "found" / "sbom.json").write_text("{}")
    for name, package in (("requirements", CLEAN), ("audit", FAULTY)):
        report(package).rename(tmp_path / "found" / f"{name}.vulnerabilities.json")
    run = subprocess.run(
        [sys.executable, "-m", "spikesweep.dependencies", "found"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "scripts")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "pillow 2.0: PYSEC-1" in run.stderr
    # What is well is told, too.
    assert "Every licence is permissive, or has an answer." in run.stdout
    assert "No known vulnerability" not in run.stdout
    assert (tmp_path / "sbom.json").is_file()
    assert "| some | 1 | MIT |" in (tmp_path / "docs" / "dependencies.md").read_text()
