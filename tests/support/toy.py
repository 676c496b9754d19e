"""Tiny datasets whose answer is known, networks trained in seconds, and studies of them."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import yaml
from checkout import Checkout

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)

Part = tuple[np.ndarray, np.ndarray]
# Where cases keep what a user would bring.
BROUGHT = "brought"
NPZ = {"format": "npz", "path": f"{BROUGHT}/d.npz"}


def blobs(
    count: int, shape: tuple[int, ...] = (12, 12, 1), classes: int = 4, seed: int = 0
) -> Part:
    """Images (count, *shape) uint8; class k is brighter in the k-th strip of the longer side."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    # Noise and 100 fit a byte.
    images = rng.integers(0, 150, (count, *shape), dtype=np.uint8)
    axis = 1 if shape[0] >= shape[1] else 2
    width = shape[axis - 1] // classes
    assert width, "more classes than pixels along the longer side"
    for k in range(classes):
        strip: list[Any] = [labels == k, slice(None), slice(None)]
        strip[axis] = slice(k * width, (k + 1) * width)
        images[tuple(strip)] += 100
    return images, labels.astype(np.int64)


def write_npz(path: Path, train: int = 2000, test: int = 400, **options: Any) -> tuple[Part, Part]:
    """Write a dataset, and return its two parts, each (images, labels)."""
    (x, y), (u, v) = blobs(train, seed=1, **options), blobs(test, seed=2, **options)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, x_train=x, y_train=y, x_test=u, y_test=v)
    return (x, y), (u, v)


def fit(
    model: Any, train: Part, *, epochs: int = 3, logits: bool = True, scale: float = 1 / 255
) -> Any:
    """Train a network of Keras 3 or tf_keras, and return it."""
    library = library_of(model)
    loss = library.losses.SparseCategoricalCrossentropy(from_logits=logits)
    model.compile(optimizer="adam", loss=loss)
    images = (train[0] * scale).astype("float32")
    model.fit(images, train[1], batch_size=64, epochs=epochs, verbose=0)
    return model


def library_of(model: Any) -> ModuleType:
    return sys.modules[type(model).__module__.split(".")[0]]


def write_study(
    checkout: Checkout,
    name: str,
    file: str,
    dataset: dict[str, Any],
    network: dict[str, Any] | None = None,
    **changes: Any,
) -> str:
    """Write a small overlay for one file of a user, and return its name; results/<name> is its own.

    network: more keys of its entry. changes: maps laid over the overlay.
    """
    config: dict[str, Any] = {
        "results": f"results/{name}",
        "study": {"networks": ["net"], "parts": []},
        "datasets": {"d": dataset},
        "networks": {"net": {"dataset": "d", "file": f"{BROUGHT}/{file}", **(network or {})}},
        "synapse_and_scaling": {
            "synapse_s": ["none", 0.005, 0.01],
            "scale_firing_rates": [1, 10, 100, 1000],
            "steps": 60,
            "images": 200,
        },
        "firing_rates": {"steps": 200, "images": 40},
        "engine_agreement": {"steps": 20, "images": 20},
    }
    for key, value in changes.items():
        config.setdefault(key, {}).update(value)
    (checkout.folder / f"{name}.yaml").write_text(
        yaml.safe_dump(config, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    return f"{name}.yaml"
