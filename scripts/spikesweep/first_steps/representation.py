"""First steps 2: an ensemble that represents a value.

Each neuron of an ensemble prefers high or low values, and begins to fire at a different value. No
single neuron represents the value, but a weighted sum of all their spikes, the decoded value, comes
close. The weights, called decoders, are found by least squares: they are the first trained weights
of this course.

Run this file, or open it in NengoGUI: the input wanders up and down until you drag its slider.
"""

from collections.abc import Callable

import nengo
import numpy as np


def wander(t: float) -> float:
    """An input that goes from -0.9 to 0.9 and back in 2 s."""
    return 0.9 * np.sin(np.pi * t)


def build(
    *,
    stimulus: Callable[[float], float] | float = wander,
    neurons: int = 50,
    synapse_s: float = 0.02,
    seed: int = 0,
) -> nengo.Network:
    """Make an ensemble, its input, and the value that is decoded from its spikes.

    stimulus: the input, between -1 and 1, constant or a function of the time in s.
    neurons: number of neurons; with more of them the error is smaller.
    synapse_s: time constant of the lowpass filter on the decoded value, s.
    seed: of the tuning curves.
    """
    with nengo.Network("Representation", seed=seed) as net:
        net.stimulus = nengo.Node(stimulus, label="input")
        net.ensemble = nengo.Ensemble(neurons, dimensions=1, label="ensemble")
        net.decoded = nengo.Node(size_in=1, label="decoded value")
        nengo.Connection(net.stimulus, net.ensemble, synapse=None)
        nengo.Connection(net.ensemble, net.decoded, synapse=synapse_s)
    return net


def error(duration_s: float, *, neurons: int = 50, synapse_s: float = 0.02, seed: int = 0) -> float:
    """Root mean square error of the decoded value while the input wanders.

    The decoded value is compared with the input after the same filter, so that the error is that
    of the spikes, without the delay.
    """
    with build(neurons=neurons, synapse_s=synapse_s, seed=seed) as net:
        decoded = nengo.Probe(net.decoded)
        exact = nengo.Probe(net.stimulus, synapse=synapse_s)
    with nengo.Simulator(net, progress_bar=False) as simulator:
        simulator.run(duration_s)
    return float(np.sqrt(np.mean((simulator.data[decoded] - simulator.data[exact]) ** 2)))


model = build()

if __name__ == "__main__":
    print("An ensemble represents a value between -1 and 1: error of the decoded value")
    for count in (10, 50, 250):
        print(f"  {count:3d} neurons: {error(2.0, neurons=count):.3f}")
