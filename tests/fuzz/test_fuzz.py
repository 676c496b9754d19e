"""Thousands of broken and hostile files: each is taken or refused in time, and runs no code."""

import json
import os
import select
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.fault, pytest.mark.timeout(3 * 3600)]

# So many files of each kind; a file is made from its kind and a seed, which are told if it fails.
NUMBERS = {
    "npz": 3000,
    "idx": 3000,
    "archive": 600,
    "hdf5": 600,
    "weights": 600,
    "description": 3000,
}
# The longest that one file may take, on a busy machine.
LIMIT_S = 60
START_S = 600


class Reader:
    """A process that reads files; it is started again after one that hung."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._command = [sys.executable, Path(__file__).with_name("reader.py"), kind, folder]
        self._start()

    def read(self, seed: int) -> dict[str, str]:
        self._process.stdin.write(f"{seed}\n")
        self._process.stdin.flush()
        waited, self._limit = self._limit, LIMIT_S
        if not select.select([self._process.stdout], [], [], waited)[0]:
            self.stop()
            self._start()
            return {"outcome": "hang", "told": f"{waited} s"}
        if line := self._process.stdout.readline():
            return json.loads(line)
        self.stop()
        code = self._process.returncode
        self._start()
        return {"outcome": "crash", "told": f"the process ended with {code}"}

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _start(self) -> None:
        support = Path(__file__).parents[1] / "support"
        path = os.pathsep.join([str(support.parents[1] / "scripts"), str(support)])
        self._limit = START_S
        self._process = subprocess.Popen(
            self._command,
            env=os.environ | {"PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )


@pytest.mark.parametrize("kind", NUMBERS)
def test_broken_and_hostile_files_are_taken_or_refused(kind, tmp_path, record_property):
    number = int(os.environ.get("FUZZ", NUMBERS[kind]))
    record_property("fault", (f"mutated file ({kind})", number))
    reader, found, bad = Reader(kind, tmp_path), Counter(), []
    try:
        for seed in range(number):
            answer = reader.read(seed)
            found[answer["outcome"]] += 1
            if answer["outcome"] not in ("taken", "refused"):
                bad.append(f"seed {seed}: {answer['outcome']}, {answer['told']}")
    finally:
        reader.stop()
    print(f"{kind}: {number} files, {dict(found)}")
    assert bad == []
    # Else the mutations would be too weak.
    assert found["refused"] > number / 20
