"""Jobs and nodes of a cluster that fail: the study ends complete, with the same bytes."""

import time
from dataclasses import dataclass, field
from subprocess import Popen

import pytest

from tests.cluster.slurm_study import ONE_NETWORK, Study, slurm_study
from tests.cluster.small_slurm import SlurmJob

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1800)]

RESULTS = "results/cluster"
WITHIN_S = 900


@dataclass
class Faults:
    """A study in which a job was killed, a node lost its power, and a node fell silent.

    struck: the job that each of them met.
    """

    study: Study
    output: str
    struck: dict[str, SlurmJob] = field(default_factory=dict)

    def jobs(self, rule: str) -> list[SlurmJob]:
        return [job for job in self.study.slurm.jobs() if job.rule == rule]


@pytest.fixture(scope="module")
def faults(tmp_path_factory):
    with slurm_study(tmp_path_factory.mktemp("faults"), nodes=2) as study:
        with (study.folder / "run.log").open("w") as log:
            run = study.start(ONE_NETWORK, output=log)
        struck = {"killed": running(study, run, "train_network")}
        study.slurm.kill_job(struck["killed"])
        struck["power"] = running(study, run, "convert_network")
        study.slurm.cut_power(struck["power"].node)
        struck["silent"] = running(study, run, "run_synapse_and_scaling")
        study.slurm.silence(struck["silent"].node)
        code = run.wait(WITHIN_S)
        output = (study.folder / "run.log").read_text()
        assert code == 0, output[-5000:]
        yield Faults(study, output, struck)


def running(study: Study, run: Popen, rule: str) -> SlurmJob:
    """Wait for a job of this rule to be well under way, not for the first time if it was struck."""
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end and run.poll() is None:
        for job in study.slurm.jobs():
            log = study.folder / RESULTS / "logs" / rule / "mnist_dense" / "seed0.log"
            if job.rule == rule and job.state == "RUNNING" and log.is_file():
                return job
        time.sleep(0.1)
    pytest.fail(f"no job of {rule} began:\n{(study.folder / 'run.log').read_text()[-5000:]}")


def test_a_job_that_was_killed_is_submitted_again(faults):
    killed = faults.struck["killed"]
    states = {job.id: job.state for job in faults.jobs("train_network")}
    assert states.pop(killed.id) == "FAILED"
    assert list(states.values()) == ["COMPLETED"]


@pytest.mark.parametrize("fault", ["power", "silent"])
def test_a_job_whose_node_failed_is_begun_again_by_slurm(faults, fault):
    struck = faults.struck[fault]
    (job,) = faults.jobs(struck.rule)
    assert (job.id, job.state) == (struck.id, "COMPLETED")
    assert job.restarts > struck.restarts


def test_nothing_runs_any_longer_where_no_node_answers(faults):
    assert faults.jobs("run_synapse_and_scaling")[0].node != faults.struck["silent"].node


def test_every_table_is_there_with_the_bytes_of_a_study_without_faults(study, finished, faults):
    expected, found = (one.folder / RESULTS for one in (study, faults.study))
    tables = {path.relative_to(expected).as_posix() for path in expected.rglob("*.csv")}
    assert len(tables) > 10
    assert {
        name
        for name in tables
        if not (found / name).is_file()
        or (found / name).read_bytes() != (expected / name).read_bytes()
    } == set()
    assert (found / "report.html").is_file()
