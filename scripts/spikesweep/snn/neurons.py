"""The spiking neuron models, as NengoDL simulates them.

A new one is a dataclass here, a member of `Neuron` and an entry of `NEURON_TYPES`; then each
`match` that ends in `assert_never` asks for it: those below, and `conversion.to_nengo`. The
fused engine leaves it to NengoDL unless `simulation.fused.neurons` knows it.

Time advances in steps of `dt` seconds. J is the input current of a neuron after gain
(dimensionless), V its membrane voltage (firing threshold 1), z its output in the step.
"""

from dataclasses import asdict, dataclass
from typing import Any, assert_never, final

from spikesweep.errors import UserError


@final
@dataclass(frozen=True)
class SpikingReLU:
    """Integrate-and-fire without leak: its rate is max(J, 0) in hertz, for any J.

    V += max(J, 0) * dt;  k = floor(V);  V -= k;  z = amplitude * k / dt

    More than one spike may fall into a step. Source: nengo.SpikingRectifiedLinear.
    """

    amplitude: float = 1.0


@final
@dataclass(frozen=True)
class LIF:
    """Leaky integrate-and-fire with a refractory period, at most one spike per step.

    d = clip(dt - r, 0, dt);  V += (V - J) * expm1(-d / tau_rc);  spike if V > 1
    r = tau_ref + tau_rc * log1p((1 - V) / (J - 1)) after a spike, else r - dt
    V = 0 after a spike, else max(V, min_voltage);  z = amplitude / dt after a spike

    tau_rc: membrane time constant (s); tau_ref: refractory period (s); r: time left
    of it (s). Source: nengo.LIF.
    """

    tau_rc: float = 0.02
    tau_ref: float = 0.002
    min_voltage: float = 0.0
    amplitude: float = 1.0


Neuron = SpikingReLU | LIF

# By the name that the config gives them.
NEURON_TYPES: dict[str, type[Neuron]] = {"spiking_relu": SpikingReLU, "lif": LIF}


def is_known(neuron: object) -> bool:
    """Whether its type is in `NEURON_TYPES`; a subclass is not: it may spike differently."""
    return type(neuron) in NEURON_TYPES.values()


def neuron_from(config: dict[str, Any]) -> Neuron:
    """The neuron that the config section `conversion` names, with the options given for it.

    Raises UserError for an unknown name.
    """
    name = config["neuron"]
    if name not in NEURON_TYPES:
        raise UserError(f"conversion.neuron: found {name!r}; allowed: {', '.join(NEURON_TYPES)}")
    return NEURON_TYPES[name](**config.get(name, {}))


def described(neuron: Neuron) -> dict[str, Any]:
    """A neuron as stored in a file: the name of its type, and its parameters."""
    return {"type": type(neuron).__name__, **asdict(neuron)}


def from_description(description: dict[str, Any]) -> Neuron:
    """The neuron that `described` wrote.

    Raises UserError for an unknown type.
    """
    name = description["type"]
    parameters = {key: value for key, value in description.items() if key != "type"}
    for kind in NEURON_TYPES.values():
        if kind.__name__ == name:
            return kind(**parameters)
    raise UserError(f"neurons of the unknown type {name}; known types are {type_names()}")


def type_names() -> str:
    """The names of all types, for messages."""
    return ", ".join(kind.__name__ for kind in NEURON_TYPES.values())


def is_rate_proportional(neuron: Neuron) -> bool:
    """Whether the firing rate is proportional to any positive current."""
    match neuron:
        case SpikingReLU():
            return True
        case LIF():
            return False
        case _:
            assert_never(neuron)


def saturated_interval_s(neuron: Neuron, dt: float) -> float:
    """Longest time (s) between two steps with a spike, of a neuron that fires as fast as it can.

    LIF: the refractory period and at most one step more.
    """
    match neuron:
        case SpikingReLU():
            return dt
        case LIF():
            return dt + neuron.tau_ref
        case _:
            assert_never(neuron)
