"""Every part of the study is one word, wherever it appears."""

import importlib.util
from pathlib import Path

import pytest
import yaml

from spikesweep import parts
from spikesweep.report.links import code_of, log_of, rules_of

ROOT = Path(__file__).parents[2]
by_key = pytest.mark.parametrize("part", parts.PARTS, ids=lambda part: part.key)
by_name = pytest.mark.parametrize("figure", list(parts.all_figures()), ids=lambda one: one.name)

# Where the library keeps a part that is not a study of its own.
ROOMS = {
    "datasets": "data",
    "networks": "networks",
    "first_steps": "first_steps",
    "provenance": "report",
}


@by_key
def test_a_part_has_a_question_and_the_log_of_a_rule(part):
    assert part.question.endswith("?")
    rules = (ROOT / "rules" / rules_of(part)).read_text()
    assert f"logs/{part.log}" in rules


@by_key
def test_links_of_a_section_lead_somewhere(part):
    assert (ROOT / "rules" / rules_of(part)).is_file()
    assert (ROOT / code_of(part)).is_dir()
    assert log_of(part, only_files=False) == f"logs/{part.log}"


def test_networks_of_files_have_the_logs_of_their_import():
    assert log_of(parts.part_named("networks"), only_files=True) == "logs/import_network/"


def test_tables_have_names_of_their_own():
    names = [table.name for table in parts.all_tables()]
    assert len(set(names)) == len(names)


@by_key
def test_a_part_has_a_rule_file(part):
    # Provenance is made by the report's rules, and has no key in the config.
    name = "report" if part.key == "provenance" else part.key
    assert (ROOT / "rules" / f"{name}.smk").is_file()
    assert f'include: "rules/{name}.smk"' in (ROOT / "Snakefile").read_text()


@by_key
def test_a_part_has_a_room_in_the_library(part):
    room = ROOMS.get(part.key, f"study/{part.key}")
    assert (ROOT / "scripts" / "spikesweep" / room / "__init__.py").is_file()


def test_every_study_is_a_part():
    folders = (ROOT / "scripts" / "spikesweep" / "study").glob("*/__init__.py")
    keys = {part.key for part in parts.PARTS} - set(ROOMS)
    assert {folder.parent.name for folder in folders} == keys


@by_key
def test_a_part_has_a_section_in_the_config(part):
    # Provenance has nothing to choose.
    sections = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    assert (part.key in sections) == (part.key != "provenance")


@by_name
def test_a_figure_has_a_caption_and_a_module(figure):
    assert (ROOT / "reports" / "captions" / f"{figure.name}.rst").is_file()
    assert importlib.util.find_spec(parts.module_of(figure.name))


def test_figures_have_names_of_their_own():
    names = [figure.name for figure in parts.all_figures()]
    assert len(set(names)) == len(names)


def test_categories_sort_as_text_in_the_order_of_the_report():
    categories = [parts.category_of(part.key) for part in parts.PARTS]
    assert categories == sorted(categories)
    assert len(set(categories)) == len(categories)


def test_a_study_has_the_parts_that_always_run_and_those_that_are_chosen():
    always = {part.key for part in parts.parts_of([])}
    assert always & set(parts.optional_parts()) == set()
    assert {part.key for part in parts.parts_of(["pruning"])} == always | {"pruning"}
