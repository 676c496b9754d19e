"""What a graph would put on the cores of a chip."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, log2
from typing import Any

import nir
import numpy as np


@dataclass(frozen=True)
class Core:
    """What one core would run: a weighted node and its neurons.

    kernel: (filters, channels, height, width). largest: magnitude of its weights, in thresholds.
    """

    name: str
    kernel: tuple[int, int, int, int]
    largest: float
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


def cores_of(graph: Any) -> Iterator[Core]:
    before = {target: source for source, target in graph.edges}
    for name, node in graph.nodes.items():
        if isinstance(node, nir.Conv2d):
            kernel = tuple(int(n) for n in node.weight.shape)
            yield Core(
                name,
                (kernel[0], kernel[1], kernel[2], kernel[3]),
                float(np.abs(node.weight).max()),
                pair(node.stride),
                pair(node.padding),
                triple(node.input_type["input"]),
                triple(node.output_type["output"]),
            )
        if isinstance(node, nir.Affine):
            flat = graph.nodes[before[name]]
            shape = (node.weight.shape[1], 1, 1)
            if isinstance(flat, nir.Flatten):
                shape = triple(flat.input_type["input"])
            outputs = int(node.weight.shape[0])
            largest = float(np.abs(node.weight).max())
            yield Core(name, (outputs, *shape), largest, (1, 1), (0, 0), shape, (outputs, 1, 1))


def pair(values: Any) -> tuple[int, int]:
    first, second = (int(value) for value in values)
    return first, second


def triple(values: Any) -> tuple[int, int, int]:
    first, second, third = (int(value) for value in values)
    return first, second, third
