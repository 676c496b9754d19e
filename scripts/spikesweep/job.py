"""What every script does around its one call: log file, threads, a clean end after a mistake.

Scripts import heavy libraries inside `with job() as snakemake:`, after the threads are limited.
"""

import gc
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from spikesweep.errors import UserError
from spikesweep.runtime import limit_threads

if TYPE_CHECKING:
    from snakemake.script import Snakemake


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
        logger.error("%s", error)
        logging.shutdown()
        # An exception here would be printed with a traceback into Snakemake's own code.
        os._exit(1)
    except Exception:
        logger.exception("rule %s failed", snakemake.rule)
        sys.tracebacklimit = 0
        raise
    logger.info("done in %.1f s", time.monotonic() - started)
    # No garbage is worth collecting any more, but the interpreter would look for it once again.
    gc.freeze()


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
