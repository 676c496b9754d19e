"""Checks the config before anything runs.

No heavy imports here: the Snakefile reads this at each start.
"""

import itertools
import math
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from spikesweep.config.messages import listed, shown, told, unknown
from spikesweep.config.sizes import check_sizes
from spikesweep.config.slices import (
    REPEATED_PARTS,
    file_of,
    published_slice,
    section_of,
    seeds_of,
    sweep_slice,
)
from spikesweep.config.variants import (
    base_of,
    entry_of,
    preprocessed_networks,
    pruned_networks,
)
from spikesweep.data.array_names import array_names, told_lacking
from spikesweep.data.peek import has_test, peek
from spikesweep.data.user_files import missing_files
from spikesweep.errors import UserError
from spikesweep.networks.keras_file import check_fit, read_keras_file
from spikesweep.networks.kinds import DENSE, kind_of_architecture
from spikesweep.networks.options import check_options
from spikesweep.networks.registry import architecture_names
from spikesweep.parts import all_figures, optional_parts
from spikesweep.snn.neurons import NEURON_TYPES, STARTS

Config = dict[str, Any]

# Sections that a config may leave out.
OPTIONAL = {"published"}


def check_config(config: Config, schema: str | Path) -> None:
    """Check form (by the schema) and meaning (names that refer to each other, files).

    Raises UserError: one line per mistake, with the key, what was found and what is allowed.
    """
    _check_keys(config)
    validator = Draft202012Validator(read_schema(schema))
    _check_origins(config)
    if mistake := best_match(validator.iter_errors(config)):
        raise UserError(told(mistake))
    _check_finite(config)
    _check_studies(config, validator)
    _check_names(config)
    _check_neuron(config)
    _check_settings(config)
    _check_repeated(config)
    _check_variants(config)
    _check_pruning(config)
    _check_range(config)
    _check_first_steps(config)
    _check_published(config)
    _check_files(config)
    check_sizes(config)


def read_schema(path: str | Path) -> Config:
    """The schema, with what follows from the tables of parts, of neurons and of their starts."""
    schema = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    sections = schema["properties"]
    schema["required"] = [name for name in sections if name not in OPTIONAL]
    sections["study"]["properties"]["parts"]["items"] = {"enum": optional_parts()}
    sections["conversion"]["properties"]["neuron"]["enum"] = list(NEURON_TYPES)
    sections["conversion"]["properties"]["initial_voltages"]["enum"] = list(STARTS)
    compared = sections["neuron_cost"]["properties"]
    compared["neurons"]["items"] = {"enum": list(NEURON_TYPES)}
    compared["initial_voltages"]["items"] = {"enum": list(STARTS)}
    figures = sections["figures"]["properties"]
    for figure in all_figures():
        look = figures.setdefault(figure.name, {"type": "object", "additionalProperties": False})
        options = look.setdefault("properties", {})
        options["title"] = {
            "description": "Its title.",
            "type": "string",
            "default": figure.title,
        }
        if figure.colours:
            options["palette"] = figures["palettes"]["properties"][figure.colours] | {
                "description": f"Its colours; without it, those of palettes.{figure.colours}.",
            }
    return schema


