"""What a finished run has found: its tables and its provenance, as templates read them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from spikesweep.errors import UserError
from spikesweep.report.conclusions import listed, recommended_scales
from spikesweep.report.rows import Row, read_rows
from spikesweep.words import count, counted

# The tables that every run has.
_ALWAYS = {
    "findings": "findings.csv",
    "uncertainty": "uncertainty.csv",
    "main_numbers": "main_numbers.csv",
    "versions": "provenance/versions.csv",
}
# Those of studies that may not run, by their part; {network}: there is one for each network.
_OF_PARTS = {
    "settling": {"best_synapses": "settling/best_synapse.csv"},
    "layer_scaling": {"early_late": "layer_scaling/{network}/early_late.csv"},
    "rate_transfer": {"benefit": "rate_transfer/benefit.csv"},
    "recommendation": {"recommendations": "recommendations.csv"},
    "neuron_cost": {"neuron_costs": "neuron_cost/comparison.csv"},
    "pruning": {
        "lost": "pruning/lost.csv",
        "knee": "pruning/knee.csv",
        "pruned_scale": "pruning/scale.csv",
    },
    "preprocessing": {"ranking": "preprocessing/ranking.csv"},
}
# The folder of results of the default study, which `make` runs.
_DEFAULT = "results"


def read_run(folder: Path) -> dict[str, Any]:
    """The tables of a run by name, lists of rows; empty for studies that are no part of it.

    Besides: `labels` of networks and their variants' bases, `networks` in the order of the study,
    `confidence`, and `source`, which says in a sentence what was run.

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
    for row in tables["recommendations"]:
        row["scales"] = recommended_scales(row["scale_firing_rates"])
    return {
        **tables,
        "networks": networks,
        "labels": _labels(config),
        "confidence": config["statistics"]["confidence"],
        "source": _source(config, tables),
        "command": _command(config),
    }


def _tables(folder: Path, networks: Iterable[str], parts: Iterable[str]) -> dict[str, list[Row]]:
    networks, parts = list(networks), set(parts)
    tables = {name: _read(folder, [file]) for name, file in _ALWAYS.items()}
    for part, files in _OF_PARTS.items():
        for name, file in files.items():
            chosen = [file.format(network=network) for network in networks] if part in parts else []
            # The same file, if there is one for all networks.
            tables[name] = _read(folder, dict.fromkeys(chosen))
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


def _source(config: Mapping[str, Any], tables: Mapping[str, list[Row]]) -> str:
    """What was studied: networks with their seeds, images, draws of initial voltages, commit."""
    labels, numbers = _labels(config), tables["main_numbers"]
    networks = listed(
        f"{labels[row['network']]} ({counted(int(row['seeds']), 'seed')})" for row in numbers
    )
    images = listed(count(images) for images in sorted({row["images"] for row in numbers}))
    draws = counted(config["simulation"]["voltage_draws"], "draw")
    commits = [row["version"] for row in tables["versions"] if row["component"] == "git commit"]
    noun = "commit" if len(commits) == 1 else "commits"
    return (
        f"{networks}: {images} test images, {draws} of the initial voltages, "
        f"{noun} {listed(commits)}"
    )


def _command(config: Mapping[str, Any]) -> str:
    """What runs the study and writes this again."""
    folder = config["results"]
    return "make && make results" if folder == _DEFAULT else f"make results RESULTS={folder}"
