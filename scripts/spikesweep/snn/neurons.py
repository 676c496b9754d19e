"""The spiking neuron models, as NengoDL simulates them.

A new one is a dataclass here, a member of `Neuron` and an entry of `NEURON_TYPES`; then each
`match` that ends in `assert_never` asks for it: those below, and `conversion.to_nengo`. The
fused engine leaves it to NengoDL unless `simulation.fused.neurons` knows it.

Time advances in steps of `dt` seconds. J is the input current of a neuron after gain
(dimensionless), V its membrane voltage (firing threshold 1), z its output in the step.
"""

import math
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
class IntegrateAndFire:
    """Integrate-and-fire of signed current, without leak, with reset by subtraction.

    V += J * dt;  k = max(floor(V), 0), at most most_spikes_a_step;  V -= k;  z = amplitude * k / dt

    As the current of a step is not rectified, currents that change sign from step to step cancel
    in V; `SpikingReLU` fires on the positive ones alone, so that noise raises its rate. Without
    noise both fire at max(J, 0) hertz.

    most_spikes_a_step: None for as many as V holds; otherwise the surplus stays in V and is fired
        in later steps, so that rates end at most_spikes_a_step / dt.

    V has no lower limit, as in the code of Diehl et al. (2015, doi.org/10.1109/IJCNN.2015.7280696)
    and of Rueckauer et al. (2017, doi.org/10.3389/fnins.2017.00682). Both integrate signed current
    and spike where V >= 1, at most once a step; the first resets V to 0, the second subtracts 1, as
    here with most_spikes_a_step = 1.
    """

    most_spikes_a_step: int | None = None
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


Neuron = SpikingReLU | IntegrateAndFire | LIF

# By the name that the config gives them.
NEURON_TYPES: dict[str, type[Neuron]] = {
    "spiking_relu": SpikingReLU,
    "integrate_and_fire": IntegrateAndFire,
    "lif": LIF,
}

# Voltage at which all neurons start, by the name that the config gives it; None is a draw for each
# neuron. Half a spike is the mean of what rounding down leaves over, so that spike counts are
# rounded to the nearest instead of down (Deng and Gu 2021, arXiv 2103.00476).
STARTS: dict[str, float | None] = {"uniform": None, "half": 0.5, "zero": 0.0}


# Scales at which a bent rate is told.
_SCALES = (1, 10, 100, 1000)


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
    # YAML reads `none` as a word.
    options: dict[str, Any] = {
        option: None if value == "none" else value for option, value in config.get(name, {}).items()
    }
    return NEURON_TYPES[name](**options)


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
    """Whether the firing rate is proportional to any positive current that does not saturate it."""
    match neuron:
        case SpikingReLU() | IntegrateAndFire():
            return True
        case LIF():
            return False
        case _:
            assert_never(neuron)


def bending(neuron: Neuron) -> str | None:
    """What scaling does to neurons whose rate it bends, in sentences; None for all others."""
    if not isinstance(neuron, LIF):
        return None
    outputs = ", ".join(f"{_lif_output(neuron, scale):.3g} at scale {scale:g}" for scale in _SCALES)
    limit = f", and none fires faster than {1 / neuron.tau_ref:.0f} Hz" if neuron.tau_ref else ""
    return (
        "The rate of LIF neurons is not proportional to their current, so that scaling bends what "
        f"the network computes: a current below 1 / scale leaves a neuron silent{limit}. Outputs "
        f"depend on the amplitude as well, which is {neuron.amplitude:g}: a current of 1, which "
        f"the trained network passes on as 1, becomes {outputs} on average. No scale gives the "
        "trained network back, and the largest scale need not be the best."
    )


def _lif_output(neuron: LIF, scale: float) -> float:
    """Mean output for a current of 1. Source: the rate of nengo.LIF."""
    if scale <= 1:
        return 0.0
    interval = neuron.tau_ref + neuron.tau_rc * math.log1p(1 / (scale - 1))
    return neuron.amplitude / interval / scale


def saturated_interval_s(neuron: Neuron, dt: float) -> float:
    """Longest time (s) between two steps with a spike, of a neuron that fires as fast as it can.

    LIF: the refractory period and at most one step more.
    """
    match neuron:
        case SpikingReLU() | IntegrateAndFire():
            return dt
        case LIF():
            return dt + neuron.tau_ref
        case _:
            assert_never(neuron)
