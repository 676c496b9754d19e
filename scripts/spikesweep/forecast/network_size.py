"""How large a network of the config is: what one image costs in training and simulation."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

# Height and channels of images; of a user's own dataset, those of CIFAR-10 are taken.
_IMAGES = {"mnist": (28, 1)}
_OTHER_IMAGES = (32, 3)
# Of a network in a file, whose layers no config states.
_UNKNOWN = 1.0


def entry_of(networks: Mapping[str, Any], network: str) -> Mapping[str, Any]:
    """The entry of a network; of a variant, such as `pruning/<network>/…`, of its network."""
    found: Mapping[str, Any] | None = networks.get(network)
    if found is None and "/" in network:
        found = networks.get(network.split("/")[1])
    return found or {}


def scaled_layers(network: Mapping[str, Any]) -> int | None:
    """How many layers of a network can have a scale each; None of a user's file."""
    options = network.get("options", {})
    if blocks := options.get("blocks"):
        # Two a block, besides the first of the network and, with averages, of each stage.
        return 1 + (len(blocks) if options["pooled"] else 0) + 2 * sum(blocks)
    layers = options.get("units") or options.get("filters")
    return len(layers) if layers else None


def image_height(network: Mapping[str, Any]) -> int:
    """Height of the network's images in pixels."""
    return _IMAGES.get(network.get("dataset", ""), _OTHER_IMAGES)[0]


def million_multiply_adds(network: Mapping[str, Any]) -> float:
    """Multiply-adds of one image, in millions, without the last layer; 1 of a user's file."""
    options = network.get("options", {})
    height, channels = _IMAGES.get(network.get("dataset", ""), _OTHER_IMAGES)
    if "units" in options:
        sizes = [height * height * channels, *options["units"]]
        return sum(a * b for a, b in pairwise(sizes)) / 1e6
    if "filters" not in options:
        return _UNKNOWN
    convolutions = (
        _of_residual(options)
        if "blocks" in options
        else list(zip(options["filters"], options["strides"], strict=True))
    )
    kernel = options.get("kernel_size", 3) ** 2
    total = 0
    for width, stride in convolutions:
        height = math.ceil(height / stride)
        total += kernel * channels * width * height * height
        channels = width
    return total / 1e6


def _of_residual(options: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Channels and strides of the convolutions, shortcuts left out.

    With averages, a stage becomes smaller behind its own convolution, else in its first block.
    """
    found = [(options["first"], options.get("first_stride", 1))]
    smaller_next = 1
    for width, blocks, stride in zip(
        options["filters"], options["blocks"], options["strides"], strict=True
    ):
        if options["pooled"]:
            found.append((width, smaller_next))
            found += [(width, stride if not number else 1) for number in range(2 * blocks)]
            smaller_next = 1 if blocks else stride
        else:
            found += [(width, stride if not number else 1) for number in range(2 * blocks)]
    return found