def _check_keys(value: Any, key: str = "") -> None:
    """YAML takes 5, yes and null for other things than texts, which no key is."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str):
                raise UserError(
                    f"config{f' {key}' if key else ''}: found the key {shown(name)}, which YAML "
                    "does not read as a text; write it in quotes, or remove it"
                )
            _check_keys(inner, f"{key}.{name}" if key else name)


def _check_origins(config: Config) -> None:
    """A network is trained here or comes from a file; the schema would take the file as meant."""
    networks = config.get("networks")
    for name, network in networks.items() if isinstance(networks, dict) else ():
        given = {"architecture", "file"}.intersection(network if isinstance(network, dict) else ())
        if isinstance(network, dict) and len(given) != 1:
            found = "both architecture and file" if given else "neither architecture nor file"
            raise UserError(
                f"config networks.{name}: found {found}; give the architecture of a network "
                "that is trained here, or the file of one that you have"
            )


def _check_finite(value: Any, key: str = "") -> None:
    """YAML knows .nan and .inf, and no comparison with a limit refuses NaN."""
    if isinstance(value, float) and not math.isfinite(value):
        raise UserError(f"config {key}: found {value}; give a finite number")
    if isinstance(value, dict):
        for name, inner in value.items():
            _check_finite(inner, f"{key}.{name}" if key else str(name))
    if isinstance(value, list):
        for position, inner in enumerate(value):
            _check_finite(inner, f"{key}.{position}")


def _check_studies(config: Config, validator: Draft202012Validator) -> None:
    """What a network has of its own must be as the section of the study would have it."""
    for name, network in config["networks"].items():
        for section in network.get("studies", {}):
            own = config | {section: section_of(config, section, name)}
            if mistake := best_match(validator.iter_errors(own)):
                raise UserError(
                    told(mistake).replace("config ", f"config networks.{name}.studies.", 1)
                )


def _check_neuron(config: Config) -> None:
    """Options of another neuron than the chosen one would be ignored."""
    conversion = config["conversion"]
    for name in NEURON_TYPES:
        if name in conversion and name != conversion["neuron"]:
            raise UserError(
                f"config conversion.{name}: these options are for neuron: {name}, but neuron is "
                f"{conversion['neuron']}; remove them or change the neuron"
            )


def _check_names(config: Config) -> None:
    networks, datasets = config["networks"], config["datasets"]
    for name in config["study"]["networks"]:
        if name not in networks:
            raise UserError(unknown(f"study.networks: {name!r}", name, sorted(networks)))
        if "file" not in networks[name] and "seeds" not in networks[name]:
            raise UserError(
                f"config networks.{name}: seeds is missing; give a list such as [0, 1, 2]: the "
                "network is trained once from each"
            )
    for name, network in networks.items():
        if network["dataset"] not in datasets:
            key = f"networks.{name}.dataset: {network['dataset']!r}"
            raise UserError(unknown(key, network["dataset"], sorted(datasets)))
        if "architecture" in network:
            _check_architecture(name, network)
        for section in ("training", "adapt"):
            _check_flip(f"networks.{name}.{section}", network.get(section, {}), datasets, network)
        _check_image_sizes(f"networks.{name}.training", network)


def _check_architecture(name: str, network: Config) -> None:
    key = f"networks.{name}"
    architecture = network["architecture"]
    if architecture not in architecture_names():
        raise UserError(
            unknown(f"{key}.architecture: {architecture!r}", architecture, architecture_names())
        )
    try:
        check_options(architecture, network.get("options", {}))
    except UserError as error:
        raise UserError(f"config {key}.options: {error}") from None
    # The claims that are judged on a network depend on it.
    kind = kind_of_architecture(architecture)
    beginnings = {
        "whitened_first_layer": "whiten the pixels",
        "identity_convolutions": "pass on what it reads",
    }
    for beginning, could in beginnings.items():
        if kind == DENSE and network.get("training", {}).get(beginning):
            raise UserError(
                f"config {key}.training.{beginning}: found true, but {architecture} has no "
                f"convolution that could {could}; remove it"
            )


def _check_flip(key: str, training: Config, datasets: Config, network: Config) -> None:
    if training.get("flip") and datasets[network["dataset"]]["format"] == "mnist":
        raise UserError(
            f"config {key}: a mirrored digit is no longer a digit; remove flip for MNIST"
        )
    if training.get("alternating_flip") and not training.get("flip"):
        raise UserError(
            f"config {key}.alternating_flip: found true without flip: true, which it is a way of; "
            "add that, or remove this"
        )


def _check_image_sizes(key: str, network: Config) -> None:
    sizes = network.get("training", {}).get("image_sizes", [])
    for earlier, later in itertools.pairwise(sizes):
        if earlier["until"] >= later["until"] or earlier["size"] >= later["size"]:
            raise UserError(
                f"config {key}.image_sizes: {later} comes after {earlier}; both size and until "
                "must rise from each part to the next"
            )


def _check_settings(config: Config) -> None:
    """Check the networks that settings name, and that each network has settings."""
    studied = config["study"]["networks"]
    for section in ("firing_rates", "engine_agreement"):
        settings = config[section]["settings"]
        _check_named(config, f"{section}.settings", settings)
        for setting in settings:
            if isinstance(setting["scale_firing_rates"], dict) and "network" not in setting:
                raise UserError(
                    f"config {section}.settings: scales of single layers need the network "
                    f"that they are for; add network: {studied[0]}"
                )
        for name in studied:
            key = f"{section}.settings"
            of_network = section_of(config, section, name)["settings"]
            if of_network is not settings:
                key = f"networks.{name}.studies.{key}"
                _check_named(config, key, of_network)
            if all(setting.get("network", name) != name for setting in of_network):
                raise UserError(f"config {key}: no setting is for {name}; add one")


def _check_named(config: Config, key: str, settings: list[Config]) -> None:
    for setting in settings:
        name = setting.get("network")
        if name is not None and name not in config["networks"]:
            raise UserError(unknown(f"{key}: {name!r}", name, sorted(config["networks"])))


def _check_repeated(config: Config) -> None:
    """Of the studies that other neurons repeat, one runs."""
    parts = config["study"]["parts"]
    if "spikes_or_neuron" not in parts:
        return
    runs = {"sweep", *(name for name, part in REPEATED_PARTS.items() if part in parts)}
    for network in config["study"]["networks"]:
        repeated = section_of(config, "spikes_or_neuron", network)["repeated"]
        if not runs.intersection(repeated):
            lacking = listed([REPEATED_PARTS[name] for name in repeated])
            raise UserError(
                f"config spikes_or_neuron.repeated: found {shown(repeated)} for {network}, but "
                f"study.parts does not list {lacking}; add sweep here, or a part there"
            )


def _check_variants(config: Config) -> None:
    """Check the networks that pruning and preprocessing start from, and the techniques' names."""
    studies = {
        "pruning.networks": config["pruning"]["networks"],
        "preprocessing.tests": config["preprocessing"]["tests"],
    }
    trained = sorted(name for name, entry in config["networks"].items() if "file" not in entry)
    for key, names in studies.items():
        if key.split(".")[0] not in config["study"]["parts"]:
            continue
        for name in names:
            if name not in trained:
                raise UserError(unknown(f"{key}: {name!r}", name, trained))
    for base in {variant["base"] for variant in preprocessed_networks(config).values()}:
        if not config["networks"][base]["training"].get("watch_test"):
            raise UserError(
                f"config networks.{base}.training: preprocessing.tests needs the test accuracy "
                f"of each epoch; add watch_test: true"
            )
    for name, variant in preprocessed_networks(config).items():
        try:
            entry = entry_of(config, name)
            check_options(entry["architecture"], entry.get("options", {}))
        except UserError as error:
            raise UserError(
                f"config preprocessing.tests.{variant['base']}: {variant['technique']!r}: {error}"
            ) from None
        key = f"preprocessing.tests.{variant['base']}: {variant['technique']!r}"
        _check_flip(key, entry["training"], config["datasets"], entry)


