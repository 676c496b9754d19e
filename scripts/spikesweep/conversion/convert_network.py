"""Convert a trained network, from its files to a SpikingNetwork file."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from spikesweep.conversion.build_keras import build_keras
from spikesweep.conversion.convert import convert
from spikesweep.conversion.nonzero import nonzero_shares
from spikesweep.data.dataset import load_dataset
from spikesweep.data.splits import subset
from spikesweep.errors import UserError
from spikesweep.files import atomic_path
from spikesweep.metadata import write_metadata
from spikesweep.networks.keras_file import load_model
from spikesweep.snn.costs import network_costs
from spikesweep.snn.fan_out import behind_weights, fan_out, input_multiply_adds, multiply_adds
from spikesweep.snn.hops import read_by
from spikesweep.snn.layers import Spiking
from spikesweep.snn.network import SpikingNetwork, save_network
from spikesweep.snn.neurons import bending, neuron_from
from spikesweep.snn.voltages import with_start
from spikesweep.tables import labelled, write_csv

logger = logging.getLogger(__name__)

_BATCH = 500
# Test images on which zero activations are counted.
_COUNTED_IMAGES = 500
# Share of test images whose class may change when batch normalisation is folded.
_MAX_CLASS_CHANGES = 1e-3


def convert_network(
    *,
    model_path: str | Path,
    dataset_path: str | Path,
    input_scale: float | Sequence[float],
    input_offset: float | Sequence[float],
    network_path: str | Path,
    ann_classes_path: str | Path,
    layers_path: str | Path,
    costs_path: str | Path,
    metadata_path: str | Path,
    name: str,
    seed: int,
    config: dict[str, Any],
) -> None:
    """Convert a Keras file and write the network, tables of layers and costs, and ANN classes.

    name, seed: of the network and of its training, the first columns of the table of costs. The
        seed is added to the config's, so that each trained network has initial voltages of its
        own: networks that share them are no independent sample.
    config: neuron (a name in `NEURON_TYPES`), its options, seed, initial_voltages (a name in
        `STARTS`).
    ann_classes_path: .npy, the class that the trained network gives each test image.
    costs_path: one row, see `network_costs`, and on how many test images zeros were counted.

    Raises UserError, naming the layer and the remedy, for what would not spike as trained.
    """
    model = load_model(model_path)
    neuron = neuron_from(config)
    if bent := bending(neuron):
        logger.warning("%s", bent)
    converted = convert(
        model,
        neuron=neuron,
        seed=config["seed"] + seed,
        input_scale=input_scale,
        input_offset=input_offset,
    )
    network = with_start(converted, config["initial_voltages"])
    dataset = load_dataset(dataset_path)
    classes = _classes(model, network, dataset.x_test)
    rates = build_keras(network.layers)
    changed = float((classes != _classes(rates, network, dataset.x_test)).mean())
    if changed > _MAX_CLASS_CHANGES:
        raise UserError(
            f"{model_path}: the converted network, run with rates instead of spikes, gives a "
            f"different class from the trained one for {changed:.2%} of the test images; "
            "please report this network"
        )
    save_network(network, network_path)
    with atomic_path(ann_classes_path) as temporary:
        np.save(temporary, classes)
    table = layer_table(network)
    write_csv(table, layers_path)
    counted = subset(dataset.y_test, min(_COUNTED_IMAGES, len(dataset.y_test)), seed=0)
    seen = network.prepare(dataset.x_test[counted])
    costs = network_costs(network, nonzero_shares(network, rates, seen))
    write_csv(labelled(pd.DataFrame([{"images": len(seen), **costs}]), name, seed), costs_path)
    uncounted = behind_weights(network)
    if uncounted:
        logger.warning("%s is %s", model_path, _counted_too_low(uncounted))
    write_metadata(
        metadata_path,
        config,
        network=name,
        seed=seed,
        doubts=[_counted_too_low(uncounted)] if uncounted else [],
        classes_changed_by_conversion=changed,
        neurons=int(table["neurons"].sum()),
    )
    logger.info("converted:\n%s", table.to_string(index=False))


def _counted_too_low(layers: Sequence[str]) -> str:
    return (
        "counted too low in synops, operations and energy, and so next to the trained network: "
        "connections are counted up to the first layer with weights, and there are others right "
        f"behind one, with no neurons between them: {', '.join(layers)}. Merge them, or add an "
        "activation"
    )


def layer_table(network: SpikingNetwork) -> pd.DataFrame:
    """One row per spiking layer or readout: neurons, multiply-adds as rates, mean fan-out.

    reads: the spiking layers whose spikes it gets, joined by spaces; empty if it sees the image.
    """
    fans = fan_out(network)
    macs = multiply_adds(network)
    rows = []
    pending = 0
    for layer in network.layers:
        pending += macs.get(layer.name, 0)
        if isinstance(layer, Spiking) or layer is network.readout:
            spiking = isinstance(layer, Spiking)
            rows.append(
                {
                    "layer": layer.name,
                    "reads": " ".join(read_by(network, layer)),
                    "shape": " x ".join(map(str, layer.shape)),
                    "neurons": layer.neurons if isinstance(layer, Spiking) else 0,
                    "macs_per_image": pending,
                    "mean_fan_out": float(fans[layer.name].mean()) if spiking else 0.0,
                }
            )
            pending = 0
    logger.info("multiply-adds that read pixels: %d", input_multiply_adds(network))
    return pd.DataFrame(rows)


def _classes(model: Any, network: SpikingNetwork, images: np.ndarray) -> np.ndarray:
    """Class (N,) that a model gives each image, of which few at a time become float32."""
    batches = (images[start : start + _BATCH] for start in range(0, len(images), _BATCH))
    scores = [model.predict_on_batch(network.prepare(batch)) for batch in batches]
    return np.concatenate(scores).argmax(axis=1).astype(np.int64)
