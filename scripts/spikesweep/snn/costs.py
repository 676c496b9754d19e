"""What a spiking network costs: operations, energy, memory, sparsity.

Names in brackets are those of NeuroBench 2.3 (Yik et al., Nature Communications 16:1545, 2025).
NeuroBench averages over time steps; here everything is per image, summed over its presentation.
"""

import numpy as np

from spikesweep.snn.energy import spiking_energy_j
from spikesweep.snn.fan_out import connections, input_multiply_adds, multiply_adds, of_pixels
from spikesweep.snn.layers import Affine, Conv2D, Dense, Reshape
from spikesweep.snn.network import SpikingNetwork

# Weights, membrane voltages and filtered currents are float32.
_BYTES = 4


def setting_costs(
    network: SpikingNetwork, *, steps: int, spikes: float, synops: float
) -> dict[str, float]:
    """What one image costs at a setting, as columns of a table.

    steps: time steps of the presentation. spikes, synops: per image, over all layers.

    activation_sparsity: share of neurons and steps without a spike [ActivationSparsity]; a lower
        bound if neurons fire more than once in a step, since only spikes are counted.
    input_macs_per_image: multiply-adds of the layers that read pixels, once per image: their
        current is constant, and hardware with an analogue or latched input computes it once.
    input_macs_without_latch_per_image: the same if it is computed again in every step.
    neuron_updates_per_image: neurons times steps [MembraneUpdates].
    operations_per_image: synops [Effective_ACs, except that k spikes in one step count k times]
        and multiply-adds that read pixels, once per image.
    ann_macs_per_image: multiply-adds of the trained network with non-zero weights.
    operations_over_ann: the ratio of the last two.
    energy_j_<convention>: see `snn.energy`.
    """
    neurons = sum(layer.neurons for layer in network.spiking_layers)
    input_macs = input_multiply_adds(network)
    ann_macs = sum(multiply_adds(network).values())
    updates = neurons * steps
    return {
        "activation_sparsity": max(0.0, 1 - spikes / updates),
        "input_macs_per_image": input_macs,
        "input_macs_without_latch_per_image": input_macs * steps,
        "neuron_updates_per_image": updates,
        "operations_per_image": synops + input_macs,
        "ann_macs_per_image": ann_macs,
        "operations_over_ann": (synops + input_macs) / ann_macs,
        **spiking_energy_j(synops=synops, multiply_adds=input_macs, updates=updates),
    }


def network_costs(
    network: SpikingNetwork, nonzero_shares: dict[str, np.ndarray]
) -> dict[str, float]:
    """What a network costs whatever the setting, and its trained network with zeros left out.

    nonzero_shares: of each layer's output in the trained network, the share of images in which
        each value is not zero, in the layer's shape; of the input, of every layer that a weighted
        layer reads, and of every spiking layer.

    neurons, weights (biases left out).
    connection_sparsity: share of the weights that are zero [ConnectionSparsity].
    weight_bytes: all weights and biases, zeros included; state_bytes: membrane voltages and the
        currents that the synapses filter; the sum of the two is NeuroBench's Footprint. All
        float32.
    ann_dense_macs_per_image: zero weights included [Dense].
    ann_effective_macs_per_image, input_effective_macs_per_image: multiply-adds of a non-zero
        weight with a non-zero input, in all layers and in those that read pixels
        [Effective_MACs].
    zero_input_share: of the input's values. ann_activation_sparsity: share of zeros among the
        outputs of the trained network's neurons [ActivationSparsity].
    """
    kernels = [layer.kernel for layer in network.layers if isinstance(layer, Dense | Conv2D)]
    weights = sum(kernel.size for kernel in kernels)
    nonzero = sum(int(np.count_nonzero(kernel)) for kernel in kernels)
    neurons = sum(layer.neurons for layer in network.spiking_layers)
    effective = _effective_macs(network, nonzero_shares)
    active = sum(float(nonzero_shares[layer.name].sum()) for layer in network.spiking_layers)
    return {
        "neurons": neurons,
        "weights": weights,
        "connection_sparsity": 1 - nonzero / weights,
        "weight_bytes": _BYTES * _parameters(network),
        "state_bytes": _BYTES * (neurons + _filtered(network)),
        "ann_dense_macs_per_image": sum(
            int(counts.sum()) for counts in connections(network, zero_weights=True).values()
        ),
        "ann_effective_macs_per_image": sum(effective.values()),
        "input_effective_macs_per_image": sum(effective[name] for name in of_pixels(network)),
        "zero_input_share": 1 - float(nonzero_shares[network.input.name].mean()),
        "ann_activation_sparsity": 1 - active / neurons,
    }


def _effective_macs(
    network: SpikingNetwork, nonzero_shares: dict[str, np.ndarray]
) -> dict[str, float]:
    return {
        name: float((counts * nonzero_shares[network.by_name[name].inputs[0]]).sum())
        for name, counts in connections(network).items()
    }


def _parameters(network: SpikingNetwork) -> int:
    total = 0
    for layer in network.layers:
        match layer:
            case Dense() | Conv2D():
                total += layer.kernel.size + layer.bias.size
            case Affine():
                total += layer.scale.size + layer.offset.size
    return total


def _filtered(network: SpikingNetwork) -> int:
    """Currents that pass a synapse: each layer that reads spikes has one per value that it gives.

    Weights act before the filter, so its state has the size of the receiving layer.
    """
    spikes = {layer.name for layer in network.spiking_layers}
    total = 0
    for layer in network.layers:
        sources = [name for name in layer.inputs if name in spikes]
        if isinstance(layer, Reshape) and sources:
            # The same spikes in another shape: the next layer filters them.
            spikes.add(layer.name)
        else:
            total += len(sources) * int(np.prod(layer.shape))
    return total
