"""Which library the processes that we start import."""

import os
import subprocess
import sys

import spikesweep
from spikesweep.own_library import LIBRARY, python_path, use_own_library


def test_it_comes_before_what_the_user_has_on_the_path(monkeypatch, tmp_path):
    (tmp_path / "spikesweep").mkdir()
    (tmp_path / "spikesweep" / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    use_own_library()
    command = [sys.executable, "-c", "import spikesweep; print(spikesweep.__file__)"]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == spikesweep.__file__
    assert os.environ["PYTHONPATH"] == f"{LIBRARY}{os.pathsep}{tmp_path}"
    assert python_path() == os.environ["PYTHONPATH"]


def test_without_a_path_it_is_the_path(monkeypatch):
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert python_path() == str(LIBRARY)
