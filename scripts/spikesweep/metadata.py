"""What made a result: its slice of the config, the package versions, the commit."""

import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from spikesweep.files import write_json

# The packages whose version can change a number.
PACKAGES = (
    "keras",
    "nengo",
    "nengo-dl",
    "nir",
    "numba",
    "numpy",
    "optuna",
    "pandas",
    "scipy",
    "snakemake",
    "statsmodels",
    "tensorflow",
    "tensorflow-model-optimization",
    "tf-keras",
)


def write_metadata(path: str | Path, config: Mapping[str, Any], **facts: Any) -> None:
    """Write the JSON file next to a result.

    `config` is the resolved slice that the job was given; `facts` are whatever else a
    reader of the result should know (seed, image counts, source of the data).
    """
    write_json({"config": config, **facts, **provenance()}, path)


def provenance() -> dict[str, Any]:
    """Package versions, Python version and git commit of this checkout."""
    return {
        "versions": package_versions(),
        "python": platform.python_version(),
        "git_commit": git_commit(),
    }


def package_versions() -> dict[str, str]:
    """Installed version of each package that can change a number."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return versions


def git_commit() -> str:
    """Commit of the checkout, with `-dirty` if tracked files differ; `unknown` outside git."""
    command = ["git", "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    folder = Path(__file__).parent
    try:
        found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()
