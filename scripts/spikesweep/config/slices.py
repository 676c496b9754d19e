"""The slices of the config that jobs get: only what decides their results.

So a change reruns only what depends on it. Snakemake compares slices as text: keys are sorted,
values are plain.
"""

from collections.abc import Iterable
from typing import Any

from spikesweep.config.variants import (
    base_of,
    entry_of,
    preprocessed_networks,
    pruned_networks,
    study_of,
)
from spikesweep.data.peek import has_validation
from spikesweep.networks import registry
from spikesweep.networks.keras_file import read_keras_file
from spikesweep.networks.kinds import RESIDUAL, kind_of_architecture, kind_of_layers
from spikesweep.parts import Figure, figure_named, part_of_figure
from spikesweep.snn.draws import draws_of_voltages
from spikesweep.snn.neurons import bending, neuron_from

Config = dict[str, Any]

# The part of a study that `spikes_or_neuron` repeats under this name; the sweep always runs.
REPEATED_PARTS = {"layers": "layer_scaling", "rates": "rate_transfer"}


def seeds_of(config: Config, network: str) -> list[int]:
    """Seeds of a network: those it is trained from; 0 for a user's file, unless it has several.

    Those of a variant are its study's.
    """
    study = study_of(network)
    seeds: list[int] = (
        config["networks"][network].get("seeds", [0]) if study is None else config[study]["seeds"]
    )
    return seeds


def residual_networks(config: Config) -> list[str]:
    """The networks of the study with skip paths, whose spikes a relay would pass on as they are.

    There are none if rates are not proportional to currents.
    """
    if bending(neuron_from(config["conversion"])) is not None:
        return []
    return [name for name in config["study"]["networks"] if _kind(config, name) == RESIDUAL]


def file_of(config: Config, network: str, seed: int) -> str:
    """A user's file of one seed: `{seed}` in its name stands for the seed."""
    # Not `format`: other braces in a name are part of it.
    return config["networks"][network]["file"].replace("{seed}", str(seed))


def section_of(config: Config, section: str, network: str) -> Config:
    """The section of a study, with what is said of this network alone."""
    entry = config["networks"].get(network, {})
    found: Config = config[section] | entry.get("studies", {}).get(section, {})
    return found


def converted_seeds_of(config: Config, network: str) -> list[int]:
    """Those seeds of a network that also become spiking networks."""
    seeds = seeds_of(config, network)
    match study_of(network):
        case "pruning":
            pruned = config["pruning"]["networks"][base_of(config, network)]
            return seeds[: pruned["converted_seeds"]]
        case "preprocessing":
            return seeds[: config["preprocessing"]["converted_seeds"]]
    return seeds


def dataset_slice(config: Config, dataset: str) -> Config:
    """What decides the prepared dataset."""
    return _sorted(config["datasets"][dataset])


def training_slice(config: Config, network: str) -> Config:
    """What decides the trained (or imported) network, besides seed and architecture's code."""
    entry = entry_of(config, network)
    # Dataset, file and seed reach the job as its input and wildcard.
    left_out = ("dataset", "seeds", "file", "studies")
    chosen = {key: entry[key] for key in entry if key not in left_out}
    # As the name of an argument it would hide Python's own `input`.
    if "input" in chosen:
        chosen["input_kind"] = chosen.pop("input")
    return _sorted(chosen)


def training_threads(config: Config, network: str) -> int:
    """How many threads the training of a network uses, whatever the machine has."""
    return entry_of(config, network)["training"].get("threads", 1)


def architecture_module(config: Config, network: str) -> str:
    """The module that builds the network; its code decides the trained network, too."""
    return registry.architecture_module(entry_of(config, network)["architecture"])


def pruning_slice(config: Config, network: str) -> Config:
    """What decides one pruned network, besides its seed."""
    pruning = config["pruning"]
    pruned = pruned_networks(config)[network]
    return _sorted(
        {
            **training_slice(config, network),
            **{key: pruned[key] for key in ("method", "sparsity")},
            "start": pruning["start"],
            "schedule": pruning["schedule"],
        }
    )


def pruning_analysis_slice(config: Config) -> Config:
    """What decides the tables of the pruning study."""
    return {
        "confidence": config["statistics"]["confidence"],
        "knee_margins": config["pruning"]["knee_margins"],
    }


