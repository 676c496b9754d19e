"""What a finished run has found: its tables and its provenance, as templates read them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from spikesweep.errors import UserError
from spikesweep.parts import PARTS, parts_of
from spikesweep.report.conclusions import listed
from spikesweep.report.key_numbers import recommended_rows
from spikesweep.report.rows import Row, read_rows
from spikesweep.report.seed_cost import minutes_of_a_seed
from spikesweep.snn.draws import draws_of_voltages
from spikesweep.words import SHIPPED_STUDIES, count, counted

# The folder of results of the default study, which `make` runs.
_DEFAULT = "results"


def read_run(folder: Path) -> dict[str, Any]:
    """The tables of a run by name, lists of rows; empty for studies that are no part of it.

    Besides: `title` of a page about it, `labels` of networks and their variants' bases, `networks`
    in the order of the study, `confidence`, `minutes_of_a_seed` by network, `results`, the folder
    that its config names, `command`, which writes that page, and `source`, which says in a sentence
    what was run.

    Raises UserError if the folder holds no finished run.
    """
    path = folder / "provenance" / "config.yaml"
    if not path.is_file():
        raise UserError(
            f"{folder} holds no finished run: {path} is missing. Run the study first (make), "
            "or name another folder: make results RESULTS=results/smoke"
        )
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    networks, parts = config["study"]["networks"], config["study"]["parts"]
    tables = _tables(folder, networks, parts)
    tables["recommendations"] = recommended_rows(tables["recommendations"], tables["main_numbers"])
    return {
        **tables,
        "title": _title(config["results"]),
        "networks": networks,
        "labels": _labels(config),
        "confidence": config["statistics"]["confidence"],
        "minutes_of_a_seed": minutes_of_a_seed(folder, networks),
        "source": _source(config, tables),
        "results": config["results"],
        "command": _command(config),
    }


def _tables(folder: Path, networks: Iterable[str], parts: Iterable[str]) -> dict[str, list[Row]]:
    networks, run = list(networks), parts_of(parts)
    tables = {}
    for part in PARTS:
        # Those of each seed are joined in the tables of the studies.
        for table in (table for table in part.tables if "{seed}" not in table.path):
            chosen = [table.path.format(network=network) for network in networks]
            # The same file, if there is one for all networks.
            tables[table.name] = _read(folder, dict.fromkeys(chosen if part in run else []))
    return tables


def _read(folder: Path, files: Iterable[str]) -> list[Row]:
    paths = [folder / file for file in files]
    missing = next((path for path in paths if not path.is_file()), None)
    if missing:
        raise UserError(
            f"{missing} is missing: the run in {folder} is not finished. Finish it with the "
            "command that started it"
        )
    return read_rows(paths)


def _labels(config: Mapping[str, Any]) -> dict[str, str]:
    given = config["figures"]["network_labels"]
    # A pipe would end the cell of a table.
    return {name: given.get(name, name).replace("|", r"\|") for name in config["networks"]}


def _source(config: dict[str, Any], tables: Mapping[str, list[Row]]) -> str:
    """What was studied: networks with their seeds, images, draws of initial voltages, commit."""
    labels, numbers = _labels(config), tables["main_numbers"]
    networks = listed(
        f"{labels[row['network']]} ({counted(int(row['seeds']), 'seed')})" for row in numbers
    )
    images = listed(count(images) for images in sorted({row["images"] for row in numbers}))
    voltages = config["conversion"]["initial_voltages"]
    draws = draws_of_voltages(voltages, config["simulation"]["voltage_draws"])
    commits = [row["version"] for row in tables["versions"] if row["component"] == "git commit"]
    noun = "commit" if len(commits) == 1 else "commits"
    return (
        f"{networks}: {images} test images, {counted(draws, 'draw')} of the initial voltages, "
        f"{noun} {listed(commits)}"
    )


def _title(results: str) -> str:
    """`Results` of the default study; of others, it names the study or the folder."""
    if results == _DEFAULT:
        return "Results"
    if results in SHIPPED_STUDIES:
        return f"Results of the {SHIPPED_STUDIES[results]}"
    return f"Results of `{results}`"


def _command(config: Mapping[str, Any]) -> str:
    """What runs the study and writes this again."""
    folder = config["results"]
    return "make && make results" if folder == _DEFAULT else f"make results RESULTS={folder}"
