"""The hash of a script's library code changes with what it reaches, and with nothing else."""

from pathlib import Path

import pytest

from spikesweep import parsed_sources, parts
from spikesweep.code_hash import code_hash, imported_modules, reached_modules


@pytest.fixture
def scripts(tmp_path):
    package = tmp_path / "spikesweep"
    (package / "study").mkdir(parents=True)
    (package / "__init__.py").write_text('"""Package."""\n')
    (package / "study" / "__init__.py").write_text("")
    (package / "near.py").write_text("from spikesweep.study.far import f\n")
    (package / "study" / "far.py").write_text('"""Doc."""\n\n\ndef f():\n    return 1\n')
    (package / "other.py").write_text("x = 1\n")
    (tmp_path / "job.py").write_text("def run():\n    import spikesweep.near\n")
    return tmp_path


def fresh_hash(scripts, *modules):
    for cached in (imported_modules, parsed_sources.parsed):
        cached.cache_clear()
    return code_hash(scripts / "job.py", *modules)


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_module_reached_through_another_counts(scripts):
    before = fresh_hash(scripts)
    edit(scripts / "spikesweep" / "study" / "far.py", "return 1", "return 2")
    assert fresh_hash(scripts) != before


def test_module_that_is_not_reached_does_not_count(scripts):
    before = fresh_hash(scripts)
    edit(scripts / "spikesweep" / "other.py", "x = 1", "x = 2")
    assert fresh_hash(scripts) == before


@pytest.mark.parametrize("new", ['"""Other words."""', '"""Doc."""\n# a comment'])
def test_words_do_not_count(scripts, new):
    before = fresh_hash(scripts)
    edit(scripts / "spikesweep" / "study" / "far.py", '"""Doc."""', new)
    assert fresh_hash(scripts) == before


def test_new_import_counts(scripts):
    before = fresh_hash(scripts)
    edit(scripts / "job.py", "import spikesweep.near", "import spikesweep.near, spikesweep.other")
    assert fresh_hash(scripts) != before


def test_module_that_is_loaded_by_name_counts(scripts):
    before = fresh_hash(scripts)
    assert fresh_hash(scripts, "spikesweep.other") != before


@pytest.mark.parametrize("figure", [figure.name for figure in parts.all_figures()])
def test_figures_reach_no_simulation(figure):
    scripts = Path(__file__).parents[2] / "scripts"
    reached = reached_modules(scripts / "plot_figure.py", parts.module_of(figure))
    names = {module.relative_to(scripts / "spikesweep").as_posix() for module in reached}
    assert any(name.startswith("plots/") for name in names)
    assert not [name for name in names if name.startswith(("simulation/", "conversion/"))]
