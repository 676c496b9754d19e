"""Where Snakemake runs: in the checkout itself, whose path Snakemake can pass to a shell."""

import sys
from pathlib import Path

from spikesweep.errors import UserError

# Snakemake writes paths of scripts and of Python unquoted into shell commands and patterns.
_UNUSABLE = " '\"{}$`\\;&|<>()*?!\t\n"


def check_place(checkout: str | Path, python: str | Path = sys.executable) -> None:
    """Raise UserError if Snakemake runs elsewhere, or if a path would break its commands."""
    checkout = Path(checkout)
    if not Path.cwd().samefile(checkout):
        raise UserError(
            f"run snakemake in the folder of the checkout: cd {checkout}; all paths of the config "
            "are relative to it, and -s and --directory would leave out config/config.yaml"
        )
    for path in (checkout, Path(python)):
        if found := sorted({letter for letter in str(path) if letter in _UNUSABLE}):
            raise UserError(
                f"the path {path} contains {', '.join(map(repr, found))}, which breaks Snakemake's "
                "commands: move the checkout and its .venv to a path without them"
            )
