"""A rescaled network computes the same as rates, and spikes as scaled layers do."""

import dataclasses

import numpy as np
import pytest

from spikesweep.errors import UserError
from spikesweep.simulation.engine import engine_named, simulate
from spikesweep.simulation.setting import Setting
from spikesweep.snn.layers import Affine, Conv2D, Dense
from spikesweep.snn.neurons import LIF
from spikesweep.snn.rescale import refusal, rescale

# Of `every_layer`: relu3 adds conv1, over a shortcut, to conv3, and dense1 joins it with conv4.
FACTORS = {"conv1": 3.0, "relu2": 0.2, "relu3": 7.0, "conv4": 0.5, "dense1": 11.0}
# One for each channel or unit.
BY_CHANNEL = {
    "conv1": np.array([3.0, 0.5, 1.0, 2.0]),
    "relu2": 0.2,
    "relu3": np.array([7.0, 1.0, 0.3, 2.0]),
    "conv4": np.array([0.5, 4.0, 1.5]),
    "dense1": np.array([11.0, 1.0, 0.1, 2.0, 5.0]),
}


@pytest.mark.parametrize("factors", [FACTORS, BY_CHANNEL], ids=["layers", "channels"])
def test_as_rates_it_computes_the_same(network, images, factors):
    from spikesweep.conversion.build_keras import build_keras

    before = build_keras(network.layers).predict(images, verbose=0)
    after = build_keras(rescale(network, factors).layers).predict(images, verbose=0)
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("factors", [FACTORS, BY_CHANNEL], ids=["layers", "channels"])
def test_each_layer_is_driven_as_much_stronger_as_asked(network, images, factors):
    import tf_keras

    from spikesweep.conversion.build_keras import build_keras

    def activations(some):
        model = build_keras(some.layers)
        outputs = {name: model.get_layer(name).output for name in factors}
        return tf_keras.Model(model.input, outputs).predict(images, verbose=0)

    before, after = activations(network), activations(rescale(network, factors))
    for name, factor in factors.items():
        np.testing.assert_allclose(after[name], factor * before[name], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("engine", "factors"),
    # NengoDL draws voltages for the layers that it is given: no gain may be added.
    [("fused", FACTORS), ("nengo_dl", {"conv1": 3, "relu2": 0.2, "relu3": 3, "conv4": 3})],
)
def test_it_spikes_as_the_original_does_with_these_scales(network, images, engine, factors):
    scales = {name: 20 * factor for name, factor in factors.items()}

    def run(some, setting):
        (response,) = simulate(
            some, images, [setting], 20, engine=engine_named(engine), neuron_spikes=True
        )
        return response

    scaled = run(network, Setting.per_layer(0.005, scales))
    rescaled = run(rescale(network, scales), Setting(0.005, 1.0))
    for name, activity in scaled.layers.items():
        ours, theirs = rescaled.layers[name].neuron_spikes, activity.neuron_spikes
        # A voltage within rounding of the threshold fires one step sooner or later.
        assert (ours != theirs).mean() <= 0.01
        assert ours.sum() == pytest.approx(theirs.sum(), rel=1e-3)
    assert sum(activity.spikes.sum() for activity in scaled.layers.values()) > 500
    size = np.abs(scaled.scores).max()
    np.testing.assert_allclose(rescaled.scores, scaled.scores, atol=0.01 * size)


def test_weights_absorb_the_factors_and_only_bare_shortcuts_get_a_gain(network):
    def added(factors):
        old = {layer.name for layer in network.layers}
        return [layer for layer in rescale(network, factors).layers if layer.name not in old]

    assert added({"relu2": 5.0, "dense1": 3.0}) == []
    assert added({"conv1": 5.0, "relu3": 5.0, "conv4": 5.0}) == []
    (gain,) = added({"conv1": 4.0, "relu3": 2.0, "conv4": 2.0})
    assert isinstance(gain, Affine)
    assert gain.inputs == ("conv1",)
    assert (gain.scale == 0.5).all()


def test_factors_of_one_change_no_weight(network):
    same = rescale(network, dict.fromkeys(FACTORS, 1.0))
    for before, after in zip(network.layers, same.layers, strict=True):
        assert before.name == after.name
        if isinstance(before, Dense | Conv2D):
            np.testing.assert_array_equal(before.kernel, after.kernel)
            np.testing.assert_array_equal(before.bias, after.bias)


def test_neurons_that_are_not_linear_are_refused(network):
    lif = dataclasses.replace(
        network,
        layers=tuple(
            dataclasses.replace(layer, neuron=LIF()) if layer.name == "relu2" else layer
            for layer in network.layers
        ),
    )
    assert refusal(network) is None
    assert "relu2" in refusal(lif)
    with pytest.raises(UserError, match=r"relu2: the rate of LIF .* use another neuron"):
        rescale(lif, {"conv1": 2.0})


@pytest.mark.parametrize(
    ("factors", "message"),
    [
        ({"conv3": 2.0}, "no spiking layer is named 'conv3'; the spiking layers are conv1, relu2"),
        ({"conv1": 0.0}, "factor of conv1: found 0.0; it must be a number > 0"),
        ({"conv1": np.inf}, "factor of conv1: found inf"),
    ],
)
def test_mistakes_are_named(network, factors, message):
    with pytest.raises(UserError, match=message):
        rescale(network, factors)