def _check_pruning(config: Config) -> None:
    pruning = config["pruning"]
    if "pruning" not in config["study"]["parts"]:
        return
    for name, pruned in pruning["networks"].items():
        if config["networks"][name]["training"].get("keep_best"):
            raise UserError(
                f"config networks.{name}.training: keep_best might keep an epoch before all "
                "weights were removed, but pruning.networks lists this network; remove keep_best"
            )
        if all(0 not in sparsities for sparsities in pruned["methods"].values()):
            raise UserError(
                f"config pruning.networks.{name}.methods: no method has the sparsity 0, with "
                "which all others are compared; add 0 to one of them"
            )
    if not any(pruned["converted_seeds"] for pruned in pruning["networks"].values()):
        raise UserError(
            "config pruning.networks: converted_seeds is 0 for every network, but the study "
            "shows what pruning does to spikes; convert at least one seed of one of them"
        )
    begin, end = pruning["schedule"]["begin"], pruning["schedule"]["end"]
    if begin >= end:
        raise UserError(
            f"config pruning.schedule: begin {begin} must be less than end {end}; both are "
            "shares of the training, 0 to 1"
        )


def _check_range(config: Config) -> None:
    low, high = config["findings"]["operating_range"]
    if low >= high:
        raise UserError(
            f"config findings.operating_range: found {low} before {high}; give the lower one first"
        )


