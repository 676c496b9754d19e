"""The study on a cluster: a real SLURM, of one node on this machine, runs every job."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import yaml
from checkout import copy_checkout, planned_jobs

from tests.cluster.one_node_slurm import (
    TIED_TO_TESTS,
    Slurm,
    SlurmJob,
    missing_programs,
    one_node_slurm,
)

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

# Laid over the smoke study: one network from one seed, two settings.
ONE_NETWORK = {
    "results": "results/cluster",
    "study": {"networks": ["mnist_dense"], "parts": []},
    "networks": {"mnist_dense": {"seeds": [0], "options": {"units": [32]}}},
    "synapse_and_scaling": {"synapse_s": [0.005], "scale_firing_rates": [1, 10]},
}

CUT_DATASET = {
    "results": "results/cut",
    "study": {"networks": ["mnist_dense"], "parts": []},
    "datasets": {"cut": {"format": "npz", "path": "cut.npz"}},
    "networks": {"mnist_dense": {"dataset": "cut", "seeds": [0]}},
}


@dataclass
class Study:
    """A checkout of its own, and the SLURM that runs its jobs."""

    folder: Path
    slurm: Slurm

    def snakemake(
        self, change: dict, *arguments: str, profile: str = "profiles/slurm"
    ) -> subprocess.CompletedProcess[str]:
        """Run Snakemake with `change` laid over the smoke study, asking SLURM often."""
        (self.folder / "change.yaml").write_text(yaml.safe_dump(change))
        command = [*TIED_TO_TESTS, sys.executable, "-m", "snakemake"]
        command += ["--workflow-profile", profile]
        command += ["--slurm-init-seconds-before-status-checks", "2", *arguments]
        command += ["--configfile", "config/smoke.yaml", "change.yaml"]
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.slurm.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=1200,
            check=False,
        )


@dataclass
class Run:
    """What Snakemake planned and printed, and what SLURM says it ran."""

    planned: Counter[str]
    output: str
    jobs: list[SlurmJob]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    if missing := missing_programs():
        pytest.skip(
            f"no {', '.join(missing)} (Debian: apt install slurm-wlm munge): "
            f"NOTHING was run through SLURM"
        )
    folder = tmp_path_factory.mktemp("checkout")
    copy_checkout(folder)
    with one_node_slurm(tmp_path_factory.mktemp("slurm")) as slurm:
        yield Study(folder, slurm)


@pytest.fixture(scope="module")
def finished(study):
    planned = Counter(planned_jobs(study.snakemake(ONE_NETWORK, "-n").stdout))
    run = study.snakemake(ONE_NETWORK)
    if run.returncode:
        pytest.fail(f"the study failed in SLURM:\n{run.stdout[-5000:]}", pytrace=False)
    return Run(planned, run.stdout, study.slurm.jobs())


def test_every_job_runs_in_slurm(study, finished):
    assert (study.folder / "results/cluster/report.html").is_file()
    assert {"prepare_dataset", "train_network", "write_report"} <= finished.planned.keys()
    assert Counter(job.rule for job in finished.jobs) == finished.planned
    assert {job.state for job in finished.jobs} == {"COMPLETED"}
    submitted = re.findall(r"submitted with SLURM jobid (\d+)", finished.output)
    assert sorted(submitted) == sorted(job.id for job in finished.jobs)


def test_slurm_is_asked_for_the_time_that_rules_and_profile_state(finished):
    limits = {job.rule: job.time_limit for job in finished.jobs}
    long = {rule for rule in limits if rule == "train_network" or rule.startswith("run_")}
    assert {limits[rule] for rule in long} == {"8:00:00"}
    assert {limits[rule] for rule in set(limits) - long} == {"1:00:00"}


@pytest.mark.parametrize("profile", ["profiles/slurm", "profiles/default"])
def test_a_second_run_has_nothing_to_do(study, finished, profile):
    again = study.snakemake(ONE_NETWORK, profile=profile)
    assert again.returncode == 0, again.stdout
    assert "Nothing to be done" in again.stdout
    assert study.slurm.jobs() == finished.jobs


def test_a_job_that_fails_in_slurm_says_why(study):
    images, labels = np.zeros((40, 8, 8), np.uint8), np.arange(40) % 4
    whole = study.folder / "cut.npz"
    np.savez(whole, x_train=images, y_train=labels, x_test=images, y_test=labels)
    whole.write_bytes(whole.read_bytes()[:2000])
    before = study.slurm.jobs()
    run = study.snakemake(CUT_DATASET)
    assert run.returncode != 0
    log = (study.folder / "results/logs/prepare_dataset/cut.log").read_text().splitlines()
    assert "cut.npz cannot be read" in log[-1]
    assert log[-1] in run.stdout
    assert "Traceback" not in run.stdout
    failed = [job for job in study.slurm.jobs() if job not in before]
    assert [(job.rule, job.state) for job in failed] == [("prepare_dataset", "FAILED")]