def conversion_slice(config: Config) -> Config:
    """What decides the spiking network."""
    return _sorted(config["conversion"])


def sweep_slice(config: Config, network: str) -> Config:
    """What decides the synapse-and-scaling sweep of a network; variants have few settings."""
    study = study_of(network)
    sweep = config[study]["sweep"] if study else section_of(config, "synapse_and_scaling", network)
    return _sorted(
        {
            **sweep,
            **config["simulation"],
            "synapse_s": [_synapse(value) for value in sweep["synapse_s"]],
        }
    )


def firing_rates_slice(config: Config, network: str) -> Config:
    """What decides the firing rates of a network."""
    rates = section_of(config, "firing_rates", network)
    return _sorted(
        {
            **{key: rates[key] for key in ("steps", "images", "images_seed")},
            **config["simulation"],
            "settings": _settings(rates["settings"], network),
            "confidence": config["statistics"]["confidence"],
        }
    )


def agreement_slice(config: Config, network: str) -> Config:
    """What decides the comparison of the engines on a network."""
    agreement = section_of(config, "engine_agreement", network)
    return _sorted(
        {
            **{key: agreement[key] for key in ("steps", "images", "images_seed")},
            "settings": _settings(agreement["settings"], network),
            "engine": config["simulation"]["engine"],
        }
    )


def simulation_slice(config: Config, section: str, network: str) -> Config:
    """What decides a study that simulates a network: its section, and how."""
    return _sorted(_simulated(config, section, network))


def confidence_slice(config: Config) -> Config:
    """What decides tables whose only choice is the confidence of their intervals."""
    return {"confidence": config["statistics"]["confidence"]}


def neuron_comparison_slice(config: Config) -> Config:
    """What decides how neurons compare, once they were simulated."""
    return {"accuracy_margin": config["report"]["accuracy_margin"]} | confidence_slice(config)


def spikes_or_neuron_slice(config: Config, network: str) -> Config:
    """What decides a network's answers in other ways: of the studies that run, what they ask."""
    study = _simulated(config, "spikes_or_neuron", network)
    swept = {key: study.pop(key) for key in ("synapse_s", "scale_firing_rates")}
    tried, repeated = study.pop("tried_images"), study.pop("repeated")
    # Few images: a draw takes as long to prepare as many of them to simulate.
    study["voltage_draws"] = min(study["voltage_draws"], 4)
    asked = {
        "sweep": swept | {"steps": section_of(config, "synapse_and_scaling", network)["steps"]},
        "layers": _asked_of_layers(config, "layer_scaling", network, points=2),
        # Trying rates takes most of the time, so only the highest point is looked for.
        "rates": _asked_of_layers(config, "rate_transfer", network, points=1) | {"tried_on": tried},
    }
    parts = config["study"]["parts"]
    run = [name for name in repeated if REPEATED_PARTS.get(name) in (None, *parts)]
    return _sorted(study | {name: asked[name] for name in run})


def _asked_of_layers(config: Config, section: str, network: str, points: int) -> Config:
    """What a study of layers asks, at so many of its operating points, the highest."""
    study = _simulated(config, section, network)
    keys = ("steps", "synapse_s", "factors", "slow_factor")
    highest = sorted(study["operating_points"])[-points:]
    return {key: study[key] for key in keys if key in study} | {"operating_points": highest}


def claims_by_way_slice(config: Config) -> Config:
    """What decides the verdicts in other ways; as for the findings, and the neuron as converted."""
    return findings_slice(config) | {"neuron": config["conversion"]["neuron"]}


def rate_benefit_slice(config: Config) -> Config:
    """What decides how the gain from scaling is related to the firing rates."""
    return _sorted(config["statistics"])


def recommendation_slice(config: Config, network: str) -> Config:
    """What decides the search for a network's cheapest setting."""
    search = _simulated(config, "recommendation", network)
    for key in ("check_images", "check_images_seed", "baselines"):
        del search[key]
    return _sorted(
        {
            **search,
            "seeds": seeds_of(config, network),
            "validation_images": _kept_apart(config, network),
        }
    )


