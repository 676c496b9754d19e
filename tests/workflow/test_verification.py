"""A finished study is what its run wrote, and what was altered since is named."""

import os
import shutil
import subprocess
import sys

import pytest
from checkout import Checkout, copy_checkout, link_files

pytestmark = [pytest.mark.workflow, pytest.mark.timeout(900)]
RESULTS = "results/smoke"


@pytest.fixture(scope="module")
def study(smoke_study, tmp_path_factory):
    """A copy of the smoke study of its own, since other tests make results again in theirs."""
    folder = tmp_path_factory.mktemp("verified")
    copy_checkout(folder, source=smoke_study.folder)
    shutil.rmtree(folder / "results", ignore_errors=True)
    link_files(smoke_study.folder / "results", folder / "results")
    return Checkout(folder)


def _verify(checkout):
    return subprocess.run(
        [sys.executable, "-m", "spikesweep.verification", RESULTS],
        cwd=checkout.folder,
        env=os.environ | {"PYTHONPATH": "scripts"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_finished_study_is_as_its_run_wrote_it(study):
    run = _verify(study)
    assert (run.returncode, run.stderr) == (0, "")
    assert "verdicts and report follow from their tables" in run.stdout


@pytest.mark.parametrize(
    ("name", "old", "new", "follows"),
    [
        # A verdict that no table gives.
        ("findings.csv", "inconclusive", "reproduced", ["findings.csv", "report.html"]),
        ("report.html", "synops", "pynops", ["report.html"]),
        ("firing_rates/mnist_dense/seed0_histogram.csv", "mnist_dense", "mnist_dens", []),
    ],
)
def test_what_was_altered_is_named(study, name, old, new, follows):
    path = study.folder / RESULTS / name
    before = path.read_bytes()
    stamps = path.stat()
    # It is a hard link to the finished study's own.
    path.unlink()
    path.write_bytes(before.replace(old.encode(), new.encode()))
    assert path.read_bytes() != before
    try:
        run = _verify(study)
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(stamps.st_atime_ns, stamps.st_mtime_ns))
    assert run.returncode == 1
    assert run.stderr.splitlines()[:-1] == [
        f"{RESULTS}/{name}: altered since the run that wrote it",
        *(
            f"{RESULTS}/{one}: made again from its tables, by this checkout, it is different"
            for one in follows
        ),
    ]
