"""A small study in a checkout of its own, run through SLURM once for all tests that ask for it."""

import pytest

from tests.cluster.slurm_study import ONE_NETWORK, Run, planned, slurm_study


@pytest.fixture(scope="session")
def study(tmp_path_factory):
    with slurm_study(tmp_path_factory.mktemp("study")) as study:
        yield study


@pytest.fixture(scope="session")
def finished(study):
    jobs = planned(study)
    run = study.snakemake(ONE_NETWORK)
    if run.returncode:
        pytest.fail(f"the study failed in SLURM:\n{run.stdout[-5000:]}", pytrace=False)
    return Run(jobs, run.stdout, study.slurm.jobs())
