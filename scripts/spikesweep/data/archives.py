"""Reading members of a tar archive without writing them to disk."""

import tarfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from spikesweep.errors import UserError


def read_members(path: str | Path, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the named regular files, in the order of the archive.

    Nothing is extracted, so neither a member's path nor a link can write outside the folder.
    Raises UserError if the archive is damaged or a name is missing.
    """
    missing = set(names)
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.name in missing and member.isreg():
                    content = archive.extractfile(member)
                    assert content is not None  # a regular file
                    missing.remove(member.name)
                    yield member.name, content.read()
                    if not missing:
                        return
    except (OSError, EOFError, tarfile.TarError, zlib.error) as error:
        raise UserError(f"{path} is damaged or truncated: {error}") from error
    raise UserError(f"{path} lacks {', '.join(sorted(missing))}; it may be damaged or truncated")
