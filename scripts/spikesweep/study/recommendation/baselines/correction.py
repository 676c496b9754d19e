"""Biases and initial voltages that make neurons give, on average, what those of the ANN give.

Source of both: Li et al. (2021), A free lunch from ANN, arXiv 2106.06984, bias and potential
correction; layers one after the other, as in the authors' code (SNN_Calibration).
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from spikesweep.conversion.calibration.scales import Calibrated
from spikesweep.simulation.as_rates import as_rates
from spikesweep.simulation.engine import simulate
from spikesweep.simulation.interface import Engine, Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Affine, Conv2D, Dense, Layer, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import IntegrateAndFire

# Of a network whose voltages are set: no draw replaces them.
CORRECTED_START = "half"

# What corrects one spiking layer: network, layer, what its neurons lack on average, (*shape) in
# units of their output, and the spikes that one unit of output is in a whole presentation.
Correct = Callable[[SpikingNetwork, Spiking, np.ndarray, float], SpikingNetwork]


def corrected(
    one: Calibrated,
    method: str,
    images: np.ndarray,
    setting: Setting,
    steps: int,
    *,
    engine: Engine,
    limits: Limits,
) -> Calibrated:
    """The network with one of `CORRECTIONS` for a setting and a number of steps.

    images: training images, as the network takes them.

    Each layer is corrected with the layers before it already corrected: on average over the images,
    its spikes are compared with the activations of the trained network.
    """
    network = one.network
    wanted = as_rates(network, images, engine=engine, limits=limits).activations
    for layer in network.spiking_layers:
        (response,) = simulate(
            network, images, [setting], steps, engine=engine, limits=limits, neuron_spikes=True
        )
        counts = response.layers[layer.name].neuron_spikes
        assert counts is not None
        a_spike = layer.neuron.amplitude / (setting.scale_of(layer.name) * network.dt)
        spikes_per_unit = steps / a_spike
        given = counts.mean(axis=0).reshape(layer.shape) / spikes_per_unit
        lacking = wanted[layer.name].mean(axis=0) - given
        network = CORRECTIONS[method](network, layer, lacking, spikes_per_unit)
    return Calibrated(network, one.scales)


def with_bias(
    network: SpikingNetwork, layer: Spiking, lacking: np.ndarray, spikes_per_unit: float
) -> SpikingNetwork:
    """b_c += mean of what the neurons of channel c lack."""
    added = lacking.reshape(-1, layer.shape[-1]).mean(axis=0)
    source = network.by_name[layer.inputs[0]]
    readers = [other for other in network.layers if source.name in other.inputs]
    if isinstance(source, Dense | Conv2D | Affine) and len(readers) == 1:
        return _replaced(network, source, [_with_bias(source, added)])
    # Others read the same current.
    name = f"{layer.name}.bias"
    ones = np.ones(layer.shape[-1], np.float32)
    between = Affine(name, layer.inputs, layer.shape, ones, added.astype(np.float32))
    return _replaced(network, layer, [between, replace(layer, inputs=(name,))])


def with_voltages(
    network: SpikingNetwork, layer: Spiking, lacking: np.ndarray, spikes_per_unit: float
) -> SpikingNetwork:
    """V0 += the spikes that each neuron lacks in a presentation.

    Not below 0 where the neuron itself never goes there.
    """
    current = network.by_name[layer.name]
    assert isinstance(current, Spiking)
    voltages = current.initial_voltages + (lacking * spikes_per_unit).ravel()
    if not isinstance(layer.neuron, IntegrateAndFire):
        voltages = np.maximum(voltages, 0)
    changed = replace(current, initial_voltages=voltages.astype(np.float32))
    return replace(_replaced(network, current, [changed]), start=CORRECTED_START)


# By the name that tables give them.
CORRECTIONS: dict[str, Correct] = {
    "bias_correction": with_bias,
    "potential_correction": with_voltages,
}


def _with_bias(layer: Layer, added: np.ndarray) -> Layer:
    match layer:
        case Affine():
            return replace(layer, offset=(layer.offset + added).astype(np.float32))
        case Dense() | Conv2D():
            return replace(layer, bias=(layer.bias + added).astype(np.float32))
    raise AssertionError(f"{type(layer).__name__} has no bias")


def _replaced(network: SpikingNetwork, old: Layer, new: list[Layer]) -> SpikingNetwork:
    place = [layer.name for layer in network.layers].index(old.name)
    return replace(network, layers=(*network.layers[:place], *new, *network.layers[place + 1 :]))
