"""One version, wherever it is named."""

import tomllib
from pathlib import Path

import yaml

from spikesweep.report.version import VERSION

ROOT = Path(__file__).parents[2]


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert (project, citation["version"]) == (VERSION, VERSION)
    released = f"## {VERSION} - {citation['date-released']}\n"
    assert released in (ROOT / "CHANGELOG.md").read_text()


def test_workflow_files_are_valid_and_call_targets_that_exist():
    targets = (ROOT / "Makefile").read_text()
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())["jobs"]
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert {command.split()[1] for command in commands} == {"lint", "smoke"}
    for command in commands:
        assert f"\n{command.split()[1]}: " in targets
