"""Every part of the study is one word, wherever it appears."""

import importlib.util
from pathlib import Path

import pytest

from spikesweep import parts

ROOT = Path(__file__).parents[2]
by_key = pytest.mark.parametrize("part", parts.PARTS, ids=lambda part: part.key)
by_name = pytest.mark.parametrize("figure", list(parts.all_figures()), ids=lambda one: one.name)


@by_key
def test_a_part_has_a_section_of_its_own_or_a_question(part):
    own = (ROOT / "reports" / "sections" / f"{part.key}.html.j2").is_file()
    assert own != bool(part.question)


@by_key
def test_a_part_has_a_rule_file(part):
    # Provenance is made by the report's rules, and has no key in the config.
    name = "report" if part.key == "provenance" else part.key
    assert (ROOT / "rules" / f"{name}.smk").is_file()
    assert f'include: "rules/{name}.smk"' in (ROOT / "Snakefile").read_text()


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
