"""Whether the datasets have as many images as the config asks for.

Networks may be trained on a user's own images, of which there must be enough. Of test images the
studies take as many of a user's as there are; a published dataset is known to have its number.
"""

from collections.abc import Iterator
from typing import Any

from spikesweep.config.slices import section_of
from spikesweep.config.variants import base_of, preprocessed_networks, pruned_networks
from spikesweep.data.peek import training_images
from spikesweep.data.vault import vault_size
from spikesweep.errors import UserError
from spikesweep.parts import parts_of

Config = dict[str, Any]

# Training and test images.
_SIZES = {"mnist": (60_000, 10_000), "cifar10": (50_000, 10_000)}
# The studies that show a network so many of the open test images as their `images` say.
_STUDIES = (
    "synapse_and_scaling",
    "settling",
    "skip_paths",
    "neuron_cost",
    "spikes_or_neuron",
    "firing_rates",
    "engine_agreement",
    "layer_scaling",
    "rate_transfer",
    "export",
)


def check_sizes(config: Config) -> None:
    """Raise UserError if a network is to be trained or tested on more images than there are."""
    for name in _networks(config):
        entry = config["networks"][name]
        dataset = config["datasets"][entry["dataset"]]
        train, test = _SIZES.get(dataset["format"], (None, None))
        if "training" in entry and (available := train or training_images(dataset)):
            _check_training(name, entry, available)
        if test:
            _check_tests(config, name, test)


def _networks(config: Config) -> list[str]:
    """The networks that are studied, and those that have variants."""
    variants = [*pruned_networks(config), *preprocessed_networks(config)]
    bases = [base_of(config, variant) for variant in variants]
    return list(dict.fromkeys([*config["study"]["networks"], *bases]))


def _check_training(name: str, entry: Config, available: int) -> None:
    training = entry["training"]
    validation = training.get("validation_images", 0)
    # Without a number of training images, all that are left are taken: there must be one.
    wanted = validation + training.get("training_images", 1)
    if wanted > available:
        raise UserError(
            f"config networks.{name}.training: validation_images and training_images are {wanted} "
            f"together, but {entry['dataset']} has {available} training images; reduce one of them"
        )


def _check_tests(config: Config, name: str, available: int) -> None:
    """Studies share the open test images; the vault is for the check of the recommendation."""
    dataset, vault = config["networks"][name]["dataset"], vault_size(available)
    for key, images in _tests(config, name):
        if images > available - vault:
            raise UserError(
                f"config {key}: found {images}, but of the {available} test images of {dataset} "
                f"{vault} are for the check of the recommendation only; give at most "
                f"{available - vault}"
            )
    images = section_of(config, "recommendation", name)["check_images"]
    if "recommendation" in _studies(config, name) and images > vault:
        raise UserError(
            f"config recommendation.check_images: found {images}, but of the {available} test "
            f"images of {dataset} {vault} are for this check; give at most as many"
        )
    _check_shown(config, name, available - vault)


def _check_shown(config: Config, name: str, images: int) -> None:
    """The open test images that are shown by their index, of which the first is 0, are there."""
    studies = _studies(config, name)
    notebook = config["first_steps"]["study_network"]
    in_notebook = notebook.get("network", config["study"]["networks"][0]) == name
    bases = {base_of(config, variant) for variant in pruned_networks(config)}
    exported = "export" in config["study"]["parts"] and ("export" in studies or name in bases)
    shown = (
        ("export.example_image", exported, config["export"]["example_image"]),
        (
            "first_steps.study_network.image",
            in_notebook and "first_steps" in studies,
            notebook["image"],
        ),
    )
    for key, runs, index in shown:
        if runs and index >= images:
            raise UserError(f"config {key}: found {index}; give at most {images - 1}")


def _tests(config: Config, name: str) -> Iterator[tuple[str, int]]:
    """Keys and numbers of open test images of the studies that show a network."""
    studies = _studies(config, name)
    for section in _STUDIES:
        if section in studies:
            yield f"{section}.images", section_of(config, section, name)["images"]
    if "neuron_cost" in studies:
        standard = section_of(config, "neuron_cost", name)["standard"]
        yield "neuron_cost.standard.images", standard["images"]
    if "export" in studies:
        yield "export.replayed_images", config["export"]["replayed_images"]
    for study, networks in (
        ("pruning", pruned_networks(config)),
        ("preprocessing", preprocessed_networks(config)),
    ):
        if any(base_of(config, variant) == name for variant in networks):
            yield f"{study}.sweep.images", config[study]["sweep"]["images"]


def _studies(config: Config, name: str) -> set[str]:
    """The studies that run and show a network, other than those of its variants."""
    if name not in config["study"]["networks"]:
        return set()
    return {part.key for part in parts_of(config["study"]["parts"])}
