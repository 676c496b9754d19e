"""Hashes of all library code that a script or notebook can reach: an edit reruns what uses it.

Snakemake sees a change of the script itself, but not of the modules that it imports.
"""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from spikesweep.parsed_sources import parsed

PACKAGE = "spikesweep"


def code_hash(script: str | Path, *modules: str) -> str:
    """Hash of the library modules that `script` imports, directly or through others.

    modules: names of further modules, which the script loads by name.

    Imports are read from the source, also those inside functions; nothing is imported.
    Comments, docstrings and layout do not count: they change no result.
    """
    library = Path(script).resolve().parent
    text = "".join(
        f"{module.relative_to(library)}:{parsed(module).digest};"
        for module in reached_modules(script, *modules)
    )
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def reached_modules(script: str | Path, *modules: str) -> list[Path]:
    """Files of the package that `script` and `modules` reach, see `code_hash`."""
    script = Path(script).resolve()
    loaded = {script.parent.joinpath(*module.split(".")).with_suffix(".py") for module in modules}
    return _reached(imported_modules(script, script.parent) | loaded, script.parent)


def notebook_code(notebook: str | Path, library: str | Path) -> str:
    """Hash of the library modules that a notebook imports, directly or through others.

    library: the folder that holds the package.

    Every byte of them counts, also comments and docstrings: notebooks show code.
    """
    library = Path(library).resolve()
    digest = hashlib.sha256()
    for module in _reached(_imported_by_cells(notebook, library), library):
        digest.update(module.relative_to(library).as_posix().encode())
        digest.update(hashlib.sha256(module.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _reached(modules: Iterable[Path], library: Path) -> list[Path]:
    """These modules and all that they import, directly or through others."""
    reached: set[Path] = set()
    found = set(modules)
    while found:
        reached |= found
        found = {new for module in found for new in imported_modules(module, library)} - reached
    return sorted(reached)


@cache
def imported_modules(source: Path, library: Path) -> frozenset[Path]:
    """Files of the package that one file imports; `from package import module` included."""
    files = set()
    for name in parsed(source).imports:
        if name.split(".")[0] == PACKAGE:
            path = library.joinpath(*name.split("."))
            files |= {path.with_suffix(".py"), path / "__init__.py"}
    return frozenset(file for file in files if file.is_file())


def _imported_by_cells(notebook: str | Path, library: Path) -> frozenset[Path]:
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    with TemporaryDirectory() as folder:
        script = Path(folder) / "cells.py"
        script.write_text(code, encoding="utf-8")
        return imported_modules(script, library)
