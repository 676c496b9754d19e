"""Copies of this checkout to run Snakemake in: no test then depends on what was run here before."""

import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SMOKE = "config/smoke.yaml"
# All that Snakemake reads of a checkout.
STUDY = ("Snakefile", "config", "envs", "profiles", "reports", "rules", "scripts")
# Verified downloads: each use of them checks their hashes, so that they may come from any run.
DOWNLOADS = Path("results/data/raw")


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

    def attempt(
        self, *arguments: str, overlays: tuple[str, ...] = (SMOKE,)
    ) -> subprocess.CompletedProcess[str]:
        configs = ["--configfile", *overlays] if overlays else []
        return subprocess.run(
            [sys.executable, "-m", "snakemake", *configs, "--cores", "2", *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def jobs(
        self,
        *arguments: str,
        change: dict[str, Any] | None = None,
        overlays: tuple[str, ...] = (SMOKE,),
    ) -> dict[str, int]:
        """How many jobs of each rule a run would have; `change` is laid over the config."""
        if change:
            (self.folder / "change.yaml").write_text(yaml.safe_dump(change))
            overlays = (*overlays, "change.yaml")
        return planned_jobs(self.snakemake("-n", *arguments, overlays=overlays))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text()
        assert old in text, f"{file} no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1))


def planned_jobs(dry_run: str) -> dict[str, int]:
    """Jobs of each rule in the last table that a dry run printed; `all` runs nothing."""
    if "Nothing to be done" in dry_run:
        return {}
    table = dry_run.split("Job stats:")[-1].split("total")[0]
    found = {name: int(n) for name, n in re.findall(r"^(\w+)\s+(\d+)\s*$", table, re.M)}
    assert found, f"no table of jobs in:\n{dry_run}"
    return {name: n for name, n in found.items() if name != "all"}


def copy_checkout(folder: Path, source: Path = ROOT) -> Checkout:
    """Copy what a study reads into a new or empty folder; of what runs made, only downloads."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in STUDY:
        if (source / name).is_dir():
            shutil.copytree(
                source / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy2(source / name, folder / name)
    if (source / "data").is_dir():
        (folder / "data").symlink_to(source / "data")
    if (source / DOWNLOADS).is_dir():
        link_files(source / DOWNLOADS, folder / DOWNLOADS)
    return Checkout(folder)


def link_files(source: Path, target: Path) -> None:
    """Copy a folder as hard links where they are possible: quick, and takes no space."""
    target.parent.mkdir(parents=True, exist_ok=True)
    linked = subprocess.run(["cp", "-al", source, target], capture_output=True, check=False)
    if linked.returncode:
        shutil.rmtree(target, ignore_errors=True)
        subprocess.run(["cp", "-a", source, target], check=True)


def job_of(run: subprocess.Popen[Any], script: str) -> int:
    """The process of a job that runs a script of the study, as soon as there is one."""
    for _ in range(6000):
        assert run.poll() is None
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_text().split("\0")
                inside = (process / "cwd").resolve() == Path(f"/proc/{run.pid}/cwd").resolve()
            except OSError:
                continue
            if inside and words[0] != "/bin/sh" and any(word.endswith(script) for word in words):
                return int(process.name)
        time.sleep(0.05)
    raise AssertionError(f"no job ran {script}")


def fingerprint() -> str:
    """Changes with every byte that a study reads of this checkout, its downloads apart."""
    digest = hashlib.sha256(sys.version.encode())
    for file in study_files():
        digest.update(str(file.relative_to(ROOT)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def study_files() -> Iterator[Path]:
    for name in STUDY:
        for path in sorted((ROOT / name).rglob("*")) if (ROOT / name).is_dir() else [ROOT / name]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path
