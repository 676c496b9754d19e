"""No engine simulates neurons as something that they are not."""

from dataclasses import dataclass, replace

import pytest
from fused_networks import random_images, random_network

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
from spikesweep.errors import UserError
from spikesweep.simulation.engine import ENGINES, engine_for, engine_named, simulate
from spikesweep.simulation.fused import wiring
from spikesweep.simulation.setting import Setting
from spikesweep.snn.neurons import LIF, SpikingReLU


@dataclass(frozen=True)
class Invented:
    """A type that nobody registered."""

    amplitude: float = 1.0


@dataclass(frozen=True)
class Regular(SpikingReLU):
    """As Nengo derives RegularSpiking: a subclass with other dynamics."""


@pytest.mark.parametrize("neuron", [Invented(), Regular()], ids=repr)
@pytest.mark.parametrize("engine", ENGINES)
def test_both_engines_refuse_an_unknown_neuron_by_name(engine, neuron):
    network = random_network("dense", neuron=neuron)
    kind = type(neuron).__name__
    with pytest.raises(UserError, match=rf"engine {engine}: layer 'spiking_3' has .*{kind}"):
        simulate(network, random_images(1), [Setting(0.01)], 2, engine=engine_named(engine))


def test_the_conversion_refuses_an_unknown_neuron():
    import tf_keras

    from spikesweep.conversion.convert import convert

    model = tf_keras.Sequential(
        [
            tf_keras.Input((4,)),
            tf_keras.layers.Dense(3, activation="relu", name="hidden"),
            tf_keras.layers.Dense(2),
        ]
    )
    with pytest.raises(UserError, match=r"layer 'hidden' has neurons of the unknown type Invented"):
        convert(model, neuron=Invented(), seed=0, input_scale=1.0, input_offset=0.0)


def test_nengo_dl_takes_over_what_the_fused_engine_does_not_know(monkeypatch, caplog):
    network = random_network("dense", neuron=LIF())
    assert engine_for(network, "fused").name == "fused"
    known = wiring.dynamics
    monkeypatch.setattr(
        wiring, "dynamics", lambda neuron: None if isinstance(neuron, LIF) else known(neuron)
    )
    assert engine_for(network, "fused").name == "nengo_dl"
    assert "layer 'spiking_3' has LIF neurons, which it cannot simulate" in caplog.text


def test_nengo_dl_refuses_to_give_all_layers_the_neurons_of_the_first():
    network = random_network("dense")
    last = network.spiking_layers[-1].name
    layers = [
        replace(layer, neuron=LIF()) if layer.name == last else layer for layer in network.layers
    ]
    mixed = replace(network, layers=tuple(layers))
    with pytest.raises(UserError, match=rf"layer '{last}' has LIF\(.*'spiking_3' SpikingReLU\("):
        simulate(mixed, random_images(1), [Setting(0.01)], 2, engine=engine_named("nengo_dl"))
