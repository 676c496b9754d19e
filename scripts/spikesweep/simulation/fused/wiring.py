"""A SpikingNetwork compiled for the fused engine: what feeds each spiking layer.

Only spiking layers have a state. Everything between two of them is linear, so it becomes one
map; everything between the image and a layer becomes one map of the image; biases and offsets
become one constant current. Biases and the image are not filtered.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spikesweep.simulation.fused import site_map
from spikesweep.simulation.fused.fire import LANES
from spikesweep.simulation.fused.neurons import Dynamics, dynamics
from spikesweep.simulation.fused.site_map import SiteMap
from spikesweep.snn.layers import (
    Add,
    Affine,
    AveragePooling2D,
    Concatenate,
    Conv2D,
    Dense,
    Input,
    Layer,
    Reshape,
    Spiking,
    ZeroPadding2D,
)
from spikesweep.snn.network import SpikingNetwork

# Linear layers that can be written as a SiteMap.
LINEAR = (Dense, Conv2D, Affine, AveragePooling2D, ZeroPadding2D, Reshape, Add, Concatenate)
# Number of neurons simulated together, so that their state stays in the first-level cache.
TILE_NEURONS = 1024


@dataclass(frozen=True, eq=False)
class Wires:
    """A map in the form that the kernel reads: runs of neighbouring input sites.

    Output site p adds up runs first_run[p]:first_run[p + 1]. A run begins at input site
    `site` and has `length` sites, all in the same tile, so that its events are contiguous;
    the event of neuron i is multiplied by weights[i + shift].
    """

    first_run: np.ndarray
    site: np.ndarray
    length: np.ndarray
    shift: np.ndarray
    weights: np.ndarray


@dataclass(frozen=True, eq=False)
class Population:
    """A spiking layer or the readout, and everything that feeds it.

    layer: the Spiking layer, or None for the readout.
    dynamics: of its neurons, or None for the readout.
    sites, channels: of its input current, in C order; a tile is tile_sites of the sites.
    event_channels: channels of the sites in which its spikes are listed.
    offset: (neurons,) float32 constant current.
    image: wires from the image, or None. sources: wires from spiking layers, by name.
    """

    layer: Spiking | None
    dynamics: Dynamics | None
    sites: int
    channels: int
    tile_sites: int
    event_channels: int
    offset: np.ndarray
    image: Wires | None
    image_channels: int
    sources: Mapping[str, Wires]

    @property
    def neurons(self) -> int:
        """Number of neurons, or of padded classes."""
        return self.sites * self.channels

    @property
    def tile(self) -> int:
        """Neurons of one tile."""
        return self.tile_sites * self.channels


def refusal(network: SpikingNetwork) -> str | None:
    """Why the network cannot be wired, naming the layer; None if it can."""
    for layer in network.layers:
        if not isinstance(layer, (*LINEAR, Input, Spiking)):
            return (
                f"layer {layer.name!r} is a {type(layer).__name__}, which it cannot express; "
                f"use engine nengo_dl for this network"
            )
    for layer in network.spiking_layers:
        if dynamics(layer.neuron) is None:
            return (
                f"layer {layer.name!r} has {type(layer.neuron).__name__} neurons, which it cannot "
                f"simulate; use engine nengo_dl for this network"
            )
    return None


def wired(network: SpikingNetwork) -> list[Population]:
    """The spiking layers in their order, then the readout."""
    targets = [*network.spiking_layers, None]
    drafts = [_draft(network, target) for target in targets]
    # Spikes are listed by sites small enough for all layers that read them.
    sizes = {}
    for layer, draft in zip(network.spiking_layers, drafts, strict=False):
        readers = [other.maps[layer.name] for other in drafts if layer.name in other.maps]
        sizes[layer.name] = math.gcd(draft.channels, *(reader.channels_in for reader in readers))
    tiles: dict[str, int] = {}
    populations = []
    for target, draft in zip(targets, drafts, strict=True):
        tile_sites = _tile_sites(draft, target)
        size = draft.channels if target is None else sizes[target.name]
        maps = dict(draft.maps)
        image = maps.pop(network.input.name, None)
        populations.append(
            Population(
                layer=target,
                dynamics=None if target is None else dynamics(target.neuron),
                sites=draft.sites,
                channels=draft.channels,
                tile_sites=tile_sites,
                event_channels=size,
                offset=draft.offset,
                image=None if image is None else _wires(image, image.columns),
                image_channels=1 if image is None else image.channels_in,
                sources={
                    name: _wires(site_map.with_input_sites(item, sizes[name]), tiles[name])
                    for name, item in maps.items()
                },
            )
        )
        if target is not None:
            tiles[target.name] = tile_sites * draft.channels // size
    return populations


@dataclass(frozen=True, eq=False)
class _Draft:
    sites: int
    channels: int
    offset: np.ndarray
    maps: Mapping[str, SiteMap]


def _draft(network: SpikingNetwork, target: Spiking | None) -> _Draft:
    """Follow the graph back from a spiking layer's input, or from the readout."""
    end = network.readout if target is None else network.by_name[target.inputs[0]]
    found: dict[str, list[SiteMap]] = {}
    offset = np.zeros(math.prod(end.shape))

    def follow(layer: Layer, after: SiteMap | None) -> None:
        # `after` maps this layer's output to the target; None is the identity.
        nonlocal offset
        if isinstance(layer, Spiking | Input):
            last = site_map.identity_map(layer.shape) if after is None else after
            found.setdefault(layer.name, []).append(last)
            return
        constant = _constant(layer)
        if constant is not None:
            spread = np.broadcast_to(constant, layer.shape).reshape(-1)
            offset += spread if after is None else site_map.applied(after, spread)
        for index, name in enumerate(layer.inputs):
            own = _own_map(layer, index, network)
            if own is None:
                follow(network.by_name[name], after)
            else:
                follow(
                    network.by_name[name], own if after is None else site_map.composed(after, own)
                )

    follow(end, None)
    channels = math.gcd(*(item.channels_out for items in found.values() for item in items))
    maps = {
        name: site_map.merged([site_map.with_output_sites(item, channels) for item in items])
        for name, items in found.items()
    }
    sites = math.prod(end.shape) // channels
    if target is None:
        return _padded(_Draft(sites, channels, offset.astype(np.float32), maps))
    return _Draft(sites, channels, offset.astype(np.float32), maps)


