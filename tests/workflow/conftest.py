"""A copy of the checkout with the finished smoke study, to change things in."""

import os
import re
import shutil
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
            [sys.executable, "-m", "snakemake", "--cores", "2", *arguments, *configs],
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


@pytest.fixture(scope="session")
def finished(smoke_results, tmp_path_factory) -> Checkout:
    """The checkout with its smoke study, copied; results are linked, none is written in place."""
    folder = tmp_path_factory.mktemp("checkout")
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in tracked.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / "results").mkdir()
    for kept in ("results/data", "results/smoke"):
        subprocess.run(["cp", "-al", ROOT / kept, folder / kept], check=True)
    shutil.copytree(ROOT / ".snakemake" / "metadata", folder / ".snakemake" / "metadata")
    return Checkout(folder)


@pytest.fixture
def restored(finished):
    """The same, its files as they were after the test."""
    kept = {path: path.read_bytes() for path in finished.folder.glob("scripts/**/*.py")}
    stamps = {path: path.stat() for path in kept}
    yield finished
    for path, content in kept.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
            os.utime(path, ns=(stamps[path].st_atime_ns, stamps[path].st_mtime_ns))
