"""Whether a network fits a chip, and which layer is beyond which limit."""

from collections.abc import Iterator
from typing import Any

import nir
import numpy as np
import pandas as pd

from spikesweep.study.export.chips import KI, SPECK_2F, Chip
from spikesweep.study.export.cores import Core, cores_of, pair
from spikesweep.study.export.to_nir import Exported

# (layer, what it is about, found, allowed); no layer if it is about the whole network.
Violation = tuple[str, str, str, str]


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
    cores = list(cores_of(graph))
    yield from _of_whole(graph, cores, chip)
    yield from _of_nodes(graph, chip)
    for core in cores:
        yield from _of_core(core, chip)
    yield from _of_placement(cores, chip)


def _of_whole(graph: Any, cores: list[Core], chip: Chip) -> Iterator[Violation]:
    if len(cores) > len(chip.kernel_memory):
        yield "", "layers with weights", f"{len(cores)}", f"{len(chip.kernel_memory)} cores"
    classes = sum(int(np.prod(node.output_type["output"])) for node in graph.outputs.values())
    if classes > chip.classes:
        yield "", "classes", f"{classes}", f"at most {chip.classes}"
    yield "", "input", "pixels, constant", "spikes"


def _of_nodes(graph: Any, chip: Chip) -> Iterator[Violation]:
    for name, node in graph.nodes.items():
        readers = [target for source, target in graph.edges if source == name]
        sources = [source for source, target in graph.edges if target == name]
        if isinstance(node, nir.LI):
            yield name, "filter", f"{float(node.tau.flat[0]) * 1e3:g} ms", "none"
        if isinstance(node, nir.Delay):
            yield name, "delay", f"{float(node.delay.flat[0]) * 1e3:g} ms", "none"
        if isinstance(node, nir.IF | nir.LI | nir.Delay) and len(readers) > chip.destinations:
            yield name, "readers", f"{len(readers)}", f"at most {chip.destinations}"
        yield from _of_order(graph, name, node, sources, readers)
        if isinstance(node, nir.SumPool2d):
            window, stride = pair(node.kernel_size), pair(node.stride)
            if window[0] not in chip.pool_sides or window[1] not in chip.pool_sides:
                yield name, "pooling", f"{window[0]} x {window[1]}", _listed(chip.pool_sides)
            if stride != window:
                yield name, "pooling stride", f"{stride[0]} x {stride[1]}", "as the window"


def _of_order(
    graph: Any, name: str, node: Any, sources: list[str], readers: list[str]
) -> Iterator[Violation]:
    """Weights, then neurons, then sums over windows: nothing else fits into a core."""

    def any_is(names: list[str], kinds: Any) -> bool:
        return any(isinstance(graph.nodes[one], kinds) for one in names)

    weighted = nir.Conv2d | nir.Affine
    if isinstance(node, nir.IF) and (len(sources) > 1 or not any_is(sources, weighted)):
        yield name, "before neurons", ", ".join(sources), "one layer with weights"
    if isinstance(node, weighted) and any_is(readers, nir.Output):
        yield name, "readout", "scores", "spikes of neurons behind it"
    elif isinstance(node, weighted) and not any_is(readers, nir.IF):
        yield name, "neurons behind it", "none", "integrate-and-fire neurons"
    if isinstance(node, nir.SumPool2d) and any_is(sources, weighted):
        yield name, "pooling before neurons", ", ".join(sources), "neurons"


def _of_core(core: Core, chip: Chip) -> Iterator[Violation]:
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
    steps = 2 ** (chip.weight_bits - 1) - 1
    if core.largest and steps / core.largest >= 2 ** (chip.state_bits - 1):
        threshold = f"a threshold of {steps / core.largest:.0f} steps of the weights"
        yield core.name, "voltages", threshold, f"{chip.state_bits} bits"
    if filters > chip.bias_memory:
        yield core.name, "biases", f"{filters}", f"at most {chip.bias_memory}"


def _of_placement(cores: list[Core], chip: Chip) -> Iterator[Violation]:
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


def _listed(values: tuple[int, ...]) -> str:
    return ", ".join(map(str, values[:-1])) + f" or {values[-1]}"


def _memories(chip: Chip) -> str:
    pairs = sorted(set(zip(chip.kernel_memory, chip.neuron_memory, strict=True)))
    each = (f"{kernels // KI} Ki and {neurons // KI} Ki" for kernels, neurons in pairs)
    return f"one of the {len(chip.kernel_memory)} cores: {', '.join(each)}"
