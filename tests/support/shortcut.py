"""A small network in which an identity path arrives one synapse earlier than the path beside it."""

import numpy as np

from spikesweep.snn.layers import Add, Dense, Input, Spiking
from spikesweep.snn.network import SpikingNetwork
from spikesweep.snn.neurons import SpikingReLU


def _spiking(name, source):
    return Spiking(name, (source,), (2,), SpikingReLU(), np.zeros(2, np.float32))


def with_a_shortcut():
    weights = np.eye(2, dtype=np.float32), np.zeros(2, np.float32)
    return SpikingNetwork(
        (
            Input("image", (), (2,)),
            _spiking("first", "image"),
            Dense("current", ("first",), (2,), *weights),
            _spiking("second", "current"),
            # The identity path arrives one synapse earlier.
            Add("sum", ("first", "second"), (2,)),
            _spiking("third", "sum"),
            Dense("scores", ("third",), (2,), *weights),
        ),
        seed=0,
        dt=0.001,
        input_scale=np.float32(1),
        input_offset=np.float32(0),
    )
