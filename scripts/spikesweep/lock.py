"""Removes the lock of a run that was killed: python -m spikesweep.lock.

Snakemake locks the folder that it runs in, and a killed run leaves its lock. Snakemake cannot tell
a lock that was left from one that is in use; here, the processes of this machine can.
"""

import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from spikesweep.errors import UserError

_LOCKS = Path(".snakemake", "locks")
# The machine on which the last run in this folder was started, written by `onstart`.
_MACHINE = Path(".snakemake", "machine")


@dataclass(frozen=True)
class Run:
    """A process of Snakemake, and how it was called."""

    process: int
    command: str


def main() -> None:
    """Remove the lock of this folder if its run was killed; end with an error if it is running."""
    try:
        if remove_left_lock(Path.cwd()):
            print("The last run here was killed and left its lock: removed. The study goes on.")
    except UserError as error:
        sys.exit(str(error))


def remove_left_lock(folder: Path) -> bool:
    """Remove a lock that no run holds; whether there was one.

    Raises UserError if a run of this machine holds it, or one of another machine may.
    """
    if not any((folder / _LOCKS).glob("*.lock")):
        return False
    if runs := runs_in(folder):
        raise UserError(
            f"{folder}: a study is running here already (process {runs[0].process}: "
            f"{runs[0].command}); wait for it to end, or stop it with: kill {runs[0].process}"
        )
    machine = _machine_of_last_run(folder)
    if machine != socket.gethostname():
        raise UserError(
            f"{folder}: locked by a run on the machine {machine}; "
            "if it has ended, remove its lock with: .venv/bin/snakemake --unlock"
        )
    shutil.rmtree(folder / _LOCKS)
    return True


def record_machine(folder: Path) -> None:
    """Note that a run in `folder` was started on this machine."""
    (folder / _MACHINE).write_text(socket.gethostname(), encoding="utf-8")


def runs_in(folder: Path) -> list[Run]:
    """The processes of Snakemake on this machine that run in `folder`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
            inside = (process / "cwd").resolve(strict=True) == folder.resolve()
        except OSError:
            # It has ended, or belongs to somebody else, who could not have locked this folder.
            continue
        called = [word for word in words if word]
        # `snakemake …` is `python …/bin/snakemake …`, or `python -m snakemake …`.
        if inside and "snakemake" in [Path(word).name for word in called[:3]]:
            found.append(Run(int(process.name), " ".join(called)))
    return sorted(found, key=lambda run: run.process)


def _machine_of_last_run(folder: Path) -> str:
    """A run that was killed before it started any job has written nothing: it was here."""
    try:
        return (folder / _MACHINE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return socket.gethostname()


if __name__ == "__main__":
    main()
