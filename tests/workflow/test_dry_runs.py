"""Every config that ships gives a sound graph, and Snakemake is what we take it for."""

import inspect
import re
import subprocess
import sys

import pytest
from checkout import ROOT, SMOKE
from snakemake.scheduling.job_scheduler import JobScheduler

from spikesweep.forecast.times import SHIPPED, read_records

pytestmark = [pytest.mark.workflow, pytest.mark.timeout(300)]

PAPER = "config/paper.yaml"
RESIDUAL = "config/residual.yaml"
# Techniques of both networks together, by config.
TECHNIQUES = {(): 21, (SMOKE,): 4, (PAPER,): 25}


@pytest.mark.parametrize("overlays", TECHNIQUES)
def test_dry_run(overlays, fresh_checkout):
    jobs = fresh_checkout.jobs(overlays=overlays)
    assert 4 <= jobs["train_network"] <= jobs["convert_network"]
    assert jobs["convert_network"] == jobs["run_synapse_and_scaling"]
    # All seeds of a technique in one job.
    assert jobs["train_technique"] == jobs["convert_technique"] == jobs["sweep_technique"]
    assert jobs["train_technique"] == jobs["tabulate_preprocessing"] * TECHNIQUES[overlays]
    assert jobs["write_report"] == 1


@pytest.mark.parametrize(("overlays", "networks"), [((), 1), ((SMOKE,), 0), ((RESIDUAL,), 1)])
def test_skip_paths_are_studied_where_there_are_some(overlays, networks, fresh_checkout):
    jobs = fresh_checkout.jobs(overlays=overlays)
    assert jobs.get("run_skip_paths", 0) == networks
    assert jobs.get("plot_skip_paths", 0) == networks


def test_the_estimate_is_of_the_jobs_that_a_dry_run_shows(fresh_checkout):
    estimate = subprocess.run(
        [sys.executable, "-m", "spikesweep.forecast", SMOKE, "--cores", "3"],
        cwd=fresh_checkout.folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    jobs = sum(fresh_checkout.jobs().values())
    assert re.match(rf"{jobs} jobs: about \d+ .* on 3 cores, \d+ MB of disk space", estimate[0])
    assert "convert_network" in estimate[2]


@pytest.mark.parametrize("target", [(), ("benchmark_engines",)])
def test_shipped_times_know_all_rules(target, fresh_checkout):
    overlays = ("config/bench.yaml",) if target else ()
    known = {record.rule for record in read_records(SHIPPED)}
    assert set(fresh_checkout.jobs(*target, overlays=overlays)) <= known


def test_the_default_profile_is_read(fresh_checkout):
    # It keeps quiet about the machine.
    assert "Host:" not in fresh_checkout.snakemake("-n")
    assert "Host:" in fresh_checkout.snakemake("-n", "--workflow-profile", "none")


def test_the_limit_that_the_snakefile_takes_off_is_the_one_that_starts_timers():
    assert "workflow.scheduler.job_rate_limiter = None" in (ROOT / "Snakefile").read_text()
    # A new version may call it otherwise; then the Snakefile would take off nothing, and say so to
    # nobody.
    started = inspect.getsource(JobScheduler.schedule).split("self.job_rate_limiter is not None")
    assert len(started) == 2
    assert "self._schedule_reevalutation(self.job_rate_limiter.timespan)" in started[1]


def test_a_network_that_no_notebook_will_show_is_not_looked_for(fresh_checkout):
    change = {"study": {"parts": []}, "first_steps": {"study_network": {"network": "gone"}}}
    assert "run_notebook" not in fresh_checkout.jobs(change=change)
