"""The program that draws the report's charts: Vega-Lite, fetched once through npm.

    python -m spikesweep.report.chart_bundle envs/charts.js

Set-up does this. A report that is written without the file has its figures, but no charts.
"""

import argparse
import hashlib
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from spikesweep.data.download import npm_pack
from spikesweep.errors import UserError
from spikesweep.files import write_text


@dataclass(frozen=True)
class Package:
    """An npm package: its name and version, the SHA-256 of its tarball, the file in it."""

    name: str
    version: str
    sha256: str
    file: str


# In the order in which they need each other. All are under BSD 3-Clause licences.
PACKAGES = (
    Package(
        "vega",
        "6.4.0",
        "3521fb6ff68a94a40323954f0ba4484ba4014b157bfd37f89a3b063082320c42",
        "package/build/vega.min.js",
    ),
    Package(
        "vega-lite",
        "6.5.0",
        "811230a6bfd2cdbfc359d0c38f624a90df86657b7f251b67be88bcc4eee32b7f",
        "package/build/vega-lite.min.js",
    ),
    Package(
        "vega-embed",
        "7.3.0",
        "d9a958ced3240f0418df7d5e12e97dba6e63cecda15b8403e47a0db7eb6ea859",
        "package/build/vega-embed.min.js",
    ),
)


def main() -> None:
    """Fetch the packages; end with a message if that is not possible."""
    parser = argparse.ArgumentParser(
        prog="python -m spikesweep.report.chart_bundle", description=main.__doc__
    )
    parser.add_argument("path", type=Path, help="the file to write")
    try:
        fetch_charts(parser.parse_args().path)
    except UserError as error:
        sys.exit(str(error))


def fetch_charts(path: Path) -> None:
    """Write one script with all packages and their licences.

    Raises UserError if npm gives none, or something else than was expected.
    """
    with tempfile.TemporaryDirectory() as folder:
        parts = [_script(package, Path(folder)) for package in PACKAGES]
    write_text("\n".join(parts), path)


def _script(package: Package, folder: Path) -> str:
    npm_pack(f"{package.name}@{package.version}", folder)
    tarball = folder / f"{package.name}-{package.version}.tgz"
    found = hashlib.sha256(tarball.read_bytes()).hexdigest()
    if found != package.sha256:
        raise UserError(
            f"{tarball.name} from npm has SHA-256 {found}, expected {package.sha256}: not used"
        )
    with tarfile.open(tarball) as archive:
        licence = _text(archive, "package/LICENSE")
        script = _text(archive, package.file)
    return f"/*! {package.name} {package.version}\n{licence.replace('*/', '* /')}*/\n{script}\n"


def _text(archive: tarfile.TarFile, name: str) -> str:
    member = archive.extractfile(name)
    # The tarball is the one that was pinned.
    assert member is not None
    return member.read().decode()


if __name__ == "__main__":
    main()
