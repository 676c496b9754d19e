"""How much work is in a job, told from its slice of the config and the size of its network.

In million multiply-adds, as if nothing were shared between settings: twice as much takes about
twice as long with the same rule and network, once the programs have started.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from spikesweep.forecast.network_size import image_height, million_multiply_adds, scaled_layers

# Training images that no config states: those of MNIST and CIFAR-10, about.
_ALL_IMAGES = 50_000
# Methods of a search that go through layers and scales.
_METHODS_BY_LAYER = 3
# Axes of a study: all of their combinations are simulated.
_AXES = (
    *("synapse_s", "scale_firing_rates", "factors", "operating_points"),
    *("neurons", "initial_voltages", "settings"),
)


def work_in(config: Any, network: Mapping[str, Any] | None = None) -> float:
    """The work that a slice of the config asks for; 0 if it does not decide how long a job takes.

    network: the entry of the network that the job is about, if it is about one.
    """
    if not isinstance(config, Mapping):
        return 0
    network = network or {}
    size = million_multiply_adds(network)
    if "training" in config:
        return size * _training(config["training"], image_height(network))
    if "trials" in config:
        return size * _searching(config, scaled_layers(network))
    if "images" in config:
        return size * _simulating(config)
    return 0


def _training(training: Mapping[str, Any], height: int) -> float:
    """Whole images shown in all epochs; a smaller one counts for its share of the pixels."""
    images = training["epochs"] * training.get("training_images", _ALL_IMAGES)
    return float(images * _mean_area(training.get("image_sizes", []), height))


def _mean_area(parts: Sequence[Mapping[str, float]], height: int) -> float:
    """Mean of the images' areas during a training, as a share of the area of whole images."""
    begins, area = 0.0, 0.0
    for part in parts:
        area += (part["until"] - begins) * min(1, part["size"] / height) ** 2
        begins = part["until"]
    return area + 1 - begins


def _searching(search: Mapping[str, Any], layers: int | None) -> float:
    """Image-steps of the trials of a search, of the choice, or of the methods compared with it."""
    if baselines := search.get("baselines"):
        images, tried = baselines["images"], len(baselines["methods"]) * baselines["judged"]
    elif "bootstrap" in search:
        # The choice looks at the best few settings, on other images.
        images, tried = search["confirm_images"], 1
    else:
        images, tried = search["images"], _tried(search, layers)
    networks = len(search["seeds"]) * search["voltage_draws"]
    return float(networks * tried * images * _last(search["steps"]))


def _tried(search: Mapping[str, Any], layers: int | None) -> int:
    """How many settings a search tries: all of a small space, of which every method reads.

    In a large one, three methods change one layer after the other, besides those that are drawn.
    """
    trials: int = search["trials"]
    if layers is None:
        return trials
    synapses, scales = _length(search["synapse_s"]), len(search["scales"])
    space: int = scales**layers * synapses
    return (
        space
        if space <= search["exhaustive_up_to"]
        else trials + _METHODS_BY_LAYER * layers * scales * synapses
    )


def _simulating(study: Mapping[str, Any]) -> float:
    """Image-steps of all settings and draws."""
    settings = math.prod(_length(study[axis]) for axis in _AXES if axis in study)
    steps = _last(study.get("read_at", study.get("steps", 1)))
    return float(study["images"] * steps * study.get("voltage_draws", 1) * settings)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, list) else 1


def _last(value: Any) -> float:
    return float(max(value)) if isinstance(value, list) else float(value)
