"""docs/configuration.md follows from the schema and the default config."""

import inspect
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from spikesweep.config.check import read_schema
from spikesweep.config.reference import PAGE, comments, keys_of, reference
from spikesweep.data.image_folders import read_image_folders
from spikesweep.data.sources import read_benchmark
from spikesweep.snn.neurons import LIF, IntegrateAndFire
from spikesweep.training.fine_tuning import AdaptationSettings
from spikesweep.training.settings import TrainingSettings

ROOT = Path(__file__).parents[2]
SCHEMA = read_schema(ROOT / "config" / "schema.yaml")
TEXT = reference(ROOT / "config")
KEYS = {key.path: key for key in keys_of(ROOT / "config")}


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
    resize = KEYS["datasets.<dataset>.resize"]
    assert (resize.allowed, resize.default) == ("list of 2 integers, ≥ 1", "optional")
    assert resize.meaning.endswith("only with `format: image_folders`")
    # What a value may be where a number and a map both may, and in the maps of a list.
    assert KEYS["recommendation.accuracy_margin"].allowed == "number, ≥ 0, < 1, or map"
    assert KEYS["firing_rates.settings[].synapse_s"].allowed == "number, ≥ 0, ≤ 1, or `none`"


def test_every_key_says_what_it_means_and_what_holds_without_it():
    # Give those that are listed a comment in config.yaml, or a description in the schema.
    assert not [path for path, key in KEYS.items() if len(key.meaning) <= 5]
    assert not [path for path, key in KEYS.items() if not (key.allowed and key.default)]


def test_keys_that_must_be_given_are_marked():
    needed = {path for path, key in KEYS.items() if key.default == "required"}
    assert {
        "datasets.<dataset>.format",
        "datasets.<dataset>.color",
        "networks.<network>.dataset",
        "networks.<network>.adapt.epochs",
        "networks.<network>.training.learning_rate",
        "firing_rates.settings[].synapse_s",
    } <= needed
    entry = SCHEMA["$defs"]["training"]
    prefix = "networks.<network>.training."
    assert set(entry["required"]) == {
        path.removeprefix(prefix) for path in needed if path.startswith(prefix) and "[]" not in path
    }


def test_the_page_says_what_number_a_pixel_becomes():
    assert "pixel * input_scale + input_offset" in KEYS["networks.<network>.input_scale"].meaning


def test_every_section_says_what_a_change_of_it_runs_again():
    head = TEXT.partition("## What a change runs again")[2].partition("\n## ")[0]
    changes = "".join(line.split("|")[1] for line in head.splitlines() if line.startswith("| "))
    assert not [name for name in SCHEMA["properties"] if f"`{name}" not in changes]


def given_to(function):
    return {
        name: argument.default
        for name, argument in inspect.signature(function).parameters.items()
        if argument.default is not inspect.Parameter.empty
    }


def in_class(kind):
    return {field.name: field.default for field in fields(kind)}


CONVERSION = SCHEMA["properties"]["conversion"]["properties"]
DEFINITIONS = SCHEMA["$defs"]


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        (DEFINITIONS["training"]["properties"], in_class(TrainingSettings)),
        (
            DEFINITIONS["network_from_file"]["properties"]["adapt"]["properties"],
            in_class(AdaptationSettings),
        ),
        (CONVERSION["lif"]["properties"], in_class(LIF)),
        (CONVERSION["integrate_and_fire"]["properties"], in_class(IntegrateAndFire)),
        (DEFINITIONS["dataset_image_folders"]["properties"], given_to(read_image_folders)),
        (DEFINITIONS["dataset_published"]["properties"], given_to(read_benchmark)),
    ],
    ids=["training", "adapt", "lif", "integrate_and_fire", "image_folders", "published"],
)
def test_the_defaults_of_the_schema_are_those_of_the_code(properties, code):
    items = {name: item for name, item in properties.items() if isinstance(item, dict)}
    told = {name: item["default"] for name, item in items.items() if "default" in item}
    assert told
    for name, default in told.items():
        found = code[name]
        found = list(found) if isinstance(found, tuple) else found
        assert default == ("none" if found is None else found), name


def test_a_comment_is_beside_its_key_goes_on_below_or_is_above_it():
    text = """
# Of the section.

part:
  a: 1    # beside
                              # and below
  # above,
  # in two lines
  b: 2
  c: 3

  # Of nothing: a key follows after a blank line.

  d: 4
"""
    assert comments(text) == {
        "part.a": "beside and below",
        "part.b": "above, in two lines",
    }
