"""What every script does around its one call: log file, threads, a clean end after a mistake.

Scripts import heavy libraries inside `with job() as snakemake:`, after the threads are limited.
"""

import errno
import gc
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from spikesweep.errors import UserError
from spikesweep.runtime import limit_threads

if TYPE_CHECKING:
    from snakemake.script import Snakemake


_GO_ON = "then the same command goes on from here"
# Why nothing can be written, by the number of the error.
_NO_ROOM = {
    errno.ENOSPC: f"free some space; {_GO_ON}",
    errno.EDQUOT: f"free some space, or ask for a larger quota; {_GO_ON}",
    errno.EFBIG: f"raise the limit of a file's size (ulimit -f); {_GO_ON}",
    errno.EROFS: f"make the disk writable, or choose another folder (`results`); {_GO_ON}",
}


@contextmanager
def job() -> Iterator["Snakemake"]:
    """Run the body of a script with the object that Snakemake provides to it.

    The body uses `snakemake.threads` threads and logs to `snakemake.log[0]`. A UserError ends the
    job without a traceback. Snakemake prints the log of a failed job (`show-failed-logs`), so the
    last line of the log is what the user reads.
    """
    snakemake: Snakemake = sys.modules["__main__"].snakemake
    log_to(snakemake.log[0])
    limit_threads(snakemake.threads)
    _collect_rarely()
    logger = logging.getLogger("spikesweep")
    started = time.monotonic()
    try:
        yield snakemake
    except UserError as error:
        _end(str(error))
    except Exception as error:
        if lacking := told_of_machine(error):
            _end(lacking)
        logger.exception("rule %s failed", snakemake.rule)
        sys.tracebacklimit = 0
        raise
    logger.info("done in %.1f s", time.monotonic() - started)
    # No garbage is worth collecting any more, but the interpreter would look for it once again.
    gc.freeze()


def told_of_machine(error: BaseException) -> str:
    """What the machine lacks that this error comes from, and what to do; empty if nothing."""
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return (
            "there was not enough memory: close other programs, or run fewer jobs at once "
            "(make CORES=1); then the same command goes on from here"
        )
    # HDF5 tells the reason in its text alone.
    for number, remedy in _NO_ROOM.items():
        reason = os.strerror(number)
        if getattr(error, "errno", None) == number or reason in str(error):
            file = getattr(error, "filename", None) or "a result"
            return f"{file} cannot be written ({reason}): {remedy}"
    return ""


def _end(message: str) -> NoReturn:
    """End the job with this as the last line of its log."""
    logging.getLogger("spikesweep").error("%s", message)
    logging.shutdown()
    # An exception here would be printed with a traceback into Snakemake's own code.
    os._exit(1)


def log_to(path: str | Path) -> None:
    """Send all output of this process to a file: the library's messages, each with its time,
    and what libraries write to standard error, which would clutter the terminal.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(b"")
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.dup2(file, sys.stderr.fileno())
    os.close(file)
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%H:%M:%S",
        force=True,
    )
    logging.captureWarnings(True)


def _collect_rarely() -> None:
    """Look for cyclic garbage less often than Python does by default, and first after the imports.

    Importing TensorFlow creates 600,000 objects that stay. Searching them for garbage again and
    again, and once more at the end, takes a third of the time of such an import.
    """
    gc.set_threshold(1_000_000, 20, 100)

    def from_now_on_more_often(phase: str, _info: dict[str, int]) -> None:
        if phase == "stop":
            gc.set_threshold(50_000, 20, 100)
            gc.callbacks.remove(from_now_on_more_often)

    gc.callbacks.append(from_now_on_more_often)
