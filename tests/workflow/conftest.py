"""A copy of the checkout with the finished smoke study, to change things in."""

import os
import shutil
import subprocess

import pytest
from checkout import ROOT, Checkout


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
