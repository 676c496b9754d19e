"""What every script does around its one call: log file, clean end for a user's mistake."""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from spikesweep.errors import UserError


@contextmanager
def job(snakemake: Any) -> Iterator[None]:
    """Run the body of a script: log to `snakemake.log[0]`, end a UserError without a traceback.

    Snakemake prints the log of a failed job (`show-failed-logs`), so the last line of the
    log is the message that the user reads.
    """
    log_to(snakemake.log[0])
    logger = logging.getLogger("spikesweep")
    started = time.monotonic()
    try:
        yield
    except UserError as error:
        logger.error("%s", error)
        # Not SystemExit: its trace would be printed by Snakemake's script wrapper.
        logging.shutdown()
        sys.tracebacklimit = 0
        raise SystemExit(1) from None
    except Exception:
        logger.exception("%s failed", snakemake.rule)
        raise
    logger.info("done in %.1f s", time.monotonic() - started)


def log_to(path: str | Path) -> None:
    """Send the library's messages to a file, each with its time."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=path,
        filemode="w",
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%H:%M:%S",
        force=True,
    )
    logging.captureWarnings(True)
