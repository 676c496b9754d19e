"""One list of neuron types; whatever depends on the type knows every type of it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from fused_networks import random_network

from spikesweep.config.check import read_schema
from spikesweep.errors import UserError
from spikesweep.snn.layers import Spiking
from spikesweep.snn.network import load_network, save_network
from spikesweep.snn.neurons import (
    LIF,
    NEURON_TYPES,
    STARTS,
    IntegrateAndFire,
    Neuron,
    SpikingReLU,
    bending,
    described,
    from_description,
    is_rate_proportional,
    neuron_from,
    saturated_interval_s,
)
from spikesweep.snn.rescale import refusal

SCHEMA = Path(__file__).parents[3] / "config" / "schema.yaml"


@dataclass(frozen=True)
class Invented:
    amplitude: float = 1.0


def test_one_list_holds_every_type_under_the_name_that_the_config_gives_it():
    assert set(NEURON_TYPES.values()) == set(get_args(Neuron))
    schema = read_schema(SCHEMA)
    conversion = schema["properties"]["conversion"]["properties"]
    assert conversion["neuron"]["enum"] == list(NEURON_TYPES)
    # Options of a type are a key of its name.
    assert set(conversion) - {"neuron", "initial_voltages", "seed"} <= set(NEURON_TYPES)
    assert conversion["initial_voltages"]["enum"] == list(STARTS)


@pytest.mark.parametrize("kind", NEURON_TYPES.values())
def test_every_type_is_known_wherever_the_type_matters(kind):
    from spikesweep.conversion.to_nengo import nengo_neuron

    neuron = kind(amplitude=0.5)
    assert from_description(described(neuron)) == neuron
    assert nengo_neuron(neuron).amplitude == 0.5
    # Nengo's own rates say whether twice the current is twice the rate.
    rates = nengo_neuron(neuron).rates(np.array([1.5, 3.0]), gain=1.0, bias=0.0).ravel()
    assert is_rate_proportional(neuron) == (rates[1] == 2 * rates[0])
    assert saturated_interval_s(neuron, 0.001) >= 0.001


@pytest.mark.parametrize("neuron", [LIF(), LIF(tau_ref=0.0, amplitude=0.02)])
def test_what_scaling_makes_of_a_current_is_nengos_rate(neuron):
    from spikesweep.conversion.to_nengo import nengo_neuron

    told = bending(neuron)
    for scale in (1, 10, 100, 1000):
        rate = nengo_neuron(neuron).rates(np.array([1.0]), gain=float(scale), bias=0.0).item()
        # Nengo's rates include the amplitude.
        assert f"{rate / scale:.3g} at scale {scale}" in told
    assert ("faster than 500 Hz" in told) == (neuron.tau_ref > 0)
    assert bending(SpikingReLU()) is None


def test_the_config_chooses_type_and_options():
    assert neuron_from({"neuron": "spiking_relu", "lif": {"tau_rc": 0.1}}) == SpikingReLU()
    assert neuron_from({"neuron": "lif"}) == LIF()
    assert neuron_from({"neuron": "lif", "lif": {"tau_rc": 0.1}}) == LIF(tau_rc=0.1)
    unlimited = {"integrate_and_fire": {"most_spikes_a_step": "none", "amplitude": 0.5}}
    assert neuron_from({"neuron": "integrate_and_fire"} | unlimited) == IntegrateAndFire(None, 0.5)
    with pytest.raises(UserError, match=r"found 'izhikevich'; allowed: spiking_relu, .*, lif"):
        neuron_from({"neuron": "izhikevich"})


def test_unknown_neurons_are_not_written(tmp_path):
    network = random_network("dense", neuron=Invented())
    with pytest.raises(UserError, match=r"layer 'spiking_3' has neurons of the unknown type Inv"):
        save_network(network, tmp_path / "network.npz")
    assert not list(tmp_path.iterdir())


def test_unknown_neurons_are_not_read(tmp_path, monkeypatch):
    path = tmp_path / "network.npz"
    save_network(random_network("dense", neuron=LIF()), path)
    monkeypatch.delitem(NEURON_TYPES, "lif")
    with pytest.raises(UserError, match=r"network\.npz: layer 'spiking_3' .* unknown type LIF"):
        load_network(path)


def test_every_type_survives_the_file(tmp_path):
    network = random_network("dense", neuron=LIF(tau_rc=0.03, min_voltage=-1.0))
    first = network.spiking_layers[0].name
    layers = [
        replace(layer, neuron=SpikingReLU(0.5)) if layer.name == first else layer
        for layer in network.layers
    ]
    mixed = replace(network, layers=tuple(layers))
    save_network(mixed, tmp_path / "network.npz")
    loaded = load_network(tmp_path / "network.npz")
    neurons = [layer.neuron for layer in loaded.layers if isinstance(layer, Spiking)]
    assert neurons == [SpikingReLU(0.5), LIF(tau_rc=0.03, min_voltage=-1.0)]


def test_unknown_neurons_are_not_rescaled():
    assert "unknown type Invented" in refusal(random_network("dense", neuron=Invented()))
