"""Which study a config is: one that comes with Spikesweep, or one of the reader's own."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from snakemake.utils import update_config

from spikesweep.words import SHIPPED_STUDIES

_DEFAULT = "config.yaml"
_NOT_THERE = object()
Config = dict[str, Any]


@dataclass(frozen=True)
class _Study:
    """A study that comes with Spikesweep: its name, and what lies over the default config."""

    name: str
    overlay: str | None = None
    about: str = ""


_DEFAULT_STUDY = _Study("default study")
_ABOUT = {"results/smoke": "on little data: its numbers only show that all works"}
# By their folder of results.
_STUDIES = {
    folder: _Study(name, f"{Path(folder).name}.yaml", _ABOUT.get(folder, ""))
    for folder, name in SHIPPED_STUDIES.items()
}
# Where results lie, and how things are called, makes no other study.
_NO_MATTER = {("results",), ("figures",), ("report", "title")}


def which_study(config: Config, folder: str | Path) -> dict[str, Any]:
    """What the report calls a study.

    folder: of the configs that come with Spikesweep. In a clone, those of its commit count, so
        that a study whose `config.yaml` was edited is not called the default one.

    Returns name, about (empty for most), default (whether it is the default study), and changed:
    the keys in which it differs from the study of that name, `section.key`.
    """
    study = _STUDIES.get(config["results"], _DEFAULT_STUDY)
    base = _as_committed(Path(folder, _DEFAULT))
    if study.overlay:
        update_config(base, _as_committed(Path(folder, study.overlay)))
    changed = sorted(set(_differences(config, base)))
    return {
        "name": study.name,
        "about": study.about,
        "changed": changed,
        "default": study is _DEFAULT_STUDY and not changed,
    }


def _as_committed(path: Path) -> Config:
    command = ["git", "show", f"HEAD:./{path.name}"]
    try:
        found = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=True)
        text = found.stdout
    except (OSError, subprocess.CalledProcessError):
        text = path.read_text(encoding="utf-8")
    config: Config = yaml.safe_load(text)
    return config


def _differences(one: Config, other: Config) -> Iterator[str]:
    """Two keys say enough: the section and what in it, or the network."""
    for section in {**one, **other}:
        if (section,) in _NO_MATTER:
            continue
        ours, theirs = one.get(section, _NOT_THERE), other.get(section, _NOT_THERE)
        if not (isinstance(ours, Mapping) and isinstance(theirs, Mapping)):
            if ours != theirs:
                yield section
            continue
        for key in {**ours, **theirs}:
            differs = ours.get(key, _NOT_THERE) != theirs.get(key, _NOT_THERE)
            if differs and (section, key) not in _NO_MATTER:
                yield f"{section}.{key}"
