"""Convert a trained Keras model into a SpikingNetwork, through NengoDL's Converter."""

import dataclasses
import logging
from collections.abc import Sequence
from typing import Any

import numpy as np

from spikesweep.conversion.read_keras import read_keras
from spikesweep.conversion.to_nengo import drawn_voltages, to_nengo
from spikesweep.snn.layers import Layer, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import Neuron

logger = logging.getLogger(__name__)

# NengoDL's default time step, s.
DT = 0.001


def convert(
    model: Any,
    *,
    neuron: Neuron,
    seed: int,
    input_scale: float | Sequence[float],
    input_offset: float | Sequence[float],
) -> SpikingNetwork:
    """Convert a built tf_keras model.

    seed: the Nengo network's, from which the initial voltages are drawn.
    input_scale, input_offset: the model was trained on image * input_scale + input_offset.

    Raises UserError, naming the layer and the remedy, for what would not spike as trained.
    """
    layers = read_keras(model, neuron)
    return SpikingNetwork(
        layers=_with_voltages(layers, seed),
        seed=seed,
        dt=DT,
        input_scale=np.asarray(input_scale, np.float32),
        input_offset=np.asarray(input_offset, np.float32),
    )


def _with_voltages(layers: tuple[Layer, ...], seed: int) -> tuple[Layer, ...]:
    voltages = drawn_voltages(to_nengo(layers, seed=seed), DT)
    return tuple(
        dataclasses.replace(layer, initial_voltages=voltages[layer.name])
        if isinstance(layer, Spiking)
        else layer
        for layer in layers
    )
