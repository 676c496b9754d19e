"""Whether the datasets have as many images as the config asks for.

Only of the published datasets the sizes are known before anything runs; of others, the jobs tell.
"""

from collections.abc import Iterator
from typing import Any

from spikesweep.config.variants import base_of, preprocessed_networks, pruned_networks
from spikesweep.errors import UserError
from spikesweep.parts import parts_of

Config = dict[str, Any]

# Training and test images.
_SIZES = {"mnist": (60_000, 10_000), "cifar10": (50_000, 10_000)}
# Of each study, the key that says how many test images of a network it shows.
_STUDIES = {
    "synapse_and_scaling": "images",
    "firing_rates": "images",
    "engine_agreement": "images",
    "layer_scaling": "images",
    "rate_transfer": "images",
    "recommendation": "check_images",
}


def check_sizes(config: Config) -> None:
    """Raise UserError if a network is to be trained or tested on more images than there are."""
    for name in _networks(config):
        entry = config["networks"][name]
        sizes = _SIZES.get(config["datasets"][entry["dataset"]]["format"])
        if sizes:
            _check_training(name, entry, sizes[0])
            for key, images in _tests(config, name):
                if images > sizes[1]:
                    raise UserError(
                        f"config {key}: found {images}, but {entry['dataset']} has {sizes[1]} "
                        "test images; give at most as many"
                    )


def _networks(config: Config) -> list[str]:
    """The networks that are studied, and those that have variants."""
    variants = [*pruned_networks(config), *preprocessed_networks(config)]
    bases = [base_of(config, variant) for variant in variants]
    return list(dict.fromkeys([*config["study"]["networks"], *bases]))


def _check_training(name: str, entry: Config, available: int) -> None:
    training = entry.get("training", {})
    validation = training.get("validation_images", 0)
    # Without a number of training images, all that are left are taken: there must be one.
    wanted = validation + training.get("training_images", 1)
    if wanted > available:
        raise UserError(
            f"config networks.{name}.training: validation_images and training_images are {wanted} "
            f"together, but {entry['dataset']} has {available} training images; reduce one of them"
        )


def _tests(config: Config, name: str) -> Iterator[tuple[str, int]]:
    """Keys and numbers of test images of the studies that show a network."""
    if name in config["study"]["networks"]:
        for section, key in _STUDIES.items():
            if section in {part.key for part in parts_of(config["study"]["parts"])}:
                yield f"{section}.{key}", config[section][key]
    for study, networks in (
        ("pruning", pruned_networks(config)),
        ("preprocessing", preprocessed_networks(config)),
    ):
        if any(base_of(config, variant) == name for variant in networks):
            yield f"{study}.sweep.images", config[study]["sweep"]["images"]
