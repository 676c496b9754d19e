"""Limits of a chip, as its maker publishes them.

Speck 2f (SynSense) runs layers of one kind: a convolution, integrate-and-fire neurons, and a sum
over windows, in this order, each on a core of its own. A Dense layer is a convolution whose kernel
covers what it reads. Cores send spikes, so that several may reach one convolution, but neurons have
one convolution each, and the last ones are neurons, too. Sources, all as of sinabs 3.1.3:

- docs/speck/overview.md, "Chip Resources": sizes, strides, paddings, bits, memory formulas, order
- sinabs/backend/dynapcnn/chips/dynapcnn.py, get_constraints: memory of each core
- docs/speck/faqs/available_network_arch.md: which layers, fan-out, fewer than 15 classes
"""

from dataclasses import dataclass

KI = 1024


@dataclass(frozen=True)
class Chip:
    """Limits of a chip of convolutional cores.

    kernel_memory, neuron_memory: entries of each core, in the order of the cores.
    bias_memory: entries of every core.
    input_side, output_side: longest sides of what a core reads, and of what its neurons give.
    weight_bits, state_bits: of signed whole numbers, weights and voltages of a core in one unit.
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
    weight_bits: int
    state_bits: int
    pool_sides: tuple[int, ...]
    destinations: int
    classes: int


SPECK_2F = Chip(
    name="Speck 2f",
    source="github.com/synsense/sinabs, docs/speck/overview.md",
    kernel_memory=tuple(KI * n for n in (16, 16, 16, 32, 32, 64, 64, 16, 16)),
    neuron_memory=tuple(KI * n for n in (64, 64, 64, 32, 32, 16, 16, 16, 16)),
    bias_memory=KI,
    input_side=128,
    output_side=64,
    channels=1024,
    kernel_side=16,
    strides=(1, 2, 4, 8),
    padding=7,
    weight_bits=8,
    state_bits=16,
    pool_sides=(1, 2, 4),
    destinations=2,
    classes=14,
)
