"""Whether a network fits a chip, by the limits that its maker publishes.

Speck 2f (SynSense) runs layers of one kind: a convolution, integrate-and-fire neurons, and a sum
over windows, each on a core of its own. A Dense layer is a convolution whose kernel covers what it
reads. Sources, all as of sinabs 3.1.3:

- docs/speck/overview.md, "Chip Resources": sizes, strides, paddings, bits, memory formulas
- sinabs/backend/dynapcnn/chips/dynapcnn.py, get_constraints: memory of each core
- docs/speck/faqs/available_network_arch.md: which layers, fan-out, fewer than 15 classes
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, log2
from typing import Any

import nir
import numpy as np
import pandas as pd

from spikesweep.study.export.to_nir import Exported

_KI = 1024


@dataclass(frozen=True)
class Chip:
    """Limits of a chip of convolutional cores.

    kernel_memory, neuron_memory: entries of each core, in the order of the cores.
    bias_memory: entries of every core.
    input_side, output_side: longest sides of what a core reads, and of what its neurons give.
    """

    name: str
    source: str
    kernel_memory: tuple[int, ...]
    neuron_memory: tuple[int, ...]
    bias_memory: int
    input_side: int
    output_side: int
    channels: int
    kernel_side: int
    strides: tuple[int, ...]
    padding: int
    pool_sides: tuple[int, ...]
    destinations: int
    classes: int


SPECK_2F = Chip(
    name="Speck 2f",
    source="github.com/synsense/sinabs, docs/speck/overview.md",
    kernel_memory=tuple(_KI * n for n in (16, 16, 16, 32, 32, 64, 64, 16, 16)),
    neuron_memory=tuple(_KI * n for n in (64, 64, 64, 32, 32, 16, 16, 16, 16)),
    bias_memory=_KI,
    input_side=128,
    output_side=64,
    channels=1024,
    kernel_side=16,
    strides=(1, 2, 4, 8),
    padding=7,
    pool_sides=(1, 2, 4),
    destinations=2,
    classes=14,
)

# (layer, what it is about, found, allowed); no layer if it is about the whole network.
Violation = tuple[str, str, str, str]


@dataclass(frozen=True)
class _Core:
    """What one core would run: a weighted node, the neurons behind it, and how often it is read."""

    name: str
    kernel: tuple[int, int, int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    input_shape: tuple[int, int, int]
    output_shape: tuple[int, int, int]

    @property
    def kernel_entries(self) -> int:
        """c 2^(ceil log2(kx ky) + ceil log2 f)."""
        filters, channels, height, width = self.kernel
        return channels * 2 ** (ceil(log2(height * width)) + ceil(log2(filters)))

    @property
    def neuron_entries(self) -> int:
        """f 2^(ceil log2 fx + ceil log2 fy)."""
        filters, height, width = self.output_shape
        return filters * 2 ** (ceil(log2(height)) + ceil(log2(width)))


def fit_table(exported: Exported | None, chip: Chip = SPECK_2F) -> pd.DataFrame:
    """One row per limit that a network violates; none if it fits.

    exported: the network's graph; None if NIR cannot express it: then the chip cannot run it.

    Columns: chip, layer (empty if it is about the whole network), limit, found, allowed.
    """
    violations = (
        _violations(exported.graph, chip)
        if exported
        else [("", "layers", "others", "convolutions and integrate-and-fire neurons")]
    )
    rows = [
        {"chip": chip.name, "layer": layer, "limit": limit, "found": found, "allowed": allowed}
        for layer, limit, found, allowed in violations
    ]
    return pd.DataFrame(rows, columns=["chip", "layer", "limit", "found", "allowed"])


def _violations(graph: Any, chip: Chip) -> Iterator[Violation]:
    cores = list(_cores(graph))
    yield from _of_whole(graph, cores, chip)
    for core in cores:
        yield from _of_core(core, chip)
    yield from _of_placement(cores, chip)


def _of_whole(graph: Any, cores: list[_Core], chip: Chip) -> Iterator[Violation]:
    if len(cores) > len(chip.kernel_memory):
        yield "", "layers with weights", f"{len(cores)}", f"{len(chip.kernel_memory)} cores"
    classes = sum(int(np.prod(node.output_type["output"])) for node in graph.outputs.values())
    if classes > chip.classes:
        yield "", "classes", f"{classes}", f"at most {chip.classes}"
    yield "", "input", "pixels, constant", "spikes"
    for name, node in graph.nodes.items():
        readers = sum(source == name for source, _ in graph.edges)
        if isinstance(node, nir.LI):
            yield name, "filter", f"{float(node.tau.flat[0]) * 1e3:g} ms", "none"
        if isinstance(node, nir.IF | nir.LI) and readers > chip.destinations:
            yield name, "readers", f"{readers}", f"at most {chip.destinations}"
        if isinstance(node, nir.SumPool2d):
            window = _pair(node.kernel_size)
            if window[0] not in chip.pool_sides or window[1] not in chip.pool_sides:
                yield name, "pooling", f"{window[0]} x {window[1]}", _listed(chip.pool_sides)


def _of_core(core: _Core, chip: Chip) -> Iterator[Violation]:
    filters, channels, height, width = core.kernel
    if max(height, width) > chip.kernel_side:
        side = chip.kernel_side
        yield core.name, "kernel", f"{height} x {width}", f"at most {side} x {side}"
    if any(stride not in chip.strides for stride in core.stride):
        yield core.name, "stride", f"{core.stride[0]} x {core.stride[1]}", _listed(chip.strides)
    if max(core.padding) > chip.padding:
        yield core.name, "padding", f"{max(core.padding)}", f"at most {chip.padding}"
    if max(filters, channels) > chip.channels:
        yield core.name, "channels", f"{max(filters, channels)}", f"at most {chip.channels}"
    for what, shape, side in (
        ("input", core.input_shape, chip.input_side),
        ("output", core.output_shape, chip.output_side),
    ):
        if max(shape[1:]) > side:
            yield core.name, f"{what} size", f"{shape[1]} x {shape[2]}", f"at most {side} x {side}"
    if filters > chip.bias_memory:
        yield core.name, "biases", f"{filters}", f"at most {chip.bias_memory}"


def _of_placement(cores: list[_Core], chip: Chip) -> Iterator[Violation]:
    """Layers for which no core is left that has enough memory, the hungriest placed first."""
    free = list(zip(chip.kernel_memory, chip.neuron_memory, strict=True))
    for core in sorted(cores, key=lambda one: (-one.kernel_entries, -one.neuron_entries)):
        fitting = [
            memory
            for memory in free
            if core.kernel_entries <= memory[0] and core.neuron_entries <= memory[1]
        ]
        if fitting:
            free.remove(min(fitting))
            continue
        found = f"{core.kernel_entries} for weights, {core.neuron_entries} for neurons"
        yield core.name, "memory of a core", found, _memories(chip)


def _cores(graph: Any) -> Iterator[_Core]:
    before = {target: source for source, target in graph.edges}
    for name, node in graph.nodes.items():
        if isinstance(node, nir.Conv2d):
            kernel = tuple(int(n) for n in node.weight.shape)
            yield _Core(
                name,
                (kernel[0], kernel[1], kernel[2], kernel[3]),
                _pair(node.stride),
                _pair(node.padding),
                _triple(node.input_type["input"]),
                _triple(node.output_type["output"]),
            )
        if isinstance(node, nir.Affine):
            flat = graph.nodes[before[name]]
            shape = (node.weight.shape[1], 1, 1)
            if isinstance(flat, nir.Flatten):
                shape = _triple(flat.input_type["input"])
            outputs = int(node.weight.shape[0])
            yield _Core(name, (outputs, *shape), (1, 1), (0, 0), shape, (outputs, 1, 1))


def _pair(values: Any) -> tuple[int, int]:
    first, second = (int(value) for value in values)
    return first, second


def _triple(values: Any) -> tuple[int, int, int]:
    first, second, third = (int(value) for value in values)
    return first, second, third


def _listed(values: tuple[int, ...]) -> str:
    return ", ".join(map(str, values[:-1])) + f" or {values[-1]}"


def _memories(chip: Chip) -> str:
    pairs = sorted(set(zip(chip.kernel_memory, chip.neuron_memory, strict=True)))
    each = (f"{kernels // _KI} Ki and {neurons // _KI} Ki" for kernels, neurons in pairs)
    return f"one of the {len(chip.kernel_memory)} cores: {', '.join(each)}"
