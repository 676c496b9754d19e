"""A notebook runs with its parameters; a cell that fails says so, and leaves nothing half done."""

import logging
import os
import re
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from spikesweep.errors import UserError
from spikesweep.notebooks.run import run_notebook

TEMPLATE = Path(__file__).resolve().parents[3] / "reports" / "notebooks" / "page.html.j2"

PLOT = """
import matplotlib.pyplot as plt
from spikesweep.notebooks.style import set_style, show
set_style()
figure, axes = plt.subplots()
axes.plot([1, 2, 3])
show(figure, "A rising line.")
"""
WHERE = """
import os, sys
print(f"neurons {neurons}, file {data_file}")
print(f"python {sys.executable}")
print(f"home {os.environ['HOME']}")
"""
BROKEN = """
def share(part, whole):
    return part / whole

share(neurons, 0)
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a notebook of these cells in a place where nothing can be found by chance."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    def run_cells(*cells: str, name: str = "example") -> dict[str, Path]:
        source = tmp_path / f"{name}.ipynb"
        parameters = new_code_cell("neurons = 1\ndata_file = ''", metadata={"tags": ["parameters"]})
        text = new_markdown_cell("# The title\n\nrate = 1 / τ<sub>rc</sub>")
        nbformat.write(
            new_notebook(cells=[text, parameters, *(new_code_cell(cell) for cell in cells)]), source
        )
        paths = {
            "executed_path": tmp_path / "results" / f"{name}.ipynb",
            "page_path": tmp_path / "results" / f"{name}.html",
            "unfinished_path": tmp_path / "logs" / f"{name}.ipynb",
        }
        run_notebook(
            notebook_path=source,
            template_path=TEMPLATE,
            parameters={"neurons": 7},
            files={"data_file": "data.npz"},
            **paths,
        )
        return paths

    return run_cells


def test_a_notebook_becomes_a_page(run, tmp_path):
    environment = dict(os.environ)
    paths = run(WHERE, PLOT)
    executed = nbformat.read(paths["executed_path"], as_version=4)
    printed = next(cell for cell in executed.cells if "neurons {" in cell.source).outputs[0].text
    assert "neurons 7, file data.npz" in printed
    assert f"python {sys.executable}" in printed
    # It would write to this home folder, if at all.
    assert f"home {tmp_path}" not in printed
    assert not (tmp_path / "home").exists()
    assert dict(os.environ) == environment
    assert executed.metadata["spikesweep"]["config"] == {"neurons": 7}
    assert not paths["unfinished_path"].exists()

    page = paths["page_path"].read_text()
    assert "<title>The title</title>" in page
    assert "neurons 7" in page
    assert page.count('<img alt="A rising line." src="data:image/png;base64,') == 1
    # The defaults would contradict the values given.
    assert "injected-parameters" in page
    assert "celltag_parameters" not in page
    # It needs no network and no scripts.
    assert re.findall(r"(?:src|href)=[\"'](?!data:|#)", page) == []
    assert not re.search(r"<script|@import|url\(|https?:", page)


def test_the_same_run_gives_the_same_files(run):
    first = {key: path.read_bytes() for key, path in run(PLOT).items() if path.exists()}
    again = {key: path.read_bytes() for key, path in run(PLOT).items() if path.exists()}
    assert first == again
    assert len(first) == 2


def test_a_notebook_of_the_course_runs(tmp_path):
    root = TEMPLATE.parents[2]
    run_notebook(
        notebook_path=root / "reports" / "notebooks" / "synapse.ipynb",
        template_path=TEMPLATE,
        executed_path=tmp_path / "synapse.ipynb",
        page_path=tmp_path / "synapse.html",
        unfinished_path=tmp_path / "unfinished.ipynb",
        parameters={"synapse_s": [0.003, 0.03, 0.3], "duration_s": 0.7},
        files={},
    )
    page = (tmp_path / "synapse.html").read_text()
    assert "area up to 200 ms 1.000" in page
    assert page.count('src="data:image/png;base64,') == 3
    assert len(page) < 700_000


def test_noise_becomes_rate_where_currents_are_rectified(tmp_path):
    root = TEMPLATE.parents[2]
    run_notebook(
        notebook_path=root / "reports" / "notebooks" / "rectification.ipynb",
        template_path=TEMPLATE,
        executed_path=tmp_path / "rectification.ipynb",
        page_path=tmp_path / "rectification.html",
        unfinished_path=tmp_path / "unfinished.ipynb",
        parameters={"synapse_s": [0.005, 0.02], "duration_s": 2.0},
        files={},
    )
    text = (tmp_path / "rectification.ipynb").read_text()
    found = re.findall(r"([\d.]+) Hz +([\d.]+) Hz +([\d.]+) Hz\\n", text)
    assert len(found) == 2
    for rectified, formula, signed in np.array(found, float):
        assert rectified == pytest.approx(formula, rel=0.1)
        assert signed < 0.1 * rectified


def test_a_failing_cell_shows_its_traceback(run, caplog, tmp_path):
    with pytest.raises(UserError) as error, caplog.at_level(logging.ERROR):
        run("x = 1", BROKEN)
    assert "example.ipynb: cell [4] failed: ZeroDivisionError" in str(error.value)
    assert "----> 2     return part / whole" in caplog.text
    assert "share(neurons, 0)" in caplog.text
    assert "\x1b" not in caplog.text
    # Nothing that looks like a result; the notebook up to there is next to the log.
    assert not (tmp_path / "results").exists()
    unfinished = nbformat.read(tmp_path / "logs" / "example.ipynb", as_version=4)
    outputs = [output for cell in unfinished.cells for output in cell.get("outputs", [])]
    assert any(output.get("ename") == "ZeroDivisionError" for output in outputs)
