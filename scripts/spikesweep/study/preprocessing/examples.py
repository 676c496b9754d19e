"""A few training images as networks see them under each technique."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from spikesweep.data.dataset import Dataset
from spikesweep.data.inputs import scale_images
from spikesweep.data.scaling import PIXEL_SCALE
from spikesweep.data.splits import subset
from spikesweep.study.preprocessing.baseline import BASELINE
from spikesweep.study.preprocessing.names import base_and_technique
from spikesweep.training.batches import augment
from spikesweep.training.images import choose_images
from spikesweep.training.network_input import NetworkInput, network_input
from spikesweep.training.settings import TrainingSettings


@dataclass(frozen=True, eq=False)
class Examples:
    """What one network sees under each technique.

    label: the network's. images: by technique, (N, H, W, C) float, the same images in each.
    alike: techniques under which it sees them as it would without any.
    """

    label: str
    images: Mapping[str, np.ndarray]
    alike: tuple[str, ...]


def examples_of_networks(
    datasets: Mapping[str, Dataset],
    variants: Mapping[str, Mapping[str, Any]],
    *,
    network_labels: Mapping[str, str],
    count: int,
) -> list[Examples]:
    """Examples of each network that techniques are tried on.

    variants: by name, `preprocessing/<network>/<technique>`: `dataset`, its key in `datasets`,
    the seed, and `entry`, what decides how the images look (see `techniques.image_settings`).
    """
    by_network: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name, variant in variants.items():
        network, technique = base_and_technique(name)
        by_network.setdefault(network, {})[technique] = variant
    examples = []
    for network, own in by_network.items():
        data = datasets[next(iter(own.values()))["dataset"]]
        plain = own.get(BASELINE, {}).get("entry")
        alike = tuple(n for n, v in own.items() if n != BASELINE and v["entry"] == plain)
        images = {
            technique: seen_images(data, variant["entry"], variant["seed"], count)
            for technique, variant in own.items()
            if technique not in alike
        }
        examples.append(Examples(network_labels.get(network, network), images, alike))
    return examples


def seen_images(dataset: Dataset, entry: Mapping[str, Any], seed: int, count: int) -> np.ndarray:
    """`count` of the images that a network is trained on, as it sees them, (count, H, W, C).

    entry: as `techniques.image_settings` gives it. The images are the same for all techniques
    that are trained on the same images with the same seed.
    """
    # The number of epochs changes no image.
    settings = TrainingSettings(epochs=0, **entry["training"])
    train, _ = choose_images(dataset.y_train, settings, seed)
    seen = network_input(
        entry.get("input", "rescaled"),
        dataset.x_train[train],
        seed,
        entry.get("input_scale", PIXEL_SCALE),
        entry.get("input_offset", 0.0),
    )
    shown = train[subset(dataset.y_train[train], min(count, len(train)), seed)]
    rng = np.random.default_rng(seed)
    return _as_seen(augment(dataset.x_train[shown], settings, rng), seen)


def _as_seen(images: np.ndarray, seen: NetworkInput) -> np.ndarray:
    values = scale_images(images, seen.input_scale, seen.input_offset)
    if seen.whitening is None:
        return values
    kernel = seen.whitening.kernel
    border = [(size // 2, size // 2) for size in kernel.shape[:2]]
    padded = np.pad(values, [(0, 0), *border, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape[:2], axis=(1, 2))
    return np.einsum("nhwcij,ijco->nhwo", windows, kernel) + seen.whitening.bias
