"""Progress of a long task, as a log line every few seconds."""

import logging
import time

EVERY_S = 5.0


class Progress:
    """Logs how much of a long task is done, at most every five seconds."""

    def __init__(self, logger: logging.Logger, what: str, total: float | None, unit: str) -> None:
        self._logger, self._what, self._unit = logger, what, unit
        self._total = "?" if total is None else f"{total:.0f}"
        self._said = time.monotonic()

    def update(self, done: float) -> None:
        """Log `done` of the total, unless the last line is too recent."""
        if time.monotonic() - self._said >= EVERY_S:
            self._said = time.monotonic()
            self._logger.info("%s: %.0f of %s %s", self._what, done, self._total, self._unit)
