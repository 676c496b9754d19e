"""A study is called by a name only if it is the study of that name."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from spikesweep.config.which_study import which_study

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.fixture
def folder(tmp_path):
    """The configs that come with Spikesweep, in no clone."""
    shutil.copytree(CONFIG, tmp_path / "config")
    return tmp_path / "config"


def config_of(folder, overlay=None, **changes):
    config = yaml.safe_load((folder / "config.yaml").read_text())
    if overlay:
        lay_over(config, yaml.safe_load((folder / overlay).read_text()))
    lay_over(config, changes)
    return config


def lay_over(config, changes):
    for key, value in changes.items():
        if isinstance(value, dict):
            lay_over(config.setdefault(key, {}), value)
        else:
            config[key] = value


@pytest.mark.parametrize(
    ("overlay", "name"),
    [
        (None, "default study"),
        ("smoke.yaml", "smoke study"),
        ("paper.yaml", "study at full scale"),
        ("residual.yaml", "study of ResNet-9"),
    ],
)
def test_a_study_that_was_not_changed_has_its_name(folder, overlay, name):
    study = which_study(config_of(folder, overlay), folder)
    assert (study["name"], study["changed"]) == (name, [])
    assert study["default"] == (overlay is None)


def test_where_results_lie_and_what_things_are_called_makes_no_other_study(folder):
    names = {"figures": {"network_labels": {"mnist_cnn": "Mine"}}, "report": {"title": "Why?"}}
    config = config_of(folder, results="results/mine", **names)
    assert which_study(config, folder)["default"]


@pytest.mark.parametrize("overlay", [None, "smoke.yaml"])
def test_other_networks_make_another_study(folder, overlay):
    changes = {"study": {"networks": ["mine"]}, "networks": {"mine": {"file": "mine.keras"}}}
    study = which_study(config_of(folder, overlay, **changes), folder)
    assert study["changed"] == ["networks.mine", "study.networks"]
    assert not study["default"]


def test_less_makes_another_study(folder):
    config = config_of(folder)
    del config["networks"]["mnist_cnn"]["seeds"], config["settling"]
    assert which_study(config, folder)["changed"] == ["networks.mnist_cnn", "settling"]


def test_an_edited_default_config_is_another_study(folder):
    def git(*words):
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "as it came")
    edited = config_of(folder, study={"networks": ["mnist_cnn"]})
    (folder / "config.yaml").write_text(yaml.safe_dump(edited))
    assert which_study(edited, folder)["changed"] == ["study.networks"]
