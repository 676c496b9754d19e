"""First steps 1: one spiking neuron and its tuning curve.

A leaky integrate-and-fire neuron takes a current J and turns it into spikes. Below a threshold
it is silent; above the threshold, the stronger the current, the faster it fires. The firing rate
as a function of the input is the tuning curve of the neuron.

Run this file, or open it in NengoGUI: the input wanders up and down until you drag its slider.
"""

from collections.abc import Callable
from typing import Any

import nengo
import numpy as np


def wander(t: float) -> float:
    """An input that goes from -1 to 1 and back in 4 s."""
    return -np.cos(np.pi * t / 2)


def build(
    *,
    stimulus: Callable[[float], float] | float = wander,
    tau_rc_s: float = 0.02,
    tau_ref_s: float = 0.002,
    max_rate_hz: float = 100.0,
    intercept: float = -0.5,
    seed: int = 0,
) -> nengo.Network:
    """Make a network of one neuron.

    stimulus: the input, between -1 and 1, constant or a function of the time in s.
    tau_rc_s: membrane time constant, s, the time in which the neuron forgets.
    tau_ref_s: refractory period, s, the rest after a spike.
    max_rate_hz: firing rate at input 1.
    intercept: the input at which the neuron begins to fire.
    seed: of the neuron's initial voltage.
    """
    with nengo.Network("One neuron", seed=seed) as net:
        net.stimulus = nengo.Node(stimulus, label="input")
        net.neuron = nengo.Ensemble(
            n_neurons=1,
            dimensions=1,
            neuron_type=nengo.LIF(tau_rc=tau_rc_s, tau_ref=tau_ref_s),
            encoders=[[1]],
            max_rates=[max_rate_hz],
            intercepts=[intercept],
            label="neuron",
        )
        net.rate = nengo.Node(size_in=1, label="rate (Hz)")
        nengo.Connection(net.stimulus, net.neuron, synapse=None)
        # A spike lasts one step and has area 1, so that the average is the rate in hertz.
        nengo.Connection(net.neuron.neurons, net.rate, synapse=nengo.Alpha(0.05))
        # Only for plotting: the rate over the input, both with the same delay.
        net.tuning_curve = nengo.Node(size_in=2, label="tuning curve")
        nengo.Connection(net.stimulus, net.tuning_curve[0], synapse=nengo.Alpha(0.05))
        nengo.Connection(net.rate, net.tuning_curve[1], synapse=None, transform=1 / max_rate_hz)
    return net


def lif_rate_hz(current: np.ndarray, *, tau_rc_s: float, tau_ref_s: float) -> np.ndarray:
    """Firing rate of a LIF neuron at a constant current J; it fires if J is more than 1.

    rate = 1 / (tau_ref - tau_rc ln(1 - 1/J)) for J > 1, else 0. The denominator is
    the time that the voltage J (1 - exp(-t / tau_rc)) takes to reach 1, plus the refractory period.
    """
    fires = np.asarray(current) > 1
    strong = np.where(fires, current, 2.0)
    return np.where(fires, 1 / (tau_ref_s - tau_rc_s * np.log1p(-1 / strong)), 0.0)


def measured_rate_hz(stimulus: float, duration_s: float, **parameters: Any) -> float:
    """Simulate a neuron at a constant input and count its spikes; parameters as in `build`."""
    with build(stimulus=stimulus, **parameters) as net:
        spikes = nengo.Probe(net.neuron.neurons)
    with nengo.Simulator(net, progress_bar=False) as simulator:
        simulator.run(duration_s)
    return np.count_nonzero(simulator.data[spikes]) / duration_s


model = build()

if __name__ == "__main__":
    print("One LIF neuron: how fast it fires at a constant input")
    for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
        print(f"  input {value:4.1f}: {measured_rate_hz(value, duration_s=1.0):3.0f} Hz")
