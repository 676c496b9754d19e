"""Writing results so that a killed job never leaves a truncated file that looks complete."""

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# What reading a damaged zip archive may raise; RuntimeError if it seems encrypted, or of a version
# or a compression that Python does not know; MemoryError if it claims to be huge.
BROKEN_ZIP = (
    *(OSError, EOFError, ValueError, RuntimeError, MemoryError),
    *(zipfile.BadZipFile, zlib.error),
)


def stand_in(path: str | Path) -> str | None:
    """What a file is that was saved in place of the one that was wanted; None for any other."""
    with Path(path).open("rb") as file:
        start = file.read(64).lstrip()
    if start.startswith(b"version https://git-lfs"):
        return "is only a pointer of Git LFS: fetch the file with git lfs pull"
    if start[:9].lower() in (b"<!doctype", b"<html>") or start[:5].lower() == b"<html":
        return "is a web page: download the file itself (on GitHub, its Raw form)"
    return None


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path next to `path`; rename it to `path` only if the block succeeds.

    The suffix is kept, because several writers choose their format by it.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(value: Any, path: str | Path) -> None:
    """Write JSON with sorted keys, so that equal values give equal bytes."""
    write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", path)


def write_text(text: str, path: str | Path) -> None:
    """Write UTF-8 text."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _umask() -> int:
    # mkstemp makes files private; results get the usual permissions.
    mask = os.umask(0)
    os.umask(mask)
    return mask
