"""First steps 3: a lowpass synapse and what its time constant does.

A synapse turns each spike into a pulse that jumps up and decays with the time constant tau. The
pulses add up. A short tau follows the neuron at once but ripples with every spike; a long tau is
smooth but late. The area of a pulse is always 1, so the mean is the firing rate.

Run this file, or open it in NengoGUI: the input switches on and off until you drag its slider.
"""

from collections.abc import Callable, Sequence

import nengo
import numpy as np


def switch(t: float) -> float:
    """An input that is off for 0.5 s, on for 0.5 s, and so on."""
    return float(t % 1.0 >= 0.5)


def build(
    *,
    stimulus: Callable[[float], float] | float = switch,
    synapse_s: Sequence[float] = (0.002, 0.02, 0.1),
    max_rate_hz: float = 40.0,
    seed: int = 0,
) -> nengo.Network:
    """Make a neuron whose spikes pass three synapses, from the fastest to the slowest.

    stimulus: the input, between 0 and 1, constant or a function of the time in s.
    synapse_s: the time constants, s.
    max_rate_hz: firing rate of the neuron at input 1; at input 0 it is silent.
    seed: of the neuron's initial voltage.
    """
    fast, medium, slow = sorted(synapse_s)
    with nengo.Network("Synapse", seed=seed) as net:
        net.stimulus = nengo.Node(stimulus, label="input")
        net.neuron = nengo.Ensemble(
            n_neurons=1,
            dimensions=1,
            encoders=[[1]],
            max_rates=[max_rate_hz],
            intercepts=[0.1],
            label="neuron",
        )
        nengo.Connection(net.stimulus, net.neuron, synapse=None)
        net.fast = nengo.Node(size_in=1, label=f"{1000 * fast:g} ms")
        net.medium = nengo.Node(size_in=1, label=f"{1000 * medium:g} ms")
        net.slow = nengo.Node(size_in=1, label=f"{1000 * slow:g} ms")
        for node, tau_s in ((net.fast, fast), (net.medium, medium), (net.slow, slow)):
            nengo.Connection(net.neuron.neurons, node, synapse=nengo.Lowpass(tau_s))
    return net


def impulse_response(times_s: np.ndarray, tau_s: float) -> np.ndarray:
    """Response of a lowpass synapse to one spike at time 0: exp(-t / tau) / tau, from t = 0."""
    times_s = np.asarray(times_s)
    return np.where(times_s >= 0, np.exp(-np.maximum(times_s, 0) / tau_s) / tau_s, 0.0)


def ripple_hz(rate_hz: float, tau_s: float, dt_s: float = 0.001) -> tuple[float, float]:
    """Lowest and highest value of the filtered spikes of a neuron that fires regularly.

    A pulse has the height (1 - exp(-dt / tau)) / dt, the impulse response averaged over a time
    step. The pulses of all earlier spikes, each 1 / rate older than the next, form a geometric
    series.
    """
    decay = np.exp(-1 / (rate_hz * tau_s))
    highest = -np.expm1(-dt_s / tau_s) / dt_s / (1 - decay)
    return decay * highest, highest


def measured_ripple_hz(rate_hz: float, tau_s: float) -> tuple[float, float]:
    """Simulate a neuron at a constant input; lowest and highest value after it has settled."""
    with build(stimulus=1.0, synapse_s=[tau_s] * 3, max_rate_hz=rate_hz) as net:
        filtered = nengo.Probe(net.slow)
    settled_s = 10 * tau_s
    with nengo.Simulator(net, progress_bar=False) as simulator:
        simulator.run(settled_s + 1.0)
    settled = simulator.data[filtered][simulator.trange() > settled_s]
    return float(settled.min()), float(settled.max())


model = build()

if __name__ == "__main__":
    print("A neuron fires at 40 Hz; its spikes after a synapse, simulated and in theory")
    for tau in (0.002, 0.02, 0.1):
        (low, high), (low_theory, high_theory) = measured_ripple_hz(40, tau), ripple_hz(40, tau)
        print(
            f"  tau {1000 * tau:3.0f} ms: between {low:4.1f} and {high:5.1f} Hz"
            f" ({low_theory:4.1f} and {high_theory:5.1f})"
        )
