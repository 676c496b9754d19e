"""A converted network computes what the Keras model computed, and keeps NengoDL's voltages."""

import numpy as np
import pytest

from spikesweep.errors import UserError
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.interface import Limits
from spikesweep.simulation.setting import Setting
from spikesweep.snn.exchange import with_neuron
from spikesweep.snn.network import load_network, save_network
from spikesweep.snn.neurons import NEURON_TYPES


def test_rebuilt_model_gives_the_same_scores(every_layer, network, images):
    from spikesweep.conversion.build_keras import build_keras

    rebuilt = build_keras(network.layers).predict(images, verbose=0)
    trained = every_layer.predict(images, verbose=0)
    np.testing.assert_allclose(rebuilt, trained, rtol=1e-5, atol=1e-5)


def test_spiking_layers_carry_the_names_of_the_activations(network):
    names = [layer.name for layer in network.spiking_layers]
    assert names == ["conv1", "relu2", "relu3", "conv4", "dense1"]


def test_initial_voltages_are_uniform_and_follow_the_seed(every_layer, network):
    from spikesweep.conversion.convert import convert
    from spikesweep.snn.neurons import SpikingReLU

    def voltages(seed):
        converted = convert(
            every_layer, neuron=SpikingReLU(), seed=seed, input_scale=1.0, input_offset=0.0
        )
        return np.concatenate([layer.initial_voltages for layer in converted.spiking_layers])

    ours = np.concatenate([layer.initial_voltages for layer in network.spiking_layers])
    assert 0 <= ours.min() < ours.max() < 1
    assert ours.std() == pytest.approx(1 / np.sqrt(12), rel=0.15)
    np.testing.assert_array_equal(ours, voltages(3))
    assert not np.array_equal(ours, voltages(4))


@pytest.mark.parametrize("neuron", ["spiking_relu", "integrate_and_fire", "lif"])
def test_initial_voltages_are_those_of_a_simulator(network, neuron):
    from spikesweep.conversion.compat import nengo_dl
    from spikesweep.conversion.to_nengo import drawn_voltages, spiking_neurons, to_nengo

    layers = with_neuron(network, NEURON_TYPES[neuron]()).layers
    converter = to_nengo(layers, seed=3)
    drawn = drawn_voltages(converter, 0.001)
    with nengo_dl.Simulator(converter.net, progress_bar=False) as simulator:
        for name, neurons in spiking_neurons(converter).items():
            expected = simulator.model.sig[neurons]["voltage"].initial_value
            np.testing.assert_array_equal(drawn[name], expected.ravel())
            assert drawn[name].dtype == expected.dtype == np.float32


def test_file_round_trip_keeps_every_bit_and_is_deterministic(network, tmp_path):
    save_network(network, tmp_path / "a.npz")
    loaded = load_network(tmp_path / "a.npz")
    save_network(loaded, tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert [type(layer) for layer in loaded.layers] == [type(layer) for layer in network.layers]
    assert [layer.inputs for layer in loaded.layers] == [layer.inputs for layer in network.layers]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut short"])
def test_broken_network_file_is_refused(tmp_path, content):
    (tmp_path / "n.npz").write_bytes(content)
    with pytest.raises(UserError, match=r"n\.npz: not a spiking network"):
        load_network(tmp_path / "n.npz")


def test_nengo_dl_engine_comes_near_the_rates(network, every_layer, images):
    (response,) = simulate(
        network,
        images,
        [Setting(0.005, 200.0)],
        200,
        engine=engine_named("nengo_dl"),
        limits=Limits(1, 20_000_000),
    )
    rates = every_layer.predict(images, verbose=0)
    late = response.scores[:, 150:].mean(axis=1)
    assert np.abs(late - rates).max() < 0.15 * np.abs(rates).max()
    assert set(response.layers) == {layer.name for layer in network.spiking_layers}


def test_nengo_dl_engine_does_not_depend_on_the_batch(network, images):
    def scores(memory_bytes):
        (response,) = simulate(
            network,
            images,
            [Setting(0.005)],
            20,
            engine=engine_named("nengo_dl"),
            limits=Limits(1, memory_bytes),
        )
        return response.scores

    np.testing.assert_allclose(scores(1), scores(10**9), atol=1e-6)


def test_setting_with_an_unknown_layer_is_refused(network):
    with pytest.raises(UserError, match=r"no spiking layer is named 'conv2'; .* conv1, relu2"):
        Setting.per_layer(0.01, {"conv2": 3.0}).check(network)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (Setting(-0.1), "synapse_s: found -0.1"),
        (Setting(None, 0.0), "scale_firing_rates of all layers: found 0.0"),
        (Setting.per_layer(None, {"conv1": -1.0}), "scale_firing_rates of conv1: found -1.0"),
    ],
)
def test_impossible_setting_is_refused(network, setting, message):
    with pytest.raises(UserError, match=message):
        setting.check(network)
