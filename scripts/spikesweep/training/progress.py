"""Progress of a training: a line of the log for each epoch and, on a terminal, a bar."""

import logging
import math
import sys
import time
from collections.abc import Mapping, Sequence

from tqdm import tqdm

logger = logging.getLogger(__name__)


class TrainingProgress:
    """Reports how far a training is, and how long the rest will take.

    works: how long each epoch takes, in relation to the others.
    done: epochs that another process has trained before it was killed.
    """

    def __init__(self, name: str, works: Sequence[float], *, done: int = 0) -> None:
        self._works, self._ended = works, done
        self._restored = sum(works[:done])
        self._started = time.monotonic()
        # Parallel jobs take turns on the terminal's last line.
        self._bar = tqdm(
            desc=f"training {name}",
            total=float(sum(works)),
            initial=self._restored,
            bar_format="{desc}: {percentage:3.0f}%|{bar}| {elapsed} elapsed, {remaining} left",
            leave=False,
            file=sys.stdout,
            disable=None,
        )

    def steps(self, taken: int, of_epoch: int) -> None:
        """So many steps of the present epoch have been taken."""
        done = sum(self._works[: self._ended]) + self._works[self._ended] * taken / of_epoch
        self._bar.update(done - self._bar.n)

    def end_epoch(self, row: Mapping[str, float]) -> None:
        """An epoch has ended. row: of the history."""
        self._ended += 1
        elapsed = time.monotonic() - self._started
        done = sum(self._works[: self._ended]) - self._restored
        validated = ""
        if not math.isnan(row["val_loss"]):
            validated = f", val_loss {row['val_loss']:.4f}, val_accuracy {row['val_accuracy']:.4f}"
        logger.info(
            "epoch %d/%d: loss %.4f, accuracy %.4f%s; about %.0f s left",
            row["epoch"],
            len(self._works),
            row["loss"],
            row["accuracy"],
            validated,
            elapsed / done * sum(self._works[self._ended :]),
        )

    def close(self) -> None:
        """Remove the bar."""
        self._bar.close()
