"""Refuses what would make a test depend on, or leave something in, this checkout's own results."""

import os
import sys
from pathlib import Path
from typing import Any

from checkout import DOWNLOADS, ROOT

# What runs of a study make.
MADE = (ROOT / "results", ROOT / ".snakemake")
# Importing Snakemake puts this folder, which there is not, among those that Python looks into.
ON_THE_PATH = ROOT / ".snakemake" / "pip-deployments"


def keep_untouched() -> None:
    """From now on, to open a file of a run here, or to run Snakemake here, is an AssertionError."""
    sys.addaudithook(_refuse)


def made_here() -> set[Path]:
    """What runs have made in this checkout, down to the folders of studies."""
    folders = [folder for folder in MADE if folder.exists()]
    return {*folders, *(path for folder in folders for path in folder.iterdir())}


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("open", "os.mkdir"):
        _refuse_file(arguments[0])
    elif event == "subprocess.Popen":
        _, command, folder, _ = arguments
        _refuse_command(command, folder)


def _refuse_file(named: Any) -> None:
    if isinstance(named, str | bytes | os.PathLike):
        # Of a link, the name counts.
        path = Path(os.path.abspath(os.fsdecode(named)))  # noqa: PTH100
        # A folder itself may be opened: when Python deletes a tree, it gives names without folders.
        allowed = path == ON_THE_PATH or ROOT / DOWNLOADS in path.parents
        if not {*MADE}.isdisjoint(path.parents) and not allowed:
            raise AssertionError(
                f"a test opens {path}, which depends on what was run here: use the fixtures "
                f"`fresh_checkout` or `smoke_study`, or tmp_path"
            )


def _refuse_command(command: Any, folder: Any) -> None:
    words = [os.fsdecode(word) for word in ([command] if isinstance(command, str) else command)]
    here = Path(os.fsdecode(folder) if folder else Path.cwd()).resolve() == ROOT
    if here and any(Path(word).name == "snakemake" for word in words):
        raise AssertionError(
            "a test runs Snakemake in this checkout, where a study may be finished: use the "
            "fixtures `fresh_checkout` or `smoke_study`"
        )
