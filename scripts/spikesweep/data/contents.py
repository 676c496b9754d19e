"""Digests of users' files: what depends on a file reruns if its content changes, and only then.

Snakemake goes by modification times, which tell of neither an older file in place of another nor
an image that was overwritten, and which change with a mere touch. Light enough for the Snakefile.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from spikesweep.files import write_json

# Known digests by path, with the size and the times that the file had then.
_CACHE = Path(".snakemake/spikesweep/contents.json")


def content_of(paths: Iterable[str | Path], cache: Path = _CACHE) -> str:
    """Digest of the names and contents of files and of all files in folders; missing ones count."""
    known = _known(cache)
    before = dict(known)
    digest = hashlib.sha256()
    for path in map(Path, paths):
        for file in _files(path):
            digest.update(f"{file.relative_to(path)}\0{_digest(file, known)}\0".encode())
    if known != before:
        write_json(known, cache)
    return digest.hexdigest()[:16]


def _files(path: Path) -> list[Path]:
    """The file itself, or all files in a folder, also through links, but not in circles."""
    if not path.is_dir():
        return [path]
    found, seen = [], set[str]()
    for folder, folders, files in os.walk(path, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        found += [Path(folder, file) for file in files]
    return sorted(found)


def _digest(file: Path, known: dict[str, list[str]]) -> str:
    try:
        status = file.stat()
        state = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
        found = known.get(str(file))
        if found is None or found[0] != state:
            with file.open("rb") as content:
                known[str(file)] = [state, hashlib.file_digest(content, "sha256").hexdigest()]
        return known[str(file)][1]
    except OSError as error:
        return str(error.strerror)


def _known(cache: Path) -> dict[str, list[str]]:
    try:
        return json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
