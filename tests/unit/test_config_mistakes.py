"""Every mistake in a config gives one short line: the key, what was found, what to do."""

import copy
from pathlib import Path

import pytest
import yaml

from spikesweep.config.check import check_config, read_schema
from spikesweep.errors import UserError

ROOT = Path(__file__).parents[2]
SCHEMA = read_schema(ROOT / "config" / "schema.yaml")
MISTAKES = yaml.safe_load(Path(__file__).with_name("config_mistakes.yaml").read_text())
CONFIG = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch):
    """Rows name files and folders of the checkout; its schema is read once, not for each row."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("spikesweep.config.check.read_schema", lambda _: SCHEMA)


@pytest.mark.fault("wrong config")
@pytest.mark.parametrize("row", MISTAKES, ids=lambda row: str(row["change"])[:80])
def test_mistake_is_told_in_one_line(row):
    config = copy.deepcopy(CONFIG)
    for path, value in row["change"].items():
        put(config, path, value)
    with pytest.raises(UserError) as caught:
        check_config(config, "schema.yaml")
    said = str(caught.value)
    position = 0
    for part in row["says"]:
        assert part in said[position:], said
        position = said.index(part, position) + len(part)
    assert said.startswith(f"{row['says'][0]}: ")
    assert "\n" not in said
    assert len(said) < 400


def test_mistakes_of_all_sections_are_tried():
    tried = {str(path).split(".")[0] for row in MISTAKES for path in row["change"]}
    assert tried >= CONFIG.keys() | {"published"}
    assert len(MISTAKES) > 180


def put(config, path, value):
    *parents, last = path.split(".") if isinstance(path, str) else [path]
    for part in parents:
        config = config[part]
    if value == "GONE":
        del config[last]
    else:
        config[last] = value
