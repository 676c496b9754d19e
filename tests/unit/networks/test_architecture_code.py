"""A change of one architecture concerns the networks that use it, and no others."""

import shutil
from pathlib import Path

import pytest

from spikesweep.code_hash import code_hash, imported_modules
from spikesweep.networks.registry import architecture_module, architecture_names
from spikesweep.parsed_sources import parsed

SCRIPTS = Path(__file__).parents[3] / "scripts"
FOLDER = "spikesweep/networks/architectures"


@pytest.fixture
def scripts(tmp_path):
    copy = tmp_path / "scripts"
    shutil.copytree(SCRIPTS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture(params=["train_network", "prune_network"])
def hashes(request, scripts):
    """Gives the code hash of the job for each architecture, as the files are now."""

    def now():
        for cached in (imported_modules, parsed):
            cached.cache_clear()
        script = scripts / f"{request.param}.py"
        return {name: code_hash(script, architecture_module(name)) for name in architecture_names()}

    return now


def append(path, code):
    path.write_text(path.read_text() + code)


def changed(before, after):
    return {name for name in before if before[name] != after[name]}


def test_each_architecture_has_a_hash_of_its_own(hashes):
    assert len(set(hashes().values())) == len(architecture_names()) > 1


def test_a_new_architecture_changes_no_hash(scripts, hashes):
    before = hashes()
    shutil.copy(scripts / FOLDER / "cnn.py", scripts / FOLDER / "another.py")
    assert changed(before, hashes()) == set()


@pytest.mark.parametrize("name", architecture_names())
def test_an_edited_architecture_changes_its_own_hash_alone(name, scripts, hashes):
    before = hashes()
    append(scripts / FOLDER / f"{name}.py", "\nEXTRA = 1\n")
    assert changed(before, hashes()) == {name}


def test_an_edited_block_changes_what_is_built_of_blocks(scripts, hashes):
    before = hashes()
    append(scripts / "spikesweep/networks/blocks.py", "\nEXTRA = 1\n")
    built_of_blocks = {
        name
        for name in architecture_names()
        if "spikesweep.networks.blocks" in (scripts / FOLDER / f"{name}.py").read_text()
    }
    assert {"cnn", "dense", "residual"} <= built_of_blocks
    assert changed(before, hashes()) == built_of_blocks


def test_no_module_imports_an_architecture():
    """Imported, it would be part of the code of every training."""
    architectures = {SCRIPTS / FOLDER / f"{name}.py" for name in architecture_names()}
    importing = {
        module: found
        for module in SCRIPTS.rglob("*.py")
        if (found := imported_modules(module, SCRIPTS) & architectures)
    }
    assert importing == {}
