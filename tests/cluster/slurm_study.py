"""A study of one small network, its checkout, and the SLURM that runs its jobs."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest
import yaml
from checkout import copy_checkout, planned_jobs

from tests.cluster.small_slurm import (
    TIED_TO_TESTS,
    Slurm,
    SlurmJob,
    missing_programs,
    small_slurm,
)

# Laid over the smoke study: one network from one seed, two settings.
ONE_NETWORK = {
    "results": "results/cluster",
    "study": {"networks": ["mnist_dense"], "parts": []},
    "networks": {"mnist_dense": {"seeds": [0], "options": {"units": [32]}}},
    "synapse_and_scaling": {"synapse_s": [0.005], "scale_firing_rates": [1, 10]},
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
        run = self.start(change, *arguments, profile=profile)
        output, _ = run.communicate(timeout=1200)
        return subprocess.CompletedProcess(run.args, run.returncode, output)

    def start(
        self,
        change: dict,
        *arguments: str,
        profile: str = "profiles/slurm",
        output: IO[str] | int = subprocess.PIPE,
    ) -> subprocess.Popen[str]:
        """The same, without waiting for its end; what it prints goes to `output`."""
        (self.folder / "change.yaml").write_text(yaml.safe_dump(change))
        command = [*TIED_TO_TESTS, sys.executable, "-m", "snakemake"]
        command += ["--workflow-profile", profile]
        command += ["--slurm-init-seconds-before-status-checks", "2", *arguments]
        command += ["--configfile", "config/smoke.yaml", "change.yaml"]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.slurm.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )


@dataclass
class Run:
    """What Snakemake planned and printed, and what SLURM says it ran."""

    planned: Counter[str]
    output: str
    jobs: list[SlurmJob]


@contextmanager
def slurm_study(folder: Path, nodes: int = 1) -> Iterator[Study]:
    """A checkout where nothing was run, and a SLURM of so many nodes."""
    if missing := missing_programs():
        pytest.skip(
            f"no {', '.join(missing)} (Debian: apt install slurm-wlm munge): "
            f"NOTHING was run through SLURM"
        )
    for name in ("checkout", "slurm"):
        (folder / name).mkdir()
    copy_checkout(folder / "checkout")
    with small_slurm(folder / "slurm", nodes) as slurm:
        yield Study(folder / "checkout", slurm)


def planned(study: Study) -> Counter[str]:
    """How many jobs of each rule Snakemake plans for the study of one network."""
    return Counter(planned_jobs(study.snakemake(ONE_NETWORK, "-n").stdout))
