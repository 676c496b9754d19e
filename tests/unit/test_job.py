"""What the machine lacks is told in one line, and nothing else is taken for it."""

import errno
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from spikesweep.files import write_json
from spikesweep.job import told_of_machine
from spikesweep.tables import write_csv

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError("Unable to allocate 9 GiB"), "there was not enough memory: "),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a.csv"), "a.csv cannot be written (No "),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), "a result cannot be written (Disk quo"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "a"), "a cannot be written (Read-only fi"),
        (RuntimeError("H5Fflush failed: No space left on device"), "a result cannot be written"),
        (OSError(errno.ENOENT, os.strerror(errno.ENOENT), "a.csv"), ""),
        (ValueError("3 is not 4"), ""),
        (zipfile.BadZipFile("no zip"), ""),
    ],
)
def test_what_the_machine_lacks_is_told_with_what_to_do(error, said):
    told = told_of_machine(error)
    assert told.startswith(said)
    assert bool(told) == bool(said)
    assert "the same command goes on" in told or not said


JOB = """
import resource, sys, types
from pathlib import Path
main = sys.modules["__main__"]
main.snakemake = types.SimpleNamespace(log=[sys.argv[1]], threads=1, rule="write")
sys.path.insert(0, sys.argv[3])
from spikesweep.job import job
import numpy, pandas, h5py, spikesweep.files, spikesweep.tables
with job():
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    exec(sys.argv[2])
"""
SAVE = "with spikesweep.files.atomic_path('result.npz') as path:\n    "
WRITERS = {
    "table": "spikesweep.tables.write_csv(pandas.DataFrame({'a': range(9999)}), 'result.csv')",
    "text": "spikesweep.files.write_json(list(range(9999)), 'result.json')",
    "arrays": f"{SAVE}numpy.savez(path, a=numpy.ones(9999))",
    "hdf5": f"{SAVE}h5py.File(path, 'w')['a'] = numpy.ones(9999)",
}


@pytest.mark.fault("no room for a file")
@pytest.mark.parametrize("writer", WRITERS)
def test_a_job_that_cannot_write_ends_with_one_line_and_leaves_nothing(writer, tmp_path):
    code = WRITERS[writer]
    run = subprocess.run(
        [sys.executable, "-c", JOB, "job.log", code, SCRIPTS], cwd=tmp_path, check=False
    )
    assert run.returncode == 1
    last = (tmp_path / "job.log").read_text().splitlines()[-1]
    assert "ERROR" in last
    assert "cannot be written (File too large)" in last
    assert [path.name for path in tmp_path.iterdir()] == ["job.log"]


def test_an_older_result_stays_when_a_new_one_cannot_be_written(tmp_path):
    write_csv(pd.DataFrame({"a": [1]}), tmp_path / "a.csv")
    with pytest.raises(TypeError):
        write_json(np, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "a\n1\n"
