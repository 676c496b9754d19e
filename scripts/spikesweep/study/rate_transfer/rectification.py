"""What rectifying the current of each step does to a network: noise becomes rate.

The noise is the ripple of filtered spikes, what it adds is that of `rectified_mean`. A neuron that
integrates signed current, as `IntegrateAndFire` does, has no such bias.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spikesweep.snn.layers import Input, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU
from spikesweep.snn.rates import output_of, passed_variance
from spikesweep.snn.rectified import rectified_mean
from spikesweep.study.rate_transfer.noise_prediction import ripple_variance

# Images at once: means and variances of all layers are in memory together.
_BATCH = 25


@dataclass(frozen=True, eq=False)
class Rectified:
    """scores: (images, classes), means of the readout. means: mean output of each spiking layer."""

    scores: np.ndarray
    means: Mapping[str, float]


def rectified(
    network: SpikingNetwork,
    images: np.ndarray,
    scales: Mapping[str, float],
    synapse_s: float | None,
) -> Rectified:
    """What a network puts out on average if each layer rectifies the ripple of those before it.

    images: (N, H, W, C) float32. scales: of all spiking layers.
    """
    batches = [
        expected_outputs(network, images[first : first + _BATCH], scales, synapse_s)
        for first in range(0, len(images), _BATCH)
    ]
    return Rectified(
        scores=np.concatenate([batch[network.readout.name] for batch in batches]),
        means={
            layer.name: sum(float(batch[layer.name].sum(dtype=np.float64)) for batch in batches)
            / (layer.neurons * len(images))
            for layer in network.spiking_layers
        },
    )


def expected_outputs(
    network: SpikingNetwork,
    images: np.ndarray,
    scales: Mapping[str, float],
    synapse_s: float | None,
) -> dict[str, np.ndarray]:
    """The mean output of each spiking layer, and of the readout, (images, *shape), by name.

    images: (N, H, W, C) float32. scales: of all spiking layers.

    Layer by layer: ripples of the spikes before it, taken as regular and independent, give the
    variance of a layer's current; that rectifies to more than its mean, which is what the next
    layer receives. The first layer's current is constant and has no ripple.
    """
    mean: dict[str, np.ndarray] = {}
    variance: dict[str, np.ndarray] = {}
    for layer in network.layers:
        if isinstance(layer, Input):
            mean[layer.name], variance[layer.name] = images, np.zeros_like(images)
        elif isinstance(layer, Spiking):
            current, spread = mean[layer.inputs[0]], variance[layer.inputs[0]]
            rectifies = isinstance(layer.neuron, SpikingReLU)
            deviation = np.sqrt(spread) if rectifies else np.zeros_like(spread)
            output = rectified_mean(current, deviation)
            mean[layer.name] = output
            variance[layer.name] = ripple_variance(
                output, scales[layer.name], synapse_s, network.dt, 1
            )
        else:
            mean[layer.name] = output_of(layer, [mean[name] for name in layer.inputs])
            variance[layer.name] = passed_variance(layer, [variance[name] for name in layer.inputs])
    names = [*(layer.name for layer in network.spiking_layers), network.readout.name]
    return {name: mean[name] for name in names}
