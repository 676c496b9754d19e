"""The neurons that the fused engine's kernels can simulate."""

from dataclasses import dataclass

from spikesweep.snn.neurons import LIF, SpikingReLU


@dataclass(frozen=True)
class Dynamics:
    """What the kernel `fire` is told of a layer's neurons; times in seconds.

    leaky: LIF with the other parameters; otherwise SpikingReLU, which has none of them.
    """

    leaky: bool
    tau_rc: float = 1.0
    tau_ref: float = 0.0
    min_voltage: float = 0.0


def dynamics(neuron: object) -> Dynamics | None:
    """How the kernels simulate a neuron; None if they cannot, which leaves it to NengoDL.

    Types are compared exactly: a subclass may spike differently.
    """
    if type(neuron) is SpikingReLU:
        return Dynamics(leaky=False)
    if type(neuron) is LIF:
        return Dynamics(True, neuron.tau_rc, neuron.tau_ref, neuron.min_voltage)
    return None
