"""Makes Python processes import this library, whatever checkout their environment was made for."""

import os
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[1]


def use_own_library() -> None:
    """Let all Python processes that this one starts find this library first.

    Snakemake looks in a script's folder after the installed packages, among which is the library
    of the checkout that the environment was made for.
    """
    os.environ["PYTHONPATH"] = python_path()


def python_path() -> str:
    """This process's PYTHONPATH with this library in front."""
    inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    others = [folder for folder in inherited if folder not in ("", str(LIBRARY))]
    return os.pathsep.join([str(LIBRARY), *others])
