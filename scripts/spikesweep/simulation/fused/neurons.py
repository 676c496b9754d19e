"""The neurons that the fused engine's kernels can simulate."""

import math
from dataclasses import dataclass

from spikesweep.snn.neurons import LIF, IntegrateAndFire, SpikingReLU


@dataclass(frozen=True)
class Dynamics:
    """What the kernel `fire` is told of a layer's neurons; times in seconds.

    leaky: LIF with the times and the lowest voltage; otherwise SpikingReLU, or IntegrateAndFire
        if `signed`, which have none of them.
    most_spikes: in one step, of IntegrateAndFire; infinite for no limit.
    """

    leaky: bool = False
    signed: bool = False
    most_spikes: float = math.inf
    tau_rc: float = 1.0
    tau_ref: float = 0.0
    min_voltage: float = 0.0


def dynamics(neuron: object) -> Dynamics | None:
    """How the kernels simulate a neuron; None if they cannot, which leaves it to NengoDL.

    Types are compared exactly: a subclass may spike differently.
    """
    if type(neuron) is SpikingReLU:
        return Dynamics()
    if type(neuron) is IntegrateAndFire:
        return Dynamics(signed=True, most_spikes=neuron.most_spikes_a_step or math.inf)
    if type(neuron) is LIF:
        return Dynamics(
            leaky=True,
            tau_rc=neuron.tau_rc,
            tau_ref=neuron.tau_ref,
            min_voltage=neuron.min_voltage,
        )
    return None
