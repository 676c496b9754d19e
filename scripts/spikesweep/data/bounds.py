"""Bounds to what a small file may unpack to: archives can claim, and hold, terabytes."""

import gzip
import io

import psutil

from spikesweep.errors import UserError

GIGABYTE = 1_000_000_000


def check_room(needed: int, name: str) -> None:
    """Raise UserError if the file called `name` needs more memory than this machine has free."""
    free = psutil.virtual_memory().available
    if needed > free:
        raise UserError(
            f"{name} unpacks to {needed / GIGABYTE:.1f} GB, but {free / GIGABYTE:.1f} GB of memory "
            "are free; if it is the right file, keep fewer or smaller images in it"
        )


class AtMost(io.BufferedIOBase):
    """A file of which only the first `most_bytes` can be read; UserError for any beyond them."""

    def __init__(self, file: gzip.GzipFile | io.BufferedReader, most_bytes: int, name: str) -> None:
        self._file, self._most_bytes, self._name = file, most_bytes, name

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self._most_bytes + 1 if size is None or size < 0 else size
        self._check(self._file.tell() + wanted)
        return self._file.read(wanted)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._check(offset)
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def _check(self, position: int) -> None:
        if position > self._most_bytes:
            raise UserError(
                f"{self._name} unpacks to more than the {self._most_bytes / 1e6:g} MB that are "
                "expected at most"
            )
