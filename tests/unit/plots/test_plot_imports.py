"""Figures are drawn from tables: a new title must not wait for TensorFlow."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import spikesweep

LIBRARY = Path(spikesweep.__file__).parent
FIGURES = sorted(
    ".".join(path.relative_to(LIBRARY.parent).with_suffix("").parts)
    for path in LIBRARY.rglob("plot_*.py")
)
# The library is forgotten before each figure, so that each shows all that it imports.
IMPORT = """
import importlib, json, sys
imported = {}
for name in sys.argv[1:]:
    for module in [module for module in sys.modules if module.startswith("spikesweep")]:
        del sys.modules[module]
    importlib.import_module(name)
    imported[name] = list(sys.modules)
print(json.dumps(imported))
"""


@pytest.fixture(scope="module")
def imported():
    """Names of the modules that a fresh interpreter has imported after each figure."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORT, *FIGURES],
        env={"PYTHONPATH": str(LIBRARY.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_no_figure_imports_tensorflow_or_a_simulator(imported):
    assert len(imported) > 20
    for name, modules in imported.items():
        assert not {"tensorflow", "tf_keras", "nengo", "nengo_dl"} & set(modules), name


def test_no_figure_imports_another_study(imported):
    for name, modules in imported.items():
        folders = {".".join(module.split(".")[:3]) for module in [name, *modules]}
        studies = [folder for folder in folders if folder.startswith("spikesweep.study.")]
        assert all(name.startswith(f"{study}.") for study in studies), name
