"""docs/configuration.md follows from the schema and the default config."""

from pathlib import Path

import yaml

from spikesweep.config.reference import PAGE, reference

ROOT = Path(__file__).parents[2]
TEXT = reference(ROOT / "config")


def test_the_page_is_not_older_than_its_sources():
    assert (ROOT / PAGE).read_text() == TEXT, f"run make docs: {PAGE} is older than config/"


def paths(value, path=""):
    """The keys of a config; of a map of names that users choose, none."""
    for name, item in value.items():
        below = f"{path}.{name}" if path else name
        if isinstance(item, dict) and item and below not in {"datasets", "networks"}:
            yield from paths(item, below)
        else:
            yield below


def test_every_key_of_the_default_config_is_in_it():
    config = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    listed = {line.split("`")[1] for line in TEXT.splitlines() if line.startswith("| `")}
    for path in paths(config):
        assert any(
            path == one or path.startswith(f"{one}.") or one.startswith(f"{path}.")
            for one in listed
        ), path
    assert len(listed) > 150


def test_a_key_has_what_is_allowed_its_default_and_the_comment_beside_it():
    assert (
        "| `synapse_and_scaling.steps` | integer, ≥ 1, ≤ 10000 | `60` "
        "| time steps of 1 ms that each image is shown |"
    ) in TEXT
    # Keys of the user's own naming, and those that only one kind of dataset has.
    assert "| `datasets.<dataset>.resize` | list of integer, ≥ 1 |" in TEXT
    assert "| `networks.<network>.training.epochs` |" in TEXT
    # What a value may be where a number and a map both may.
    assert "| `recommendation.accuracy_margin` | number or map" in TEXT
