"""A lock that a killed run left is removed; one that is in use is not."""

import subprocess
import sys

import pytest

from spikesweep import lock
from spikesweep.errors import UserError


@pytest.fixture
def locked(tmp_path):
    locks = tmp_path / ".snakemake" / "locks"
    locks.mkdir(parents=True)
    (locks / "0.output.lock").write_text("results/a.csv\n")
    return tmp_path


@pytest.fixture
def running(locked):
    """A process that looks like Snakemake, running in the locked folder."""
    program = locked / "snakemake"
    program.write_text("import time\nprint('running', flush=True)\ntime.sleep(60)\n")
    process = subprocess.Popen(
        [sys.executable, program, "--cores", "2"], cwd=locked, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "running\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_without_a_lock_nothing_happens(tmp_path):
    assert not lock.remove_left_lock(tmp_path)


def test_a_lock_that_nobody_holds_is_removed(locked):
    assert lock.remove_left_lock(locked)
    assert not lock.remove_left_lock(locked)


def test_a_lock_in_use_is_respected_and_its_process_named(locked, running):
    with pytest.raises(UserError, match=rf"process {running.pid}: .*snakemake --cores 2"):
        lock.remove_left_lock(locked)
    running.kill()
    running.wait()
    assert lock.remove_left_lock(locked)


def test_a_lock_of_another_machine_is_respected(locked):
    (locked / ".snakemake" / "machine").write_text("elsewhere")
    with pytest.raises(UserError, match=r"on the machine elsewhere; .*snakemake --unlock"):
        lock.remove_left_lock(locked)


def test_a_run_of_this_machine_is_recognised(locked):
    lock.record_machine(locked)
    assert lock.remove_left_lock(locked)


def test_a_run_in_another_folder_does_not_count(locked, running, tmp_path_factory):
    assert lock.runs_in(tmp_path_factory.mktemp("other")) == []
    assert [run.process for run in lock.runs_in(locked)] == [running.pid]
