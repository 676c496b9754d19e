"""The two spiking neuron models, as NengoDL simulates them.

Time advances in steps of `dt` seconds. J is the input current of a neuron after gain
(dimensionless), V its membrane voltage (firing threshold 1), z its output in the step.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class SpikingReLU:
    """Integrate-and-fire without leak: its rate is max(J, 0) in hertz, for any J.

    V += max(J, 0) * dt;  k = floor(V);  V -= k;  z = amplitude * k / dt

    More than one spike may fall into a step. Source: nengo.SpikingRectifiedLinear.
    """

    amplitude: float = 1.0


@dataclass(frozen=True)
class LIF:
    """Leaky integrate-and-fire with a refractory period, at most one spike a step.

    d = clip(dt - r, 0, dt);  V += (V - J) * expm1(-d / tau_rc);  spike if V > 1
    r = tau_ref + tau_rc * log1p((1 - V) / (J - 1)) after a spike, else r - dt
    V = 0 after a spike, else max(V, min_voltage);  z = amplitude / dt after a spike

    tau_rc: membrane time constant (s); tau_ref: refractory period (s); r: what is left of
    it (s). Source: nengo.LIF.
    """

    tau_rc: float = 0.02
    tau_ref: float = 0.002
    min_voltage: float = 0.0
    amplitude: float = 1.0


Neuron = SpikingReLU | LIF
