"""What rectifying the current of each step does to a network: noise becomes rate.

The noise is the ripple of filtered spikes, what it adds is that of `rectified_mean`. A neuron that
integrates signed current, as `IntegrateAndFire` does, has no such bias.
"""

from collections.abc import Mapping, Sequence
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

# Scales of all spiking layers.
Scales = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Rectified:
    """scores: (images, classes), means of the readout. means: mean output of each spiking layer."""

    scores: np.ndarray
    means: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class _Expected:
    """scales: of the spiking layers. mean, variance: (images, *shape) of each layer's output."""

    scales: Scales
    mean: dict[str, np.ndarray]
    variance: dict[str, np.ndarray]


def rectified(
    network: SpikingNetwork, images: np.ndarray, scales: Sequence[Scales], synapse_s: float | None
) -> list[Rectified]:
    """What a network puts out on average if each layer rectifies the ripple of those before it.

    images: (N, H, W, C) float32. scales: one for each result.
    """
    layers = network.spiking_layers
    scores: list[list[np.ndarray]] = [[] for _ in scales]
    sums = [dict.fromkeys((layer.name for layer in layers), 0.0) for _ in scales]
    # Neighbours have the same scales in the first layers, which are then not computed again.
    order = sorted(
        range(len(scales)), key=lambda one: [scales[one][layer.name] for layer in layers]
    )
    for first in range(0, len(images), _BATCH):
        expected = None
        for one in order:
            batch = images[first : first + _BATCH]
            expected = _expected(network, batch, scales[one], synapse_s, expected)
            scores[one].append(expected.mean[network.readout.name])
            for name in sums[one]:
                sums[one][name] += float(expected.mean[name].sum(dtype=np.float64))
    sizes = {layer.name: layer.neurons * len(images) for layer in layers}
    return [
        Rectified(np.concatenate(found), {name: total / sizes[name] for name, total in of.items()})
        for found, of in zip(scores, sums, strict=True)
    ]


def _expected(
    network: SpikingNetwork,
    images: np.ndarray,
    scales: Scales,
    synapse_s: float | None,
    other: _Expected | None,
) -> _Expected:
    """Mean and variance of each layer's output.

    Layer by layer: ripples of the spikes before it, taken as regular and independent, give the
    variance of a layer's current; that rectifies to more than its mean, which is what the next
    layer receives. The first layer's current is constant and has no ripple.

    other: of the same images at other scales, of which all is taken that does not depend on these.
    """
    mean: dict[str, np.ndarray] = {}
    variance: dict[str, np.ndarray] = {}
    as_other: set[str] = set()
    for layer in network.layers:
        name = layer.name
        same = other is not None and as_other.issuperset(layer.inputs)
        if same:
            assert other is not None
            mean[name], variance[name] = other.mean[name], other.variance[name]
            if scales.get(name) == other.scales.get(name):
                as_other.add(name)
                continue
        if isinstance(layer, Input):
            mean[name], variance[name] = images, np.zeros_like(images)
        elif isinstance(layer, Spiking):
            if not same:
                current, spread = mean[layer.inputs[0]], variance[layer.inputs[0]]
                rectifies = isinstance(layer.neuron, SpikingReLU)
                mean[name] = rectified_mean(current, np.sqrt(spread) if rectifies else 0 * spread)
            variance[name] = ripple_variance(mean[name], scales[name], synapse_s, network.dt, 1)
        else:
            mean[name] = output_of(layer, [mean[one] for one in layer.inputs])
            variance[name] = passed_variance(layer, [variance[one] for one in layer.inputs])
    return _Expected(scales, mean, variance)
