"""Hand a Keras model to NengoDL's Converter with all that decides the result made explicit."""

from typing import Any

import nengo
import numpy as np
import tf_keras

from spikesweep.conversion.compat import nengo_dl
from spikesweep.snn.neurons import LIF, Neuron


def to_nengo(
    model: Any,
    neuron: Neuron,
    *,
    seed: int,
    synapse_s: float | None = None,
    scale_firing_rates: dict[str, float] | None = None,
) -> Any:
    """NengoDL's Converter of a tf_keras model, with a seed and without any fallback.

    scale_firing_rates: factor of each layer, by the name of the layer that owns the
        activation.
    """
    scales = {model.get_layer(name): scale for name, scale in (scale_firing_rates or {}).items()}
    converter = nengo_dl.Converter(
        model,
        allow_fallback=False,
        inference_only=True,
        swap_activations={tf_keras.activations.relu: nengo_neuron(neuron)},
        scale_firing_rates=scales or None,
        synapse=synapse_s,
    )
    # Without it each build would draw other initial voltages.
    converter.net.seed = seed
    return converter


def nengo_neuron(neuron: Neuron) -> nengo.neurons.NeuronType:
    """Nengo's own neuron type for one of ours."""
    if isinstance(neuron, LIF):
        return nengo.LIF(
            tau_rc=neuron.tau_rc,
            tau_ref=neuron.tau_ref,
            min_voltage=neuron.min_voltage,
            amplitude=neuron.amplitude,
        )
    return nengo.SpikingRectifiedLinear(amplitude=neuron.amplitude)


def initial_voltages(simulator: Any, converter: Any) -> dict[str, np.ndarray]:
    """Initial voltages (n_neurons,) float32 of each spiking layer, as NengoDL drew them."""
    return {
        name: np.asarray(
            simulator.model.sig[neurons]["voltage"].initial_value, dtype=np.float32
        ).ravel()
        for name, neurons in spiking_neurons(converter).items()
    }


def spiking_neurons(converter: Any) -> dict[str, Any]:
    """Nengo's `Neurons` object of each spiking layer, by the Keras layer's name.

    Layers without an object of their own (Flatten) share the one that they read.
    """
    found = {}
    for layer in converter.model.layers:
        obj = converter.layers[layer]
        if isinstance(obj, nengo.ensemble.Neurons) and obj not in found.values():
            found[layer.name] = obj
    return found
