"""Progress of a simulation in the job's log."""

import logging
import time

logger = logging.getLogger(__name__)

# Seconds between two lines of the log.
INTERVAL = 10.0


class LoggedProgress:
    """Logs how many (image, setting) pairs are done and how long the rest will take."""

    def __init__(self, settings: int) -> None:
        self.settings = settings
        self.started = self.logged = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Log a line if the last one is old enough, or if this is the end."""
        now = time.monotonic()
        if done < total and now - self.logged < INTERVAL:
            return
        self.logged = now
        elapsed = now - self.started
        left = elapsed / max(done, 1) * (total - done)
        logger.info(
            "%d of %d image-settings (%d settings), %.0f s gone, %.0f s left",
            done,
            total,
            self.settings,
            elapsed,
            left,
        )
