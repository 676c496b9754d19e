"""However a study comes to its end, its tables are the same to the byte."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from checkout import SMOKE, Checkout, copy_checkout, job_of

pytestmark = [pytest.mark.fault, pytest.mark.workflow, pytest.mark.slow, pytest.mark.timeout(3600)]

RESULTS = "results/smoke"
# Measured times, of no two runs the same; and the versions of packages and of this checkout.
MEASURED = {"preprocessing/cost.csv", "provenance/versions.csv"}
KILLS = int(os.environ.get("KILLS", 20))
# Kills are spread over so many of the 161 jobs of a smoke study, and hit long ones well inside.
JOBS, LONGEST_S = 120, 8


def test_one_core_and_another_environment_change_no_byte(smoke_results, tmp_path, record_property):
    record_property("fault", ("another environment", 1))
    home = tmp_path / "home"
    (home / ".keras").mkdir(parents=True)
    (home / ".keras/keras.json").write_text('{"floatx": "float16", "epsilon": 0.1}')
    checkout = copy_checkout(tmp_path / "study")
    others = {
        **{"HOME": str(home), "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
        **{"OMP_NUM_THREADS": "4", "TF_ENABLE_ONEDNN_OPTS": "0", "MPLBACKEND": "svg"},
        **{"NUMBA_NUM_THREADS": "4", "PYTHONWARNINGS": "ignore"},
    }
    assert _started(checkout, cores=1, **others).wait() == 0, _said(checkout)
    assert _differing(smoke_results, checkout) == []


def test_a_study_that_is_killed_again_and_again_ends_with_the_same_bytes(
    smoke_results, tmp_path, record_property
):
    checkout = copy_checkout(tmp_path / "study")
    moments = random.Random(0)
    killed = 0
    for _ in range(KILLS):
        jobs, seconds = moments.randint(0, 2 * JOBS // KILLS), moments.uniform(0, LONGEST_S)
        killed += _killed_after(jobs, seconds, checkout)
    record_property("fault", ("killed study", killed))
    # Else the study was too short for this test.
    assert killed >= KILLS / 2
    _remove_lock(checkout)
    checkout.snakemake()
    assert _differing(smoke_results, checkout) == []
    assert "Nothing to be done" in checkout.snakemake()


def test_a_report_that_is_killed_is_written_again(finished, record_property):
    report = finished.folder / RESULTS / "report.html"
    whole, moments = report.read_bytes(), random.Random(0)
    for _ in range(5):
        run = _started(finished, 2, ["--forcerun", "write_report"])
        job_of(run, "write_report.py")
        time.sleep(moments.uniform(0, 4))
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        record_property("fault", ("killed report", 1))
        # Nothing half-written looks like a report.
        assert not report.exists() or report.read_bytes() == whole
        _remove_lock(finished)
        finished.snakemake()
        assert report.read_bytes() == whole


def _started(
    checkout: Checkout, cores: int, more: Sequence[str] = (), **others: str
) -> subprocess.Popen[bytes]:
    """The smoke study as a session of processes, to be killed as a whole; it writes `run.log`."""
    with (checkout.folder / "run.log").open("ab") as log:
        return subprocess.Popen(
            [
                sys.executable,
                "-m",
                "snakemake",
                "--configfile",
                SMOKE,
                "--cores",
                str(cores),
                *more,
            ],
            cwd=checkout.folder,
            env=os.environ | others,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _said(checkout: Checkout) -> str:
    return (checkout.folder / "run.log").read_text()[-5000:]


def _killed_after(jobs: int, seconds: float, checkout: Checkout) -> bool:
    """Go on until so many jobs more are done, and some seconds longer; whether it was killed then,
    and not finished.
    """
    _remove_lock(checkout)
    run = _started(checkout, cores=2)
    wanted = _jobs_done(checkout) + jobs
    while _jobs_done(checkout) < wanted and run.poll() is None:
        time.sleep(0.2)
    try:
        code = run.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        return True
    assert code == 0, _said(checkout)
    return False


def _jobs_done(checkout: Checkout) -> int:
    return (checkout.folder / "run.log").read_text().count("\nFinished jobid: ")


def _remove_lock(checkout: Checkout) -> None:
    """As `make` does before it goes on."""
    subprocess.run(
        [sys.executable, "-m", "spikesweep.lock"],
        cwd=checkout.folder,
        env=os.environ | {"PYTHONPATH": "scripts"},
        check=True,
    )


def _differing(expected: Path, checkout: Checkout) -> list[str]:
    """Tables of a smoke study that are missing, or differ from those expected."""
    found = checkout.folder / RESULTS
    tables = {path.relative_to(expected).as_posix() for path in expected.rglob("*.csv")} - MEASURED
    assert len(tables) > 100
    return sorted(
        name
        for name in tables
        if not (found / name).is_file()
        or (found / name).read_bytes() != (expected / name).read_bytes()
    )
