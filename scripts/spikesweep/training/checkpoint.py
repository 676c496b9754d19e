"""A file from which a killed training goes on, with the same result to the last bit."""

import hashlib
import json
import logging
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from spikesweep.training.state import Arrays, TrainingState

logger = logging.getLogger(__name__)

# Seconds from one writing to the next, at least: short trainings write nothing, and long ones after
# each epoch, which takes them less than a thousandth of their time.
INTERVAL = 20.0


class Checkpoint:
    """The state of a training after one of its epochs, in a file beside its outputs.

    It is no output of a rule, as Snakemake removes those of a job that was killed.

    made_of: tells apart trainings of other settings, data or code, see `fingerprint`; called only
        if needed, since it reads all images.
    earlier_s: processor time in s that the training took before it was killed.
    """

    def __init__(self, path: str | Path, made_of: Callable[[], str]) -> None:
        self._path = Path(path)
        self._made_of = made_of
        self._saved = time.monotonic()
        self._started = time.process_time()
        self.earlier_s = 0.0

    def restore(self, state: TrainingState) -> None:
        """Put `state` where the training was killed; nothing changes if there is no such file."""
        if not self._path.exists():
            return
        try:
            arrays, plain = _read(self._path)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            logger.warning("%s cannot be read (%s): training starts again", self._path, error)
            return
        if plain["made_of"] != self._made_of():
            logger.info("%s is of other settings, data or code: left aside", self._path)
            return
        state.restore(arrays, plain)
        self.earlier_s = plain["processor_s"]
        logger.info("going on after epoch %d, from %s", len(state.history), self._path)

    def save(self, state: TrainingState) -> None:
        """Write the state, unless one was written a short time ago."""
        if time.monotonic() - self._saved < INTERVAL or not state.can_be_restored:
            return
        taken = self.earlier_s + time.process_time() - self._started
        facts = {"made_of": self._made_of(), "processor_s": taken}
        _write(self._path, state.arrays(), state.plain() | facts)
        self._saved = time.monotonic()


def fingerprint(values: Any, arrays: list[np.ndarray]) -> str:
    """SHA-256 of plain values, in any order of their keys, and of arrays."""
    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode())
    for array in arrays:
        digest.update(f"{array.dtype}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _write(path: Path, arrays: Arrays, plain: dict[str, Any]) -> None:
    """Whole or not at all, even if the machine fails meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    named = {f"{group}/{k}": one for group, some in arrays.items() for k, one in enumerate(some)}
    plain = plain | {"counts": {group: len(some) for group, some in arrays.items()}}
    # Always of the same name, so that the next one overwrites what a kill has left.
    part = path.with_name(f".{path.name}")
    with part.open("wb") as file:
        np.savez(file, allow_pickle=False, plain=np.array(json.dumps(plain)), **named)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _read(path: Path) -> tuple[Arrays, dict[str, Any]]:
    with np.load(path, allow_pickle=False) as file:
        plain = json.loads(str(file["plain"]))
        arrays = {
            group: [file[f"{group}/{k}"] for k in range(count)]
            for group, count in plain["counts"].items()
        }
    return arrays, plain
