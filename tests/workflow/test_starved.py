"""A study without space or the right to write, or with a job that is killed, goes on later."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import keras
import pytest
from checkout import Checkout, copy_checkout, job_of, link_files
from toy import BROUGHT, NPZ, write_npz, write_study

pytestmark = [pytest.mark.workflow, pytest.mark.slow, pytest.mark.timeout(1800)]

OVERLAY = "net.yaml"
SNAKEMAKE = f"{sys.executable} -m snakemake --configfile {OVERLAY} --cores 2"
TARGETS = ("results/net/main_numbers.csv", "results/net/figures/sweep_heatmap/net.svg")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Checkout:
    """A small study of a user's network, as far as its sweep and one figure."""
    checkout = copy_checkout(tmp_path_factory.mktemp("undisturbed") / "study")
    write_npz(checkout.folder / BROUGHT / "d.npz", train=500)
    la = keras.layers
    layers = [keras.Input((12, 12, 1)), la.Flatten(), la.Dense(8, "relu"), la.Dense(4)]
    keras.Sequential(layers).save(checkout.folder / BROUGHT / "net.keras")
    write_study(checkout, "net", "net.keras", NPZ)
    checkout.snakemake("--", *TARGETS, overlays=(OVERLAY,))
    return checkout


@pytest.fixture
def fresh(undisturbed, tmp_path) -> Checkout:
    """The same study, of which nothing was run."""
    checkout = copy_checkout(tmp_path / "study", source=undisturbed.folder)
    link_files(undisturbed.folder / BROUGHT, checkout.folder / BROUGHT)
    (checkout.folder / OVERLAY).write_text((undisturbed.folder / OVERLAY).read_text())
    return checkout


# Each shell script runs in a namespace of its own, as root of it; what it mounts ends with it.
STARVED = {
    "no space": (
        "mount -t tmpfs -o size=250k tmpfs results",
        "mount -o remount,size=1g results",
        "cannot be written (No space left on device): free some space",
    ),
    "read-only": (
        "mount -t tmpfs -o size=1g tmpfs results; mount -o remount,ro results",
        "mount -o remount,rw results",
        "Read-only file system",
    ),
    "limit of a file's size": ("ulimit -S -f 100", "ulimit -S -f unlimited", "(File too large)"),
}


@pytest.mark.fault("starved study")
@pytest.mark.parametrize("way", STARVED)
def test_a_starved_study_says_so_and_goes_on_where_there_is_room(way, fresh, undisturbed):
    starve, feed, said = STARVED[way]
    # It is there if this checkout has downloads.
    (fresh.folder / "results").mkdir(exist_ok=True)
    targets = shlex.join(TARGETS)
    script = f"""
        {starve} || exit 77
        {SNAKEMAKE} -- {targets} >starved.log 2>&1 && exit 78
        {feed} || exit 77
        {SNAKEMAKE} -- {targets} >fed.log 2>&1 || exit 79
        cp -r results kept
    """
    unshare = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]
    run = subprocess.run([*unshare, "bash", "-c", script], cwd=fresh.folder, check=False)
    if run.returncode == 77:
        pytest.skip("this machine allows no mounts")
    starved = (fresh.folder / "starved.log").read_text()
    assert run.returncode == 0, starved[-3000:]
    assert said in starved, starved[-3000:]
    assert "Traceback" not in starved
    assert len(starved.splitlines()[-1]) < 300
    assert tables(fresh.folder / "kept") == tables(undisturbed.folder / "results")


@pytest.mark.fault("killed job")
def test_a_job_that_the_system_kills_is_named_and_made_again(fresh, undisturbed):
    """As Linux does with the process that takes most of the memory when there is none left."""
    with (fresh.folder / "run.log").open("w") as log:
        run = subprocess.Popen(
            [*SNAKEMAKE.split(), "--", *TARGETS], cwd=fresh.folder, stdout=log, stderr=log
        )
    try:
        os.kill(job_of(run, "run_study.py"), signal.SIGKILL)
        assert run.wait(600) == 1
    finally:
        run.kill()
        run.wait()
    said = (fresh.folder / "run.log").read_text()
    end = said[said.rindex("failed:") :]
    assert "run_synapse_and_scaling, log results/net/logs/run_synapse_and_scaling/net/seed0" in end
    assert "killed" in end
    fresh.snakemake("--", *TARGETS, overlays=(OVERLAY,))
    assert tables(fresh.folder / "results") == tables(undisturbed.folder / "results")


def tables(results: Path) -> dict[str, bytes]:
    return {str(path.relative_to(results)): path.read_bytes() for path in results.rglob("*.csv")}
