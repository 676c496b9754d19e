"""One step of spikes that are worth little is the trained network."""

import numpy as np
import pytest
from every_layer import every_layer, images, network

from spikesweep.simulation.as_rates import as_rates
from spikesweep.simulation.engine import engine_named
from spikesweep.simulation.interface import Limits

__all__ = ["every_layer", "images", "network"]


@pytest.mark.parametrize("engine", ["fused", "nengo_dl"])
def test_activations_and_scores_are_those_of_the_trained_network(network, images, engine):
    import tf_keras

    from spikesweep.conversion.build_keras import build_keras

    model = build_keras(network.layers)
    names = [layer.name for layer in network.spiking_layers]
    tapped = tf_keras.Model(model.input, [model.get_layer(name).output for name in names])
    found = as_rates(network, images, engine=engine_named(engine), limits=Limits())
    for name, expected in zip(names, tapped.predict(images, verbose=0), strict=True):
        assert found.activations[name].shape == expected.shape
        np.testing.assert_allclose(found.activations[name], expected, atol=0.002)
    scores = model.predict(images, verbose=0)
    np.testing.assert_allclose(found.scores, scores, atol=0.005)
