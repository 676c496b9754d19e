"""Runs Snakemake in a checkout, as a user would."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SMOKE = "config/smoke.yaml"


@dataclass
class Checkout:
    """A checkout to run Snakemake in."""

    folder: Path

    def snakemake(self, *arguments: str, overlays: tuple[str, ...] = (SMOKE,)) -> str:
        """Run Snakemake and return all that it printed; fail the test if Snakemake fails."""
        run = self.attempt(*arguments, overlays=overlays)
        if run.returncode:
            pytest.fail(f"snakemake failed:\n{run.stdout[-5000:]}", pytrace=False)
        return run.stdout

    def attempt(self, *arguments, overlays=(SMOKE,)) -> subprocess.CompletedProcess:
        configs = ["--configfile", *overlays] if overlays else []
        return subprocess.run(
            [sys.executable, "-m", "snakemake", *configs, "--cores", "2", *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def jobs(self, *arguments: str, change: dict | None = None) -> dict[str, int]:
        """How many jobs of each rule a run would have; `change` is laid over the config."""
        overlays = [SMOKE]
        if change:
            (self.folder / "change.yaml").write_text(yaml.safe_dump(change))
            overlays.append("change.yaml")
        told = self.snakemake("-n", *arguments, overlays=tuple(overlays))
        if "Nothing to be done" in told:
            return {}
        table = told.split("Job stats:")[-1].split("total")[0]
        found = {name: int(n) for name, n in re.findall(r"^(\w+)\s+(\d+)\s*$", table, re.M)}
        return {name: n for name, n in found.items() if name != "all"}

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert old in text, f"{file} no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1))
