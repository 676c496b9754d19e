"""One worker's arrays, and how it takes a chunk of images through the tree of a sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spikesweep.simulation.fused import drive, fire
from spikesweep.simulation.fused.batch import Batch
from spikesweep.simulation.fused.sweep_tree import Node
from spikesweep.simulation.fused.wiring import Population, Wires

# An event: the neuron's index, int32, and its output, float32.
EVENT_BYTES = 8


def bytes_per_image(populations: Sequence[Population], steps: int) -> int:
    """Most memory that a workspace needs per image of a chunk: all neurons fire at all steps."""
    total = 0
    for population in populations:
        constant = 2 * population.neurons * 4
        drives = population.neurons * steps * 4 if population.sources else 0
        events = 0
        if population.layer is not None:
            sites = population.neurons // population.event_channels
            events = population.neurons * steps * EVENT_BYTES + sites * steps * 4
        total += constant + drives + events
        if population.image is not None:
            total += int(population.image.site.max() + 1) * population.image_channels * 12
    return total


@dataclass(frozen=True, eq=False)
class Events:
    """Spikes of one layer in a chunk of images; see `drive` for the order."""

    starts: np.ndarray
    index: np.ndarray
    value: np.ndarray
    tile_sites: int

    @classmethod
    def empty(cls, images: int, sites: int, channels: int, steps: int, tile_sites: int) -> "Events":
        """Arrays with room for the case that all neurons fire at all steps."""
        most = images * sites * channels * steps
        # The kernels write whole vectors at the end of the lists.
        return cls(
            np.empty((images, sites * steps + 1), np.int32),
            np.empty(most + fire.LANES, np.int32),
            np.empty(most + fire.LANES, np.float32),
            tile_sites,
        )


class Workspace:
    """Arrays for a chunk of at most `chunk` images, reused for every chunk.

    Each population has one set of arrays, reused on every branch of the tree, however many
    settings there are.
    """

    def __init__(
        self,
        populations: Sequence[Population],
        fans: Mapping[str, np.ndarray],
        dt: float,
        steps: int,
        chunk: int,
    ) -> None:
        self._populations = populations
        self._dt = dt
        self._steps = steps
        self._fans = {name: fan.astype(np.int64) for name, fan in fans.items()}
        self._events: dict[str, Events] = {}
        self._drives: list[np.ndarray] = []
        # The node whose spikes these arrays hold, or were computed from, at the moment.
        self._fired_by: dict[str, Node] = {}
        self._driven_by: dict[int, tuple[Node, ...]] = {}
        for population in populations:
            tiles = population.sites // population.tile_sites
            shape = (chunk, tiles, steps, population.tile) if population.sources else (1, 1, 1, 1)
            self._drives.append(np.empty(shape, np.float32))
            if population.layer is not None:
                channels = population.event_channels
                self._events[population.layer.name] = Events.empty(
                    chunk,
                    population.neurons // channels,
                    channels,
                    steps,
                    population.tile // channels,
                )

    def simulate(self, tree: Sequence[Node], images: np.ndarray, batch: Batch, start: int) -> None:
        """Fill in the batch's results for a chunk of its images, from `start` on."""
        constants = [_constant_currents(population, images) for population in self._populations]
        # The images have changed.
        self._driven_by.clear()
        self._descend(tree, constants, batch, slice(start, start + len(images)))

    def _descend(
        self, nodes: Sequence[Node], constants: list[np.ndarray], batch: Batch, images: slice
    ) -> None:
        for node in nodes:
            population = self._populations[node.population]
            self._drive(node.population, images.stop - images.start)
            constant = constants[node.population]
            filter_ = _filter(node.synapse_s, self._dt)
            drives, driven = self._drives[node.population], bool(population.sources)
            if population.layer is None:
                scores = batch.scores[node][images]
                fire.read_out(drives, driven, constant, *filter_, scores)
                continue
            self._fire(node, drives, driven, constant, filter_, batch, images)
            self._fired_by[population.layer.name] = node
            self._descend(node.children, constants, batch, images)

    def _drive(self, which: int, images: int) -> None:
        """Weights times the spikes of all sources; skipped if these have not changed."""
        population = self._populations[which]
        sources = tuple(self._fired_by[name] for name in population.sources)
        if not sources or self._driven_by.get(which) == sources:
            return
        for number, (name, wires) in enumerate(population.sources.items()):
            _add_drive(self._events[name], wires, self._drives[which][:images], number > 0)
        self._driven_by[which] = sources

    def _fire(
        self,
        node: Node,
        drives: np.ndarray,
        driven: bool,
        constant: np.ndarray,
        filter_: tuple[bool, np.float32, np.float32],
        batch: Batch,
        images: slice,
    ) -> None:
        population = self._populations[node.population]
        layer = population.layer
        dynamics = population.dynamics
        assert layer is not None
        assert dynamics is not None
        events = self._events[layer.name]
        activity = batch.activity[node]
        counts = activity.neuron_spikes
        dt = np.float32(self._dt)
        one_spike = np.float32(layer.neuron.amplitude / node.scale) / dt
        fire.fire(
            drives,
            driven,
            constant,
            *filter_,
            np.float32(node.scale),
            one_spike,
            dt,
            dynamics.leaky,
            dynamics.signed,
            np.float32(dynamics.most_spikes),
            np.float32(dynamics.tau_rc),
            np.float32(dynamics.tau_ref),
            np.float32(dynamics.min_voltage),
            layer.initial_voltages,
            self._fans[layer.name],
            events.starts,
            events.index,
            events.value,
            activity.spikes_by_step[images],
            activity.synops_by_step[images],
            np.empty((1, 1), np.int64) if counts is None else counts[images],
            counts is not None,
            self._steps,
            population.neurons // population.event_channels,
            events.tile_sites,
        )


def _filter(synapse_s: float | None, dt: float) -> tuple[bool, np.float32, np.float32]:
    """Whether there is a delay, and A and B of the lowpass; see LowpassBuilder in nengo_dl."""
    if synapse_s is None:
        return False, np.float32(0), np.float32(1)
    if synapse_s <= 0.03 * dt:
        return True, np.float32(0), np.float32(1)
    keep = np.exp(-dt / synapse_s)
    return True, np.float32(keep), np.float32(1 - keep)


def _constant_currents(population: Population, images: np.ndarray) -> np.ndarray:
    """(images, neurons), the contribution of the biases and the image, computed once per image."""
    count = len(images)
    if population.image is None:
        return np.broadcast_to(population.offset, (count, population.neurons)).copy()
    pixels = np.ascontiguousarray(images).reshape(count, -1, population.image_channels)
    events = Events.empty(count, *pixels.shape[1:], 1, pixels.shape[1])
    drive.list_pixels(pixels, events.starts, events.index, events.value)
    tiles = population.sites // population.tile_sites
    currents = np.empty((count, tiles, 1, population.tile), np.float32)
    _add_drive(events, population.image, currents, False)
    return currents.reshape(count, -1) + population.offset


def _add_drive(events: Events, wires: Wires, out: np.ndarray, add: bool) -> None:
    drive.drive(
        events.starts,
        events.index,
        events.value,
        events.tile_sites,
        wires.first_run,
        wires.site,
        wires.length,
        wires.shift,
        wires.weights,
        out,
        add,
    )
