"""Where a section of the report comes from, as links from the folder of results."""

import os
from pathlib import Path

from spikesweep.parts import Part

# Folders of the library that are not called as their part.
_ROOMS = {
    "datasets": "data",
    "networks": "training",
    "first_steps": "first_steps",
    "provenance": "report",
}


def relative(path: str | Path, folder: Path) -> str:
    """The way from a folder to a path; both are relative to the same folder, or absolute."""
    return Path(os.path.relpath(path, folder)).as_posix()


def rules_of(part: Part) -> str:
    """The file of the part's rules, below `rules/`."""
    return f"{'report' if part.key == 'provenance' else part.key}.smk"


def code_of(part: Part) -> str:
    """The folder of the part's code, below the checkout."""
    return f"scripts/spikesweep/{_ROOMS.get(part.key, f'study/{part.key}')}/"


def log_of(part: Part, only_files: bool) -> str:
    """The logs of the part's main rule, below a folder of results."""
    return f"logs/{'import_network/' if only_files and part.key == 'networks' else part.log}"


# What the templates call them.
LINKS = {"rules_of": rules_of, "code_of": code_of, "log_of": log_of}
