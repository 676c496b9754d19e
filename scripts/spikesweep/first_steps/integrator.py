"""First steps 5: an integrator, a network that remembers.

An ensemble that is connected to itself keeps its value, because at every moment it receives the
value that it held before. An input adds to this value, so the network holds the integral of its
input over time. Only ongoing spikes store it, and their errors add up as well: the value drifts.

Run this file, or open it in NengoGUI: the input pushes up and down until you drag its slider.
"""

from collections.abc import Callable
from typing import Any

import nengo
import numpy as np

DT_S = 0.001  # Nengo's time step


def pushes(t: float) -> float:
    """An input that is 1 for half a second, and later -1 for half a second, every 4 s."""
    phase = t % 4.0
    return float(0.5 <= phase < 1.0) - float(2.5 <= phase < 3.0)


def build(
    *,
    stimulus: Callable[[float], float] | float = pushes,
    neurons: int = 200,
    synapse_s: float = 0.1,
    seed: int = 0,
) -> nengo.Network:
    """Make an ensemble that integrates its input, and the exact integral to compare it with.

    stimulus: the input, constant or a function of the time in s.
    neurons: number of neurons; with more of them the drift is slower.
    synapse_s: time constant of the recurrent synapse, s.
    seed: of all tuning curves.
    """
    with nengo.Network("Integrator", seed=seed) as net:
        net.stimulus = nengo.Node(stimulus, label="input")
        net.integrator = nengo.Ensemble(neurons, dimensions=1, label="integrator")
        # A lowpass synapse forgets at the rate 1 / tau. Feeding the value back makes up for this,
        # so that only the input, times tau, is left: dx/dt = u.
        nengo.Connection(net.integrator, net.integrator, synapse=synapse_s)
        nengo.Connection(net.stimulus, net.integrator, transform=synapse_s, synapse=synapse_s)
        # Only for comparison: dt times the sum of all inputs so far.
        net.exact = nengo.Node(size_in=1, label="exact integral")
        total = nengo.LinearFilter([DT_S], [1, -1], analog=False)
        nengo.Connection(net.stimulus, net.exact, synapse=total)
    return net


def held_values(
    held: float,
    duration_s: float,
    *,
    neurons: int = 200,
    synapse_s: float = 0.1,
    seed: int = 0,
) -> np.ndarray:
    """The value of the ensemble at each step, after an input has pushed it to `held` and ended."""
    push_s = 0.5
    settled_s = push_s + 5 * synapse_s

    def push(t: float) -> float:
        return held / push_s if t <= push_s else 0.0

    with build(stimulus=push, neurons=neurons, synapse_s=synapse_s, seed=seed) as net:
        value = nengo.Probe(net.integrator, synapse=0.05)
    with nengo.Simulator(net, dt=DT_S, progress_bar=False) as simulator:
        simulator.run(settled_s + duration_s)
    return simulator.data[value][round(settled_s / DT_S) :, 0]


def drift_per_s(held: float, duration_s: float, **parameters: Any) -> float:
    """How fast the held value changes, in 1/s; the parameters are those of `held_values`."""
    values = held_values(held, duration_s, **parameters)
    return float((values[-1] - values[0]) / duration_s)


model = build()

if __name__ == "__main__":
    print("An integrator is pushed to a value and left alone: how fast it drifts")
    for count in (50, 200, 800):
        print(f"  {count:3d} neurons: {drift_per_s(0.5, 3.0, neurons=count):+.3f} per second")
