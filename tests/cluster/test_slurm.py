"""The study on a cluster: a real SLURM on this machine runs every job."""

import re
from collections import Counter

import numpy as np
import pytest

from tests.cluster.slurm_study import ONE_NETWORK

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

CUT_DATASET = {
    "results": "results/cut",
    "study": {"networks": ["mnist_dense"], "parts": []},
    "datasets": {"cut": {"format": "npz", "path": "cut.npz"}},
    "networks": {"mnist_dense": {"dataset": "cut", "seeds": [0]}},
}


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
    # It was tried again, as the profile says.
    assert [(job.rule, job.state) for job in failed] == 3 * [("prepare_dataset", "FAILED")]