def _kept_apart(config: Config, network: str) -> int | str | None:
    """How many images training kept apart; of a user's file, the dataset's own part or unknown."""
    entry = config["networks"][network]
    if "training" in entry:
        return entry["training"]["validation_images"]
    return "own" if has_validation(config["datasets"][entry["dataset"]]) else None


def recommendation_choice_slice(config: Config, network: str) -> Config:
    """What decides which of the settings that were searched is recommended."""
    statistics = config["statistics"]
    return _sorted(
        {
            **recommendation_slice(config, network),
            "confidence": statistics["confidence"],
            "bootstrap": statistics["bootstrap"],
            "bootstrap_seed": statistics["seed"],
        }
    )


def baselines_slice(config: Config, network: str) -> Config:
    """What decides the comparison with published scales, of a network's first seeds."""
    baselines = section_of(config, "recommendation", network)["baselines"]
    return _sorted(
        {
            **recommendation_choice_slice(config, network),
            "seeds": baseline_seeds_of(config, network),
            "baselines": baselines,
        }
    )


def baseline_seeds_of(config: Config, network: str) -> list[int]:
    """The seeds on which published scales are compared with ours."""
    baselines = section_of(config, "recommendation", network)["baselines"]
    return seeds_of(config, network)[: baselines["seeds"]]


def recommendation_check_slice(config: Config, network: str) -> Config:
    """What decides the check of a recommended setting on images that the search did not see."""
    recommendation = section_of(config, "recommendation", network)
    return _sorted(
        {
            "images": recommendation["check_images"],
            "images_seed": recommendation["check_images_seed"],
            "accuracy_margin": recommendation["accuracy_margin"],
            "confidence": config["statistics"]["confidence"],
            **config["simulation"],
        }
    )


def export_slice(config: Config) -> Config:
    """What decides the files of an exported network, and what is measured of them."""
    measured = {key: value for key, value in config["export"].items() if key != "replayed_images"}
    return _sorted(measured | exported_files_slice(config))


def replay_slice(config: Config) -> Config:
    """What decides what other simulators make of an exported network."""
    return _sorted(
        {
            **{key: config["export"][key] for key in ("replayed_images", "played_images")},
            "images_seed": config["export"]["images_seed"],
            "engine": config["simulation"]["engine"],
            "accuracy_margin": config["report"]["accuracy_margin"],
        }
    )


def exported_files_slice(config: Config) -> Config:
    """What decides the files of an exported network, of which nothing is measured."""
    return _sorted(
        {
            "example_image": config["export"]["example_image"],
            "engine": config["simulation"]["engine"],
            "accuracy_margin": config["report"]["accuracy_margin"],
        }
    )


def findings_slice(config: Config) -> Config:
    """What decides the verdicts on the claims; networks with their kinds, in order."""
    networks = config["study"]["networks"]
    facts = config["findings"] | config["statistics"]
    # Why a table may be empty.
    facts |= {"rate_transfer_runs": "rate_transfer" in config["study"]["parts"]}
    facts |= {"rates_bend": bending(neuron_from(config["conversion"])) is not None}
    facts |= {"accuracy_margin": config["report"]["accuracy_margin"]}
    facts |= {"operating_range": sorted(facts["operating_range"])}
    kinds = {name: _kind(config, name) for name in networks}
    return _sorted(facts) | {"networks": kinds}


def first_steps_slice(config: Config, notebook: str) -> Config:
    """The parameters of one notebook."""
    parameters = config["first_steps"][notebook]
    if notebook == "study_network":
        network = parameters.get("network", config["study"]["networks"][0])
        parameters = {"network": network, "seed": seeds_of(config, network)[0]} | parameters
    return _sorted(parameters)


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


def figure_slice(config: Config, name: str, of: str | None = None) -> Config:
    """What decides a figure's look, of one network or dataset where each has its own figure."""
    figure, figures = figure_named(name), config["figures"]
    look = {"title": figure.title}
    if figure.colours:
        look["palette"] = figures["palettes"][figure.colours]
    for section, value in (path.split(".") for path in figure.also):
        look[value] = config[section][value]
    look |= figures.get(name, {})
    return _sorted(look) | _labels(config, figure, of)


