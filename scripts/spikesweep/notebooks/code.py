"""A hash of the library code that a notebook imports, so that an edit reruns what uses it."""

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from spikesweep.code_hash import imported_modules


def notebook_code(notebook: str | Path, library: str | Path) -> str:
    """Hash of the library modules that a notebook imports, directly or through others.

    library: the folder that holds the package.

    Every byte of them counts, also comments and docstrings: notebooks show code.
    """
    library = Path(library).resolve()
    modules: set[Path] = set()
    found = _imported_by_cells(notebook, library)
    while found:
        modules |= found
        found = {new for module in found for new in imported_modules(module, library)} - modules
    digest = hashlib.sha256()
    for module in sorted(modules):
        digest.update(module.relative_to(library).as_posix().encode())
        digest.update(hashlib.sha256(module.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _imported_by_cells(notebook: str | Path, library: Path) -> frozenset[Path]:
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    with TemporaryDirectory() as folder:
        script = Path(folder) / "cells.py"
        script.write_text(code, encoding="utf-8")
        return imported_modules(script, library)
