"""The cluster's profile, as far as it can be tried without a cluster."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow

ROOT = Path(__file__).resolve().parents[2]


def test_the_same_jobs_are_planned_for_a_cluster_and_for_this_machine():
    assert job_table("profiles/slurm") == job_table("profiles/default")


def job_table(profile: str) -> str:
    command = [sys.executable, "-m", "snakemake", "-n", "--workflow-profile", profile]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.split("Job stats:")[1].split("total")[0]
