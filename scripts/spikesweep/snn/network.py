"""The portable form of a converted network: all that a simulator needs, in one file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from spikesweep.data.inputs import scale_images
from spikesweep.errors import UserError
from spikesweep.files import atomic_path
from spikesweep.snn import layers as layer_types
from spikesweep.snn.layers import Input, Layer, Spiking, unknown_neuron
from spikesweep.snn.neurons import described, from_description

FORMAT = 2


@dataclass(frozen=True, eq=False)
class SpikingNetwork:
    """A converted network, before any synapse or firing-rate scale is chosen.

    layers: each after its inputs; the first is the Input, the last the readout, a linear
        layer of shape (classes,).
    seed: of the Nengo network, from which the initial voltages were drawn.
    start: how the initial voltages were chosen; a name in `voltages.STARTS`.
    dt: the time step in seconds.
    input_scale, input_offset: turn a uint8 image into the network's input,
        x = image * input_scale + input_offset; one number, or one per channel.
    """

    layers: tuple[Layer, ...]
    seed: int
    dt: float
    input_scale: np.ndarray
    input_offset: np.ndarray
    start: str = "uniform"

    @cached_property
    def by_name(self) -> Mapping[str, Layer]:
        """The layers by their names."""
        return {layer.name: layer for layer in self.layers}

    @property
    def input(self) -> Input:
        """The layer that holds the image."""
        first = self.layers[0]
        assert isinstance(first, Input)
        return first

    @property
    def readout(self) -> Layer:
        """The layer whose outputs are the class scores."""
        return self.layers[-1]

    @cached_property
    def spiking_layers(self) -> tuple[Spiking, ...]:
        """The spiking layers, first to last."""
        return tuple(layer for layer in self.layers if isinstance(layer, Spiking))

    def prepare(self, images: np.ndarray) -> np.ndarray:
        """Turn uint8 images (N, H, W, C) into the float32 input that the network was trained on."""
        return scale_images(images, self.input_scale, self.input_offset)


def save_network(network: SpikingNetwork, path: str | Path) -> None:
    """Write an .npz without pickles: the topology as JSON text, each array as `layer/field`.

    Raises UserError for neurons that `load_network` could not restore.
    """
    if unknown := unknown_neuron(network.layers):
        raise UserError(f"{path}: {unknown}")
    arrays: dict[str, Any] = {
        "input_scale": network.input_scale,
        "input_offset": network.input_offset,
    }
    entries = []
    for layer in network.layers:
        entry: dict[str, Any] = {"type": type(layer).__name__}
        for field in fields(layer):
            value = getattr(layer, field.name)
            if isinstance(value, np.ndarray):
                arrays[f"{layer.name}/{field.name}"] = value
            elif field.name == "neuron":
                entry[field.name] = described(value)
            else:
                entry[field.name] = value
        entries.append(entry)
    topology = {
        "format": FORMAT,
        "seed": network.seed,
        "start": network.start,
        "dt": network.dt,
        "layers": entries,
    }
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.savez(file, topology=np.array(json.dumps(topology, sort_keys=True)), **arrays)


def load_network(path: str | Path) -> SpikingNetwork:
    """Read a file written by `save_network`.

    Raises UserError for any other file.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
        topology = json.loads(str(arrays.pop("topology")))
        found = topology["format"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise UserError(
            f"{path}: not a spiking network ({error}); delete it and run the workflow again"
        ) from None
    if found != FORMAT:
        raise UserError(
            f"{path}: written in format {found}, but this version reads {FORMAT}; delete it "
            "and run the workflow again"
        )
    return SpikingNetwork(
        layers=tuple(_layer(entry, arrays, path) for entry in topology["layers"]),
        seed=topology["seed"],
        start=topology["start"],
        dt=topology["dt"],
        input_scale=arrays["input_scale"],
        input_offset=arrays["input_offset"],
    )


def _layer(entry: dict[str, Any], arrays: Mapping[str, np.ndarray], path: str | Path) -> Layer:
    kind = getattr(layer_types, entry.pop("type"))
    if "neuron" in entry:
        try:
            entry["neuron"] = from_description(entry["neuron"])
        except UserError as error:
            raise UserError(
                f"{path}: layer {entry['name']!r} has {error}; delete it and run the workflow again"
            ) from None
    for field in fields(kind):
        key = f"{entry['name']}/{field.name}"
        if key in arrays:
            entry[field.name] = arrays[key]
    return kind(**{name: _tuples(value) for name, value in entry.items()})


def _tuples(value: Any) -> Any:
    # JSON turns tuples into lists.
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
