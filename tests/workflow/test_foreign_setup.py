"""`make foreign` with a stand-in for the installer: what it falls back on, and what it says."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ENVS = Path(__file__).resolve().parents[2] / "envs"

UV = """#!/bin/bash
echo "$UV_FIND_LINKS $@" >>"$(dirname "$0")/calls.txt"
if [ "$1" = venv ]; then mkdir -p .venv-foreign/bin; ln -sf /bin/echo .venv-foreign/bin/python; fi
case "$*" in {fails}) echo "no route" >&2; exit 2 ;; esac
"""
INDEX, ANY = "*--torch-backend*", "pip*"


@pytest.fixture
def checkout(tmp_path):
    for folder in ("envs", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ENVS.glob("foreign*"):
        shutil.copy(file, tmp_path / "envs")
    return tmp_path


def set_up(checkout, fails="nothing", **environment):
    uv = checkout / ".venv" / "bin" / "uv"
    uv.write_text(UV.format(fails=fails))
    uv.chmod(0o755)
    command = ["envs/foreign.sh"]
    environment |= {"PATH": "/usr/bin:/bin"}
    return subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )


def calls(checkout):
    return (checkout / ".venv" / "bin" / "calls.txt").read_text().splitlines()


def test_the_cpu_build_is_taken_once(checkout):
    run = set_up(checkout)
    assert run.returncode == 0, run.stderr
    assert "index of CPU builds cannot be used" not in run.stdout
    assert len(calls(checkout)) == 2
    assert set_up(checkout).stdout == ""
    assert len(calls(checkout)) == 2


def test_without_the_index_of_cpu_builds_a_line_says_so(checkout):
    run = set_up(checkout, INDEX, PIP_FIND_LINKS="/wheels")
    assert run.returncode == 0, run.stderr
    assert "index of CPU builds cannot be used" in run.stdout
    assert "no route" not in run.stderr
    assert "no route" in (checkout / ".venv-foreign" / "cpu.log").read_text()
    last = calls(checkout)[-1]
    assert "--torch-backend" not in last
    assert last.startswith("/wheels ")


def test_where_nothing_can_be_had_studies_go_on_without(checkout):
    run = set_up(checkout, ANY)
    assert run.returncode == 1
    assert "Studies run without" in run.stderr
    assert not (checkout / ".venv-foreign" / ".complete").exists()
    assert "Installing" in set_up(checkout).stdout


def test_every_simulator_is_pinned():
    wanted = (ENVS / "foreign.txt").read_text().splitlines()
    asked = [line for line in wanted if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z]+==[\d.]+", line) for line in asked), asked
    assert {"sinabs", "spikingjelly", "torch"} <= {line.split("==")[0] for line in asked}
