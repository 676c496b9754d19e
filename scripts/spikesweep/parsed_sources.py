"""What counts of a source file, kept between runs: the Snakefile reads all modules at each start.

Parsing 350 files takes more than one of the five seconds of a start.
"""

import ast
import atexit
import hashlib
import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

from spikesweep.files import atomic_path

_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
# Beside the compiled modules, and like them one for each version of Python, whose trees differ.
_KEPT = Path(__file__).parent / "__pycache__" / f"sources.{sys.implementation.cache_tag}.json"
# More are left from many edits: only those in use are kept.
_MOST = 3000


@dataclass(frozen=True)
class Source:
    """What counts of one file: the names that it imports, and a digest of what it does."""

    imports: frozenset[str]
    digest: str


@cache
def parsed(source: Path) -> Source:
    """Read one file. What was found before in a file of these bytes is found again.

    Comments, docstrings and layout do not count: they change no result.
    """
    text = source.read_bytes()
    key = hashlib.sha256(_own_bytes() + text).hexdigest()
    known = _known()
    if key not in known:
        if not _new:
            atexit.register(_keep)
        _new.add(key)
        found = _parsed(text, source)
        known[key] = [found.digest, *sorted(found.imports)]
    _used.add(key)
    digest, *imports = known[key]
    return Source(frozenset(imports), digest)


# Keys of files that this process parsed, and of all that it read.
_new: set[str] = set()
_used: set[str] = set()


@cache
def _own_bytes() -> bytes:
    """What is found depends on this module, too."""
    return Path(__file__).read_bytes()


@cache
def _known() -> dict[str, list[str]]:
    """Digest and imported names by key, from the file; empty if there is none, or half a one."""
    try:
        known = json.loads(_KEPT.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _keep() -> None:
    known = _known()
    if len(known) > _MOST:
        known = {key: known[key] for key in _used}
    if sys.dont_write_bytecode:
        return
    try:
        with atomic_path(_KEPT) as temporary:
            temporary.write_text(json.dumps(known), encoding="utf-8")
    except OSError:
        # A library that cannot be written to is read again at each start.
        return


def _parsed(text: bytes, source: Path) -> Source:
    tree = ast.parse(text, source)
    imports: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            imports |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif _has_docstring(node):
            node.body = node.body[1:]
    return Source(frozenset(imports), hashlib.sha256(ast.dump(tree).encode()).hexdigest())


def _has_docstring(node: ast.AST) -> TypeGuard[_Documented]:
    return isinstance(node, _Documented) and ast.get_docstring(node, clean=False) is not None
