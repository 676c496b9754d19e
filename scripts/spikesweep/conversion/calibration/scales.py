"""Thresholds as a spiking network with firing-rate scales."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from spikesweep.conversion.calibration.thresholds import THRESHOLDS, percentile
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.rescale import rescale

# These say how the layers' thresholds relate, and not how large they are.
_RELATIVE = ("equal_rates",)


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A network and the scale of each spiking layer, which give its neurons their thresholds.

    network: as it was, unless channels of a layer have thresholds of their own: then its weights
        hold the differences between them.
    """

    network: SpikingNetwork
    scales: dict[str, float]


def calibrated(
    network: SpikingNetwork, activations: Mapping[str, np.ndarray], method: str
) -> Calibrated:
    """The network with the thresholds of one of `THRESHOLDS`.

    activations: of the trained network on training images, by layer.

    The scale of a layer is a / (theta dt), with the mean theta of its channels and the amplitude a
    of its neurons. Thresholds that only say how layers relate are multiplied by one number, so that
    their geometric mean is that of `percentile`.
    """
    thetas = {name: THRESHOLDS[method](found) for name, found in activations.items()}
    if method in _RELATIVE:
        usual = [np.mean(percentile(found)) for found in activations.values()]
        ours = [np.mean(theta) for theta in thetas.values()]
        size = np.exp(np.mean(np.log(usual)) - np.mean(np.log(ours)))
        thetas = {name: theta * size for name, theta in thetas.items()}
    by_channel = {
        name: theta.mean() / theta
        for name, theta in thetas.items()
        if isinstance(theta, np.ndarray)
    }
    return Calibrated(
        network=rescale(network, by_channel) if by_channel else network,
        scales={
            layer.name: float(layer.neuron.amplitude / (np.mean(thetas[layer.name]) * network.dt))
            for layer in network.spiking_layers
        },
    )
