"""How NengoDL simulates and trains `IntegrateAndFire`, in TensorFlow.

Importing this module is enough: NengoDL then knows the neuron.
"""

from typing import Any

import numpy as np
import tensorflow as tf

from spikesweep.conversion.compat import nengo_dl
from spikesweep.conversion.integrate_and_fire import IntegrateAndFire

_RectifiedLinearBuilder: Any = nengo_dl.neuron_builders.RectifiedLinearBuilder


class IntegrateAndFireBuilder(_RectifiedLinearBuilder):
    """Build a group of `IntegrateAndFire` neurons; in training they are rectified linear."""

    spiking = True

    def build_pre(self, signals: Any, config: Any) -> None:
        """Prepare what is constant; neurons of one group may differ in their parameters."""
        super().build_pre(signals, config)
        self._most = tf.constant(
            np.concatenate([_most(op.neurons, op.J.shape[0]) for op in self.ops]), signals.dtype
        )

    def step(self, J: Any, dt: Any, voltage: Any) -> tuple[Any, Any]:  # noqa: N803
        """Output and next voltage, both (minibatch, neurons); see `IntegrateAndFire`."""
        voltage += J * dt
        spikes = tf.minimum(tf.maximum(tf.floor(voltage), 0), self._most)
        return spikes * self.alpha, voltage - spikes

    def training_step(self, J: Any, dt: Any, **state: Any) -> Any:  # noqa: N803
        """The rate instead of spikes, which have no gradient."""
        return super().step(J, dt)


def _most(neurons: IntegrateAndFire, count: int) -> np.ndarray:
    """(count,), infinite for neurons without a limit."""
    limit = neurons.most_spikes_a_step
    return np.full(count, np.inf if limit is None else limit)


nengo_dl.neuron_builders.SimNeuronsBuilder.TF_NEURON_IMPL[IntegrateAndFire] = (
    IntegrateAndFireBuilder
)
