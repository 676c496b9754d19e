"""Checks the config before anything runs, and cuts it into the slices that jobs get.

No heavy import here: the Snakefile reads this at each start.
"""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from spikesweep.data.user_files import missing_files
from spikesweep.errors import UserError
from spikesweep.networks.architectures import architecture_names, check_options
from spikesweep.networks.keras_file import peek_shapes

Config = dict[str, Any]

_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a map",
    "string": "a text",
}

# Shapes of the published datasets, so that a file of the wrong shape is refused at once.
_SHAPES = {"mnist": ((28, 28, 1), 10), "cifar10": ((32, 32, 3), 10)}


def check_config(config: Config, schema: str | Path) -> None:
    """Check form (by the schema) and meaning (names that refer to each other, files).

    Raises UserError: one line a mistake, each naming the key, what it is and what it may be.
    """
    validator = Draft202012Validator(yaml.safe_load(Path(schema).read_text(encoding="utf-8")))
    if mistake := best_match(validator.iter_errors(config)):
        raise UserError(_told(_deepest(mistake)))
    _check_names(config)
    _check_published(config)
    _check_files(config)


def _deepest(mistake: ValidationError) -> ValidationError:
    while mistake.context:
        mistake = best_match(mistake.context)
    return mistake


def _told(mistake: ValidationError) -> str:
    key = ".".join(str(part) for part in mistake.absolute_path) or "config"
    found = mistake.instance
    rule = mistake.validator
    limit = mistake.validator_value
    purpose = mistake.schema.get("description", "") if isinstance(mistake.schema, dict) else ""
    match rule:
        case "additionalProperties":
            allowed = sorted(mistake.schema.get("properties", {}))
            unknown = sorted(set(found) - set(allowed))[0]
            return _unknown(
                f"{key}.{unknown}" if mistake.absolute_path else unknown, unknown, allowed
            )
        case "required":
            missing = next(name for name in limit if name not in found)
            return f"config {key}: {missing} is missing"
        case "type":
            kinds = [limit] if isinstance(limit, str) else limit
            names = " or ".join(_KINDS[kind] for kind in kinds if kind != "null")
            hint = " (in YAML, 1e-3 is text: write 1.0e-3)" if _is_exponent(found) else ""
            return f"config {key}: found {found!r}{hint}; it must be {names}. {purpose}".strip()
        case "enum" | "const":
            allowed = limit if rule == "enum" else [limit]
            return f"config {key}: found {found!r}; it may be {_listed(allowed)}"
        case "minItems" | "minProperties":
            return f"config {key}: is empty; give at least {limit}. {purpose}".strip()
        case "uniqueItems":
            return f"config {key}: {found!r} holds a value twice; give each once"
        case "exclusiveMinimum":
            return f"config {key}: found {found}; it must be more than {limit}. {purpose}".strip()
        case "minimum":
            return f"config {key}: found {found}; it must be at least {limit}. {purpose}".strip()
        case "exclusiveMaximum":
            return f"config {key}: found {found}; it must be less than {limit}. {purpose}".strip()
        case "maximum":
            return f"config {key}: found {found}; it must be at most {limit}. {purpose}".strip()
    return f"config {key}: {mistake.message}. {purpose}".strip()


