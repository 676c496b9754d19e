"""Nengo's missing neuron: integrate-and-fire of signed current, for any Nengo model.

    import nengo
    from spikesweep.conversion.integrate_and_fire import IntegrateAndFire

    nengo.Ensemble(50, 1, neuron_type=IntegrateAndFire())

`nengo.Simulator` needs nothing else. For NengoDL, importing `integrate_and_fire_builder` adds an
implementation in TensorFlow; without it NengoDL calls `step` here, which is correct but slow.
"""

from typing import Any, ClassVar

import nengo
import numpy as np
from nengo.dists import Uniform
from nengo.params import IntParam


class IntegrateAndFire(nengo.RectifiedLinear):
    """Integrate-and-fire without leak that integrates negative current as well.

        V += J * dt;  k = max(floor(V), 0), at most most_spikes_a_step;  V -= k

    and the output of the step is amplitude * k / dt. `nengo.SpikingRectifiedLinear` integrates
    max(J, 0): input that fluctuates around a small or negative mean makes it fire too often, and it
    needs a synapse that smooths the fluctuations. Here they cancel in V, which has no lower limit.

    most_spikes_a_step: None for as many as V holds; otherwise the surplus stays in V.
    amplitude, initial_state: as of `nengo.SpikingRectifiedLinear`.
    """

    state: ClassVar[dict[str, Any]] = {"voltage": Uniform(low=0, high=1)}
    spiking = True

    most_spikes_a_step = IntParam("most_spikes_a_step", low=1, optional=True)

    def __init__(
        self,
        most_spikes_a_step: int | None = None,
        amplitude: float = 1,
        initial_state: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(amplitude, initial_state)
        self.most_spikes_a_step = most_spikes_a_step

    def rates(self, x: Any, gain: Any, bias: Any) -> Any:
        """The rates of constant currents, amplitude * max(J, 0), below saturation."""
        return self.amplitude * np.maximum(self.current(x, gain, bias), 0)

    def step(
        self,
        dt: float,
        J: np.ndarray,  # noqa: N803 (Nengo passes it by name)
        output: np.ndarray,
        voltage: np.ndarray,
    ) -> None:
        """Advance `voltage` and fill `output`, both of (n_neurons,), by one time step."""
        voltage += J * dt
        spikes = np.clip(np.floor(voltage), 0, self.most_spikes_a_step)
        output[:] = (self.amplitude / dt) * spikes
        voltage -= spikes
