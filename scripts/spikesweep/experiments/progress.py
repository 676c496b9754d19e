"""Progress of a simulation: lines in the job's log and, on a terminal, a bar."""

import logging
import sys
import time

from tqdm import tqdm

from spikesweep.words import counted

logger = logging.getLogger(__name__)

# Seconds between two lines of the log.
INTERVAL = 10.0


class SimulationProgress:
    """Reports how many (image, setting) pairs are done and how long the rest will take."""

    def __init__(self, name: str, settings: int) -> None:
        self.name, self.settings = name, settings
        self.started = self.logged = time.monotonic()
        # Parallel jobs take turns on the terminal's last line.
        self.bar = tqdm(
            desc=name,
            unit="image-settings",
            unit_scale=True,
            leave=False,
            file=sys.stdout,
            disable=None,
        )

    def __call__(self, done: int, total: int) -> None:
        """Move the bar; log a line if the last one is old enough, or if this is the end."""
        self.bar.total = total
        self.bar.update(done - self.bar.n)
        if done == total:
            self.bar.close()
        now = time.monotonic()
        if done == total or now - self.logged >= INTERVAL:
            self.logged = now
            self._log(done, total, now - self.started)

    def _log(self, done: int, total: int, elapsed: float) -> None:
        logger.info(
            "%s: %d of %d images, each at %s; %.0f s elapsed, about %.0f s left",
            self.name,
            done // self.settings,
            total // self.settings,
            counted(self.settings, "setting"),
            elapsed,
            elapsed / max(done, 1) * (total - done),
        )