def _is_exponent(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[+-]?\d+[eE][+-]?\d+", value))


def _unknown(key: str, name: str, allowed: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(allowed), n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"config {key}: unknown; {hint}allowed here: {_listed(allowed)}"


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(str(value) for value in values)


def _check_names(config: Config) -> None:
    networks, datasets = config["networks"], config["datasets"]
    for name in config["study"]["networks"]:
        if name not in networks:
            raise UserError(_unknown(f"study.networks: {name!r}", name, sorted(networks)))
    for name, network in networks.items():
        if network["dataset"] not in datasets:
            key = f"networks.{name}.dataset: {network['dataset']!r}"
            raise UserError(_unknown(key, network["dataset"], sorted(datasets)))
        if "architecture" in network:
            _check_architecture(name, network)


def _check_architecture(name: str, network: Config) -> None:
    key = f"networks.{name}"
    architecture = network["architecture"]
    if architecture not in architecture_names():
        raise UserError(
            _unknown(f"{key}.architecture: {architecture!r}", architecture, architecture_names())
        )
    try:
        check_options(architecture, network.get("options", {}))
    except UserError as error:
        raise UserError(f"config {key}.options: {error}") from None


def _check_published(config: Config) -> None:
    if "published" not in config:
        return
    network = config["published"]["network"]
    studied = config["study"]["networks"]
    if network not in studied:
        raise UserError(_unknown(f"published.network: {network!r}", network, studied))
    if missing := _unswept(published_slice(config)["settings"], sweep_slice(config)):
        raise UserError(
            f"config published.settings: {missing[0]} is not in synapse_and_scaling; "
            f"add it there, or take it out here"
        )


def _check_files(config: Config) -> None:
    """Files of the user's that the study's networks need."""
    for name in config["study"]["networks"]:
        network = config["networks"][name]
        dataset = config["datasets"][network["dataset"]]
        if missing := missing_files(dataset):
            raise UserError(
                f"config datasets.{network['dataset']}: {missing[0]} does not exist; "
                f"paths are relative to the folder that snakemake runs in"
            )
        if "file" in network:
            _check_keras_file(name, network["file"], dataset["format"])


def _check_keras_file(name: str, file: str, dataset_format: str) -> None:
    if not Path(file).is_file():
        raise UserError(
            f"config networks.{name}.file: {file} does not exist; "
            f"paths are relative to the folder that snakemake runs in"
        )
    if dataset_format not in _SHAPES:
        return
    shape, classes = _SHAPES[dataset_format]
    found_shape, found_classes = peek_shapes(file)
    if (found_shape or shape) != shape or (found_classes or classes) != classes:
        raise UserError(
            f"config networks.{name}.file: {file} maps {found_shape} to {found_classes} classes, "
            f"its dataset has images {shape} of {classes} classes; give a network made for them"
        )


# ---------------------------------------------------------------------------- slices
# Each job gets only what decides its result, so that a change reruns what uses it and no
# more. Snakemake compares them as text: keys are sorted, values are plain.


def seeds_of(config: Config, network: str) -> list[int]:
    """Seeds of a network: those it is trained from, or 0 for a file of the user's."""
    return config["networks"][network].get("seeds", [0])


def dataset_slice(config: Config, dataset: str) -> Config:
    """What decides the prepared dataset."""
    return _sorted(config["datasets"][dataset])


def training_slice(config: Config, network: str) -> Config:
    """What decides the trained (or imported) network, beside its seed."""
    entry = config["networks"][network]
    # Dataset, file and seed reach the job as its input and wildcard.
    return _sorted({key: entry[key] for key in entry if key not in ("dataset", "seeds", "file")})


def conversion_slice(config: Config) -> Config:
    """What decides the spiking network."""
    return _sorted(config["conversion"])


def sweep_slice(config: Config) -> Config:
    """What decides the synapse-and-scaling sweep."""
    sweep = config["synapse_and_scaling"]
    return _sorted(
        {
            **{key: sweep[key] for key in ("steps", "images", "images_seed")},
            "synapse_s": [_synapse(value) for value in sweep["synapse_s"]],
            "scale_firing_rates": sweep["scale_firing_rates"],
            "engine": config["simulation"]["engine"],
        }
    )


def firing_rates_slice(config: Config) -> Config:
    """What decides the firing rates."""
    rates = config["firing_rates"]
    return _sorted(
        {
            **{key: rates[key] for key in ("steps", "images", "images_seed")},
            "settings": _settings(rates["settings"]),
            "engine": config["simulation"]["engine"],
        }
    )


def agreement_slice(config: Config) -> Config:
    """What decides the comparison of the engines."""
    agreement = config["engine_agreement"]
    return _sorted(
        {
            **{key: agreement[key] for key in ("steps", "images", "images_seed")},
            "settings": _settings(agreement["settings"]),
            "engine": config["simulation"]["engine"],
        }
    )


def published_slice(config: Config) -> Config | None:
    """What decides the comparison with a published table, if there is one."""
    if "published" not in config:
        return None
    published = config["published"]
    return _sorted(
        {
            **{key: published[key] for key in ("images", "ann_accuracy")},
            "settings": _settings(published["settings"]),
        }
    )


def figure_slice(config: Config, figure: str, of: str | None = None) -> Config:
    """What decides a figure's look: of all networks, or of one network or dataset."""
    look = _sorted(config["figures"][figure])
    if figure == "dataset_examples":
        return look | {"dataset_label": _label(config, "dataset", of)}
    if of is None:
        return look | {"network_labels": _network_labels(config)}
    return look | {"network_label": _label(config, "network", of)}


def main_numbers_slice(config: Config) -> Config:
    """What decides the main numbers."""
    return {"accuracy_margin": config["report"]["accuracy_margin"]}


def resolved(config: Config) -> Config:
    """The whole config, all overlays merged, whatever the order in which they were."""
    return _sorted(config)


def report_slice(config: Config) -> Config:
    """What decides the words of the report."""
    return {
        "title": config["report"]["title"],
        "network_labels": _network_labels(config),
        "dataset_labels": {name: _label(config, "dataset", name) for name in datasets_of(config)},
        "published_source": config.get("published", {}).get("source"),
    }


def datasets_of(config: Config) -> list[str]:
    """The datasets that the study's networks use, each once, in their order."""
    networks = config["study"]["networks"]
    return list(dict.fromkeys(config["networks"][name]["dataset"] for name in networks))


def _network_labels(config: Config) -> Config:
    # In the order of the study, as figures and tables show them.
    return {name: _label(config, "network", name) for name in config["study"]["networks"]}


def _label(config: Config, kind: str, name: str | None) -> str:
    return config["figures"][f"{kind}_labels"].get(name, name)


def _settings(entries: Iterable[Config]) -> list[Config]:
    return [_sorted({**entry, "synapse_s": _synapse(entry["synapse_s"])}) for entry in entries]


def _synapse(value: float | str | None) -> float | None:
    # YAML reads `none` as a word; `null` and `~` mean the same.
    return None if value in ("none", None) else float(value)


def _unswept(settings: list[Config], sweep: Config) -> list[str]:
    return [
        f"synapse {setting['synapse_s']}, scale {setting['scale_firing_rates']}, "
        f"{setting['steps']} steps"
        for setting in settings
        if setting["synapse_s"] not in sweep["synapse_s"]
        or setting["scale_firing_rates"] not in sweep["scale_firing_rates"]
        or setting["steps"] > sweep["steps"]
    ]


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value
