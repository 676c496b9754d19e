"""The notebooks as they are kept: without results, with the parameters that the config gives."""

import ast
import json
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOKS = sorted((ROOT / "reports" / "notebooks").glob("*.ipynb"))
CONFIG = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())["first_steps"]
# What the workflow gives besides the config.
GIVEN = {
    "study_network": {"network", "seed", "network_file", "dataset_file"},
    "other_simulator": {"description_file", "script_file", "example_file"},
}

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells_of(path: Path) -> list[dict]:
    return json.loads(path.read_text())["cells"]


def test_it_holds_no_results(path):
    for cell in cells_of(path):
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_its_parameters_are_those_of_the_config(path):
    (cell,) = [cell for cell in cells_of(path) if "parameters" in cell["metadata"].get("tags", [])]
    tree = ast.parse("".join(cell["source"]))
    names = [target.id for statement in tree.body for target in statement.targets]
    assert len(set(names)) == len(names)
    assert set(names) == set(CONFIG[path.stem]) | GIVEN.get(path.stem, set())


def test_every_parameter_is_used(path):
    code = "\n".join(
        "".join(cell["source"])
        for cell in cells_of(path)
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    )
    used = {
        node.id
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert set(CONFIG[path.stem]) <= used


def test_it_begins_with_a_title_and_ends_with_something_to_try(path):
    first, *_, last = cells_of(path)
    assert first["source"][0].startswith("# ")
    assert "**Try this.**" in "".join(last["source"])


def test_the_course_is_that_of_the_config(path):
    assert [path.stem for path in NOTEBOOKS] == sorted(CONFIG)
