"""Every config that ships gives a sound graph, and Snakemake is what we take it for."""

import inspect
import re

import pytest
from checkout import ROOT, SMOKE, Checkout
from snakemake.scheduling.job_scheduler import JobScheduler

pytestmark = [pytest.mark.workflow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("overlays", [(), (SMOKE,), ("config/paper.yaml",)])
def test_dry_run(overlays, tmp_path):
    # Another results folder: a graph with all its jobs, whatever was run here before.
    overlay = tmp_path / "elsewhere.yaml"
    overlay.write_text(f"results: {tmp_path / 'results'}\n")
    told = Checkout(ROOT).snakemake("-n", overlays=(*overlays, str(overlay)))
    jobs = {name: int(n) for name, n in re.findall(r"^(\w+)\s+(\d+)\s*$", told, re.M)}
    assert jobs["train_network"] >= 4
    # Of variants, only some seeds become spiking networks.
    assert 4 <= jobs["convert_network"] <= jobs["train_network"] + jobs["prune_network"]
    assert jobs["convert_network"] == jobs["run_synapse_and_scaling"]
    assert jobs["write_report"] == 1


def test_the_limit_that_the_snakefile_takes_off_is_the_one_that_starts_timers():
    assert "workflow.scheduler.job_rate_limiter = None" in (ROOT / "Snakefile").read_text()
    # A new version may call it otherwise; then the Snakefile would take off nothing, and say so to
    # nobody.
    started = inspect.getsource(JobScheduler.schedule).split("self.job_rate_limiter is not None")
    assert len(started) == 2
    assert "self._schedule_reevalutation(self.job_rate_limiter.timespan)" in started[1]
