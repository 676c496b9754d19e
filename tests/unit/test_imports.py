"""What may not be loaded where; `make lint` checks the order of the floors."""

import re
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[2]
RULES = [ROOT / "Snakefile", *sorted((ROOT / "rules").glob("*.smk"))]
# To plan a study takes seconds; each of these would add one or several.
HEAVY = ["h5py", "keras", "matplotlib", "nengo", "numba", "numpy", "pandas", "scipy", "tensorflow"]
# TensorFlow alone starts longer than a figure takes to draw.
TRAINING = ["tensorflow", "tf_keras", "keras", "nengo", "nengo_dl"]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("spikesweep", include_external_packages=True)


def test_no_figure_reaches_tensorflow_or_nengo(graph):
    figures = [name for name in graph.modules if name.split(".")[-1].startswith("plot_")]
    assert "spikesweep.study.firing_rates.plot_firing_rates" in figures
    chains = [
        graph.find_shortest_chain(importer=figure, imported=package)
        for figure in figures
        for package in TRAINING
    ]
    assert [" -> ".join(chain) for chain in chains if chain] == []


def test_what_the_snakefile_imports_loads_nothing_heavy():
    imports = re.compile(r"from spikesweep[.\w]* import (?:\([^)]*\)|[^(\n]+)$", re.MULTILINE)
    lines = [line for file in RULES for line in imports.findall(file.read_text())]
    assert any("code_hash" in line for line in lines)
    code = "\n".join([*lines, "import sys", f"print(*{{*{HEAVY}}} & {{*sys.modules}})"])
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