def _check_first_steps(config: Config) -> None:
    """Check the network of the last notebook."""
    shown = config["first_steps"]["study_network"]
    studied = config["study"]["networks"]
    if "first_steps" not in config["study"]["parts"]:
        return
    network = shown.get("network", studied[0])
    if network not in studied:
        key = f"first_steps.study_network.network: {network!r}"
        raise UserError(unknown(key, network, studied))
    seeds = seeds_of(config, network)
    if shown.get("seed", seeds[0]) not in seeds:
        raise UserError(
            f"config first_steps.study_network.seed: found {shown['seed']}; "
            f"the seeds of {network} are {listed(seeds)}"
        )


def _check_published(config: Config) -> None:
    published = published_slice(config)
    if published is None:
        return
    network = config["published"]["network"]
    studied = config["study"]["networks"]
    if network not in studied:
        raise UserError(unknown(f"published.network: {network!r}", network, studied))
    if missing := _unswept(published["settings"], sweep_slice(config, network)):
        raise UserError(
            f"config published.settings: {missing[0]} is not in synapse_and_scaling; add it "
            "there, or remove it here"
        )


def _check_files(config: Config) -> None:
    """Check the user's files that the study's networks, and the bases of variants, need."""
    variants = pruned_networks(config) | preprocessed_networks(config)
    bases = [base_of(config, name) for name in variants]
    for name in dict.fromkeys([*config["study"]["networks"], *bases]):
        network = config["networks"][name]
        dataset = config["datasets"][network["dataset"]]
        if missing := missing_files(dataset):
            folders = dataset["format"] == "image_folders"
            raise UserError(
                f"config datasets.{network['dataset']}: {_told_missing(missing[0], folders)}"
            )
        _check_arrays(network["dataset"], dataset)
        _check_test_part(network["dataset"], dataset)
        if "file" in network:
            _check_seeds(name, network)
            for seed in seeds_of(config, name):
                _check_keras_file(name, file_of(config, name, seed), dataset, "adapt" in network)


def _told_missing(path: str, folder: bool = False) -> str:
    if Path(path).exists():
        found, wanted = ("a file", "a folder") if folder else ("a folder", "a file")
        return f"{path} is {found}; give {wanted}"
    return f"{path} does not exist; paths are relative to the folder that snakemake runs in"


def _check_arrays(name: str, dataset: Config) -> None:
    """An archive that can be read holds the arrays that are read."""
    found = array_names(dataset["path"]) if dataset["format"] == "npz" else []
    if found and (told := told_lacking(dataset["path"], found)):
        raise UserError(f"config datasets.{name}: {told}")


def _check_test_part(name: str, dataset: Config) -> None:
    """There is one, or a share of the training images to hold out, and not both."""
    own = has_test(dataset)
    if own is not None and own == ("test_share" in dataset):
        folders = dataset["format"] == "image_folders"
        part = "test" if folders else "x_test"
        found = f"both {part} and" if own else f"neither {part} nor"
        wanted = "the folder of the test images" if folders else "x_test and y_test in the archive"
        raise UserError(
            f"config datasets.{name}: found {found} test_share; give {wanted}, or the "
            "share of the training images (0 to 1) to hold out"
        )


def _check_seeds(name: str, network: Config) -> None:
    if ("{seed}" in network["file"]) != ("seeds" in network):
        raise UserError(
            f"config networks.{name}: several trainings of one network are a file with "
            "{seed} in its name, and the list of its seeds; give both or neither"
        )


def _check_keras_file(name: str, file: str, dataset: Config, adapt: bool) -> None:
    if not Path(file).exists():
        raise UserError(f"config networks.{name}.file: {_told_missing(file)}")
    try:
        described = read_keras_file(file, adapt=adapt)
        check_fit(file, described, *peek(dataset))
    except UserError as error:
        raise UserError(f"config networks.{name}.file: {error}") from None
    if adapt and not described.replaced:
        raise UserError(
            f"config networks.{name}.adapt: every layer of {file} converts, so that nothing would "
            "be replaced; remove adapt"
        )


def _unswept(settings: list[Config], sweep: Config) -> list[str]:
    return [
        f"synapse {setting['synapse_s']}, scale {setting['scale_firing_rates']}, "
        f"{setting['steps']} steps"
        for setting in settings
        if setting["synapse_s"] not in sweep["synapse_s"]
        or setting["scale_firing_rates"] not in sweep["scale_firing_rates"]
        or setting["steps"] > sweep["steps"]
    ]
