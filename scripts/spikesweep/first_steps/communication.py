"""First steps 4: communication and computation between ensembles.

A connection decodes a value from the spikes of one ensemble and encodes it into the spikes of the
next. With other decoders, the same spikes give a function of the value: its square, or the product
of two values. Spiking networks compute with the weights between their ensembles.

Run this file, or open it in NengoGUI: the two inputs wander until you drag their sliders.
"""

from collections.abc import Callable
from typing import TypeVar

import nengo
import numpy as np

# One, or many at once.
Times = TypeVar("Times", float, np.ndarray)


def wander_x(t: Times) -> Times:
    """An input that goes from -0.9 to 0.9 and back in 4 s."""
    return 0.9 * np.sin(np.pi * t / 2)


def wander_y(t: Times) -> Times:
    """An input that goes from -0.9 to 0.9 and back in 1.6 s."""
    return 0.9 * np.cos(2 * np.pi * t / 1.6)


def build(
    *,
    stimulus_x: Callable[[float], float] | float = wander_x,
    stimulus_y: Callable[[float], float] | float = wander_y,
    neurons: int = 100,
    synapse_s: float = 0.01,
    seed: int = 0,
) -> nengo.Network:
    """Make ensembles for x and y, and others that receive a copy of x, its square, and x times y.

    stimulus_x, stimulus_y: inputs between -1 and 1, constant or functions of the time in s.
    neurons: number in each ensemble; the one that holds both x and y has twice as many.
    synapse_s: time constant of the lowpass filter on each connection, s.
    seed: of all tuning curves.
    """
    with nengo.Network("Communication", seed=seed) as net:
        net.stimulus_x = nengo.Node(stimulus_x, label="input x")
        net.stimulus_y = nengo.Node(stimulus_y, label="input y")
        net.x = nengo.Ensemble(neurons, dimensions=1, label="x")
        net.y = nengo.Ensemble(neurons, dimensions=1, label="y")
        nengo.Connection(net.stimulus_x, net.x, synapse=None)
        nengo.Connection(net.stimulus_y, net.y, synapse=None)

        net.copy = nengo.Ensemble(neurons, dimensions=1, label="copy of x")
        nengo.Connection(net.x, net.copy, synapse=synapse_s)

        net.square = nengo.Ensemble(neurons, dimensions=1, label="x squared")
        nengo.Connection(net.x, net.square, function=np.square, synapse=synapse_s)

        # A product needs neurons that see both factors; x and y fill a square, not a circle.
        net.both = nengo.Ensemble(2 * neurons, dimensions=2, radius=np.sqrt(2), label="x and y")
        nengo.Connection(net.x, net.both[0], synapse=synapse_s)
        nengo.Connection(net.y, net.both[1], synapse=synapse_s)
        net.product = nengo.Ensemble(neurons, dimensions=1, label="x times y")
        nengo.Connection(net.both, net.product, function=np.prod, synapse=synapse_s)
    return net


def errors(
    duration_s: float, *, neurons: int = 100, synapse_s: float = 0.01, seed: int = 0
) -> dict[str, float]:
    """Root mean square errors of copy, square and product while both inputs wander.

    The values that the ensembles hold are compared with the exact functions, delayed by the same
    synapses.
    """
    names = ("copy", "square", "product")
    with build(neurons=neurons, synapse_s=synapse_s, seed=seed) as net:
        probes = {name: nengo.Probe(getattr(net, name), synapse=synapse_s) for name in names}
    with nengo.Simulator(net, progress_bar=False) as simulator:
        simulator.run(duration_s)
    exact = delayed_functions(simulator.trange(), synapse_s)
    return {
        name: float(np.sqrt(np.mean((simulator.data[probes[name]] - exact[name]) ** 2)))
        for name in names
    }


def delayed_functions(times_s: np.ndarray, synapse_s: float) -> dict[str, np.ndarray]:
    """Exact copy, square and product of the wandering inputs (N, 1), after all synapses passed.

    A value passes one synapse from each ensemble to the next, and one more when it is read.
    """
    x, y = wander_x(times_s[:, None]), wander_y(times_s[:, None])

    def passed(values: np.ndarray) -> np.ndarray:
        return nengo.Lowpass(synapse_s).filt(values, y0=0)

    return {
        "copy": passed(passed(x)),
        "square": passed(passed(x**2)),
        "product": passed(passed(passed(x) * passed(y))),
    }


model = build()

if __name__ == "__main__":
    print("Connections that compute: error of the value that each ensemble holds")
    for name, error in errors(4.0).items():
        print(f"  {name:8s} {error:.3f}")
