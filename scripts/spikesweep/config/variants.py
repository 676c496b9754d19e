"""Variants of a network: pruned, or trained with a preprocessing technique.

A variant is a network like any other: it has a name, an entry, seeds; it is trained,
converted and swept by the same rules. Its name says which network it is derived from and how it
differs.
"""

from typing import Any

from spikesweep.training.techniques import resolve

Config = dict[str, Any]


def pruned_networks(config: Config) -> dict[str, Config]:
    """Base network, method and sparsity by name: `pruning/mnist_small_cnn/magnitude_80`."""
    if "pruning" not in config["study"]["parts"]:
        return {}
    return {
        f"pruning/{base}/{method}_{100 * sparsity:g}": {
            "base": base,
            "method": method,
            "sparsity": sparsity,
        }
        for base, pruned in config["pruning"]["networks"].items()
        for method, sparsities in pruned["methods"].items()
        for sparsity in sparsities
    }


def preprocessed_networks(config: Config) -> dict[str, Config]:
    """Base network and technique of each variant by its name: `preprocessing/mnist_few/shift`."""
    if "preprocessing" not in config["study"]["parts"]:
        return {}
    return {
        f"preprocessing/{base}/{technique}": {"base": base, "technique": technique}
        for base, techniques in config["preprocessing"]["tests"].items()
        for technique in techniques
    }


def base_of(config: Config, network: str) -> str:
    """The network that a variant is made from; any other network is its own base."""
    if network in config["networks"]:
        return network
    base: str = (pruned_networks(config) | preprocessed_networks(config))[network]["base"]
    return base


def entry_of(config: Config, network: str) -> Config:
    """The config entry of a network; for a variant, with what its technique changes.

    Raises UserError for a technique that the config does not define.
    """
    entry = config["networks"][base_of(config, network)]
    variant = preprocessed_networks(config).get(network)
    if variant is None:
        return entry
    return resolve(entry, config["preprocessing"]["techniques"], variant["technique"])


def study_of(network: str) -> str | None:
    """The study that a variant belongs to, `pruning` or `preprocessing`; None for a network."""
    return network.split("/")[0] if "/" in network else None
