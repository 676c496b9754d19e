"""What a user's HDF5 file holds, read so that a damaged one does no harm."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from spikesweep.networks import hdf5_reader

# Seconds of a core, which a busy machine does not use up. A sound file of a gigabyte takes a few.
LIMIT_S = 30


def description_in(path: Path) -> dict[str, str]:
    """`keras_version` and `model_config` of a file, as far as they are there.

    Raises ValueError if the file cannot be read.
    """
    return _read(path)


def sound_copy(path: Path, copy: Path) -> None:
    """Write the values and names in a file into a new one, which no damage of the old one reaches.

    Raises ValueError if the file cannot be read.
    """
    _read(path, copy)


def _read(*files: Path) -> dict[str, str]:
    memory = psutil.virtual_memory().available
    limits = (str(LIMIT_S), str(memory))
    command = [sys.executable, "-I", hdf5_reader.__file__, *limits, *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode == -signal.SIGXCPU:
        raise ValueError(f"it is damaged: it was not read within {LIMIT_S} s")
    if run.returncode < 0:
        name = signal.Signals(-run.returncode).name
        raise ValueError(f"it is damaged: the HDF5 library crashed on it, {name}")
    run.check_returncode()
    found: dict[str, str] = json.loads(run.stdout)
    if "error" in found:
        raise ValueError(found["error"])
    return found
