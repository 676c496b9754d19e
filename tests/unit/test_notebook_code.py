"""The hash of a notebook's code changes with what its cells import, and with nothing else."""

import json

import pytest

from spikesweep.code_hash import imported_modules, notebook_code
from spikesweep.parsed_sources import parsed


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "scripts" / "spikesweep"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('"""Doc."""\n')
    (folder / "near.py").write_text("from spikesweep.far import y\nx = y\n")
    (folder / "far.py").write_text("y = 1\n")
    (folder / "other.py").write_text("z = 1\n")
    return folder


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "course.ipynb"
    cells = [
        {"cell_type": "markdown", "source": ["from spikesweep import other\n"]},
        {"cell_type": "code", "source": ["import numpy\n", "from spikesweep import near\n"]},
        {"cell_type": "code", "source": "print(near.x)"},
    ]
    path.write_text(json.dumps({"cells": cells}))
    return path


@pytest.fixture
def hash_after(monkeypatch, notebook, library):
    def hashed(file: str | None = None, text: str = "") -> str:
        for cached in (imported_modules, parsed):
            cached.cache_clear()
        if file:
            (library / file).write_text(text)
        return notebook_code(notebook, library.parent)

    return hashed


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("near.py", "from spikesweep.far import y\nx = y + 1\n"),
        ("far.py", "y = 2\n"),
        # Notebooks show code with its comments.
        ("far.py", "y = 1  # one\n"),
    ],
)
def test_what_it_imports_counts(hash_after, file, text):
    assert hash_after() != hash_after(file, text)


def test_what_it_does_not_import_does_not_count(hash_after):
    assert hash_after() == hash_after("other.py", "z = 2\n")


def test_each_notebook_of_the_course_reaches_its_own_model_only():
    from pathlib import Path

    from spikesweep.code_hash import _imported_by_cells

    root = Path(__file__).resolve().parents[2]
    for path in (root / "reports" / "notebooks").glob("*.ipynb"):
        reached = {file.stem for file in _imported_by_cells(path, root / "scripts")}
        models = {file.stem for file in (root / "scripts/spikesweep/first_steps").glob("*.py")}
        assert reached & models - {"__init__"} == {path.stem} & models
