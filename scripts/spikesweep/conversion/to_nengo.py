"""Hand a network to NengoDL's Converter with all that decides the result made explicit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, assert_never

import nengo
import numpy as np
import tf_keras
from nengo.params import iter_params

# So that NengoDL knows the neuron.
import spikesweep.conversion.integrate_and_fire_builder  # noqa: F401
from spikesweep.conversion import integrate_and_fire
from spikesweep.conversion.build_keras import build_keras
from spikesweep.conversion.compat import nengo_dl
from spikesweep.errors import UserError
from spikesweep.snn.layers import Layer, Spiking, unknown_neuron
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import LIF, IntegrateAndFire, Neuron, SpikingReLU


def to_nengo(
    layers: Sequence[Layer],
    *,
    seed: int,
    synapse_s: float | None = None,
    scale_firing_rates: dict[str, float] | None = None,
) -> Any:
    """NengoDL's Converter of the layers of a SpikingNetwork, with a seed, without any fallback.

    scale_firing_rates: factor of each layer, by the name of the spiking layer.

    Raises UserError as `refusal` says.
    """
    if reason := refusal(layers):
        raise UserError(reason)
    model = build_keras(layers)
    neuron = next(layer.neuron for layer in layers if isinstance(layer, Spiking))
    scales = {model.get_layer(name): scale for name, scale in (scale_firing_rates or {}).items()}
    converter = nengo_dl.Converter(
        model,
        allow_fallback=False,
        inference_only=True,
        swap_activations={tf_keras.activations.relu: nengo_neuron(neuron)},
        scale_firing_rates=scales or None,
        synapse=synapse_s,
    )
    # Without it, each build would draw different initial voltages.
    converter.net.seed = seed
    return converter


def refusal(layers: Sequence[Layer]) -> str | None:
    """Why NengoDL cannot simulate these layers, naming one; None if it can."""
    if unknown := unknown_neuron(layers):
        return unknown
    first, *others = (layer for layer in layers if isinstance(layer, Spiking))
    for layer in others:
        if layer.neuron != first.neuron:
            return (
                f"layer {layer.name!r} has {layer.neuron}, layer {first.name!r} {first.neuron}; "
                f"NengoDL's Converter gives all layers the same neurons"
            )
    return None


def nengo_neuron(neuron: Neuron) -> nengo.neurons.NeuronType:
    """Nengo's own neuron type for one of ours."""
    match neuron:
        case SpikingReLU():
            return nengo.SpikingRectifiedLinear(amplitude=neuron.amplitude)
        case IntegrateAndFire():
            return integrate_and_fire.IntegrateAndFire(
                most_spikes_a_step=neuron.most_spikes_a_step, amplitude=neuron.amplitude
            )
        case LIF():
            return nengo.LIF(
                tau_rc=neuron.tau_rc,
                tau_ref=neuron.tau_ref,
                min_voltage=neuron.min_voltage,
                amplitude=neuron.amplitude,
            )
        case _:
            assert_never(neuron)


def start_at(converter: Any, network: SpikingNetwork) -> None:
    """Let the neurons start with the voltages of the network, instead of drawing them again."""
    for name, neurons in spiking_neurons(converter).items():
        layer = network.by_name[name]
        assert isinstance(layer, Spiking)
        kind = neurons.ensemble.neuron_type
        # Neuron types are frozen; the Converter has divided the amplitude of this one by its scale.
        parameters = {name: getattr(kind, name) for name in iter_params(kind)}
        parameters["initial_state"] = {"voltage": layer.initial_voltages}
        neurons.ensemble.neuron_type = type(kind)(**parameters)


def drawn_voltages(converter: Any, dt: float) -> dict[str, np.ndarray]:
    """Initial voltages (n_neurons,) float32 of each spiking layer, drawn as by NengoDL's Simulator.

    That draws them as it builds the network, before it makes a TensorFlow graph of it, which takes
    much longer and is left out.
    """
    model = nengo_dl.builder.NengoModel(
        dt=dt, builder=nengo_dl.builder.NengoBuilder(), fail_fast=False
    )
    with _single_precision():
        model.build(converter.net)
    return {
        name: np.asarray(model.sig[neurons]["voltage"].initial_value, dtype=np.float32).ravel()
        for name, neurons in spiking_neurons(converter).items()
    }


@contextmanager
def _single_precision() -> Iterator[None]:
    """Let Nengo build in float32, as NengoDL's Simulator does by default."""
    bits = nengo.rc.get("precision", "bits")
    nengo.rc.set("precision", "bits", "32")
    try:
        yield
    finally:
        nengo.rc.set("precision", "bits", bits)


def spiking_neurons(converter: Any) -> dict[str, Any]:
    """Nengo's `Neurons` object of each spiking layer, by the Keras layer's name.

    Layers without their own object (Flatten) share that of the layer that they read.
    """
    found: dict[str, Any] = {}
    for layer in converter.model.layers:
        obj = converter.layers[layer]
        if isinstance(obj, nengo.ensemble.Neurons) and obj not in found.values():
            found[layer.name] = obj
    return found
