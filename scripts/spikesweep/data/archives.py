"""Reading members of a tar archive without writing them to disk."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from io import BufferedReader
from pathlib import Path

from spikesweep.data.bounds import AtMost
from spikesweep.errors import UserError

GZIP_MAGIC = b"\x1f\x8b"


def read_members(
    path: str | Path, names: Sequence[str], most_bytes: int
) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the named regular files, in the order of the archive.

    The archive may be gzipped. Nothing is extracted, so neither a member's path nor a link can
    write outside the folder. Raises UserError if the archive is damaged, a name is missing, or it
    holds more than `most_bytes` up to the last of the members.
    """
    missing = set(names)
    try:
        with (
            unzipped(path) as file,
            tarfile.open(fileobj=AtMost(file, most_bytes, str(path)), mode="r:") as archive,
        ):
            for member in archive:
                if member.name in missing and member.isreg():
                    content = archive.extractfile(member)
                    assert content is not None  # a regular file
                    missing.remove(member.name)
                    yield member.name, content.read()
                    if not missing:
                        return
    except (OSError, EOFError, ValueError, tarfile.TarError, zlib.error) as error:
        raise UserError(f"{path} is damaged or truncated: {error}") from error
    raise UserError(f"{path} lacks {', '.join(sorted(missing))}; it may be damaged or truncated")


def unzipped(path: str | Path) -> gzip.GzipFile | BufferedReader:
    """Open a file, gzipped or not, by its content."""
    with Path(path).open("rb") as file:
        zipped = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    return gzip.open(path) if zipped else Path(path).open("rb")