def _constant(layer: Layer) -> np.ndarray | None:
    match layer:
        case Dense() | Conv2D():
            return layer.bias
        case Affine():
            return layer.offset
    return None


def _own_map(layer: Layer, index: int, network: SpikingNetwork) -> SiteMap | None:
    """The map of a linear layer from its input with number `index`; None is the identity."""
    shapes = [network.by_name[name].shape for name in layer.inputs]
    match layer:
        case Dense():
            return site_map.dense_map(layer)
        case Conv2D():
            return site_map.conv_map(layer, shapes[0])
        case AveragePooling2D():
            return site_map.pooling_map(layer, shapes[0])
        case ZeroPadding2D():
            return site_map.padding_map(layer, shapes[0])
        case Affine():
            return site_map.affine_map(layer.scale, layer.shape)
        case Concatenate():
            first = sum(shape[layer.axis] for shape in shapes[:index])
            return site_map.part_map(layer.shape, shapes[index], layer.axis, first)
    return None


def _padded(draft: _Draft) -> _Draft:
    """The readout as one site of a whole number of vector registers.

    A few classes would leave them half empty.
    """
    missing = -draft.channels % LANES
    if draft.sites > 1:
        return draft
    maps = {
        name: replace(
            item,
            channels_out=draft.channels + missing,
            blocks=[
                np.pad(site_map.matrix(block, draft.channels), ((0, 0), (0, missing)))
                for block in item.blocks
            ],
        )
        for name, item in draft.maps.items()
    }
    return _Draft(1, draft.channels + missing, np.pad(draft.offset, (0, missing)), maps)


def _tile_sites(draft: _Draft, target: Spiking | None) -> int:
    """Sites per tile: part of an image row, so that a kernel's row mostly lies in one tile."""
    if target is None:
        return draft.sites
    row = draft.sites
    if len(target.shape) == 3 and draft.channels == target.shape[2]:
        row = target.shape[1]
    most = max(1, TILE_NEURONS // draft.channels)
    return max(size for size in range(1, row + 1) if row % size == 0 and size <= most)


def _wires(item: SiteMap, tile_sites: int) -> Wires:
    order = np.lexsort((item.column, item.row))
    row, column, block = item.row[order], item.column[order], item.block[order]
    begins = (np.diff(row, prepend=-1) != 0) | (np.diff(column, prepend=-2) != 1)
    start = np.flatnonzero(begins | (column % tile_sites == 0))
    length = np.diff(start, append=len(row))
    sequences = [tuple(blocks) for blocks in np.split(block, start)[1:]]
    library, position = _library(sequences)
    first = np.array([position[sequence] for sequence in sequences], np.int64)
    weights = [site_map.matrix(item.blocks[index], item.channels_out) for index in library]
    return Wires(
        first_run=np.searchsorted(row[start], np.arange(item.rows + 1)).astype(np.int64),
        site=column[start],
        length=length,
        shift=(first - column[start]) * item.channels_in,
        weights=np.ascontiguousarray(np.concatenate(weights), np.float32),
    )


def _library(
    sequences: Sequence[tuple[int, ...]],
) -> tuple[list[int], dict[tuple[int, ...], int]]:
    """Blocks in an order that contains each sequence, and the index at which it begins."""
    library: list[int] = []
    position: dict[tuple[int, ...], int] = {}
    for sequence in sorted(set(sequences), key=lambda blocks: (-len(blocks), blocks)):
        found = (
            at
            for at, block in enumerate(library)
            if block == sequence[0] and tuple(library[at : at + len(sequence)]) == sequence
        )
        at = next(found, None)
        if at is None:
            at = len(library)
            library.extend(sequence)
        position[sequence] = at
    return library, position