def _labels(config: Config, figure: Figure, of: str | None) -> Config:
    """The names that a figure shows; several in the order of the study."""
    part = part_of_figure(figure.name).key
    if figure.of != "study":
        return {f"{figure.of}_label": _label(config, figure.of, of)}
    if part == "findings":
        # The claim on pruning is judged on networks of its own.
        pruned = (base_of(config, name) for name in pruned_networks(config))
        networks = [*config["study"]["networks"], *pruned]
        return {"network_labels": _labels_of(config, dict.fromkeys(networks))}
    if part == "pruning":
        return {"network_labels": _labels_of(config, config["pruning"]["networks"])}
    if part == "preprocessing":
        return {"network_labels": _labels_of(config, config["preprocessing"]["tests"])}
    return {"network_labels": _network_labels(config)}


def main_numbers_slice(config: Config) -> Config:
    """What decides the main numbers."""
    return {"accuracy_margin": config["report"]["accuracy_margin"]}


def resolved(config: Config) -> Config:
    """The whole config with all overlays merged, whatever their order."""
    return _sorted(config)


def report_slice(config: Config) -> Config:
    """What decides the words in the report."""
    return {
        "title": config["report"]["title"],
        "results": config["results"],
        "draws": draws_of_voltages(
            config["conversion"]["initial_voltages"], config["simulation"]["voltage_draws"]
        ),
        "only_files": all(
            "file" in config["networks"][name] for name in config["study"]["networks"]
        ),
        "parts": config["study"]["parts"],
        "pruned": list(pruned_networks(config)),
        "base_labels": {
            name: _label(config, "network", name)
            for name in config["networks"]
            if name not in config["study"]["networks"]
        },
        "network_labels": _network_labels(config),
        "dataset_labels": {name: _label(config, "dataset", name) for name in datasets_of(config)},
        "bending": bending(neuron_from(config["conversion"])),
        "published_source": config.get("published", {}).get("source"),
        "confidence": config["statistics"]["confidence"],
        # Images and steps, by network.
        "probed": {
            name: {
                key: section_of(config, "firing_rates", name)[key] for key in ("images", "steps")
            }
            for name in config["study"]["networks"]
        },
    }


def datasets_of(config: Config) -> list[str]:
    """The datasets that the study's networks and variants use, each once, in their order."""
    variants = [*pruned_networks(config), *preprocessed_networks(config)]
    networks = config["study"]["networks"] + [base_of(config, name) for name in variants]
    return list(dict.fromkeys(config["networks"][name]["dataset"] for name in networks))


def _network_labels(config: Config) -> Config:
    # In the order of the study, as figures and tables show them.
    return _labels_of(config, config["study"]["networks"])


def _labels_of(config: Config, networks: Iterable[str]) -> Config:
    return {name: _label(config, "network", name) for name in networks}


def _kind(config: Config, network: str) -> str:
    """Kind of a network: as its architecture declares it, or as the layers of its file tell."""
    entry = config["networks"][network]
    if "file" in entry:
        file = file_of(config, network, seeds_of(config, network)[0])
        described = read_keras_file(file, adapt="adapt" in entry)
        return kind_of_layers(described.layer_types)
    return kind_of_architecture(entry["architecture"])


def _simulated(config: Config, section: str, network: str) -> Config:
    """A section whose study simulates a network, with how it does so."""
    found = section_of(config, section, network) | config["simulation"]
    one_or_more = found["synapse_s"]
    found["synapse_s"] = (
        [_synapse(value) for value in one_or_more]
        if isinstance(one_or_more, list)
        else _synapse(one_or_more)
    )
    return found


def _label(config: Config, kind: str, name: str | None) -> str:
    return config["figures"][f"{kind}_labels"].get(name, name)


def _settings(entries: Iterable[Config], network: str | None = None) -> list[Config]:
    """The settings that are for this network: those that name it, or none."""
    return [
        _sorted({**entry, "synapse_s": _synapse(entry["synapse_s"])})
        for entry in entries
        if entry.get("network", network) == network
    ]


def _synapse(value: float | str | None) -> float | None:
    # YAML reads `none` as a word; `null` and `~` mean the same.
    return None if value is None or value == "none" else float(value)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value
